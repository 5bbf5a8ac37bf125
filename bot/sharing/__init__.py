"""What several chat servers share through Redis: limits, live events, and who works on a conversation (docs/decisions/0015)."""

from bot.sharing.locks import Alone, ConversationLocks
from bot.sharing.sharing import NotShared, SharedByRedis, Sharing, open_sharing

__all__ = ["Alone", "ConversationLocks", "NotShared", "SharedByRedis", "Sharing", "open_sharing"]
