"""Channels as officers read them."""

CHANNEL_WORDS = {
    "web": "Trang chat",
    "telegram": "Telegram",
    "zalobot": "Zalo Bot",
    "zalooa": "Zalo OA",
    "rest": "Kết nối REST",
    "socketio": "Kết nối socket.io",
    "deepchat": "Kết nối deep-chat",
}
