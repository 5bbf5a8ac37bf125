"""Why a file is refused: one situation, one sentence in Vietnamese that names the remedy.

A refusal ends the import before anything is proposed; what a person may still decide on is a finding of the report instead.
The sentences are here and nowhere else, so that the console, the command line and the tests say the same words.
"""

from __future__ import annotations

from enum import StrEnum

from knowledge.errors import KnowledgeError


class Situation(StrEnum):
    """The ways in which a file can't be read; the names are those of the samples' manifest where it has one."""

    EMPTY_FILE = "EmptyFile"
    DAMAGED_FILE = "DamagedFile"
    WRONG_FORMAT = "WrongFormat"
    UNSUPPORTED_FORMAT = "UnsupportedFormat"
    TOO_LARGE = "TooLarge"
    TOO_LARGE_UNPACKED = "TooLargeUnpacked"
    FORBIDDEN_XML = "ForbiddenXml"
    LEGACY_ENCODING = "LegacyEncoding"
    PARAGRAPH_TOO_LONG = "ParagraphTooLong"
    NO_TEXT_LAYER = "NoTextLayer"
    ENCRYPTED = "Encrypted"
    LIMIT_EXCEEDED = "LimitExceeded"


_SENTENCES = {
    Situation.EMPTY_FILE: "Tệp rỗng: hãy tải lại tệp từ nơi đăng rồi nhập lại.",
    Situation.DAMAGED_FILE: "Tệp hỏng hoặc bị cắt ({detail}): hãy tải lại tệp từ nơi đăng rồi nhập lại.",
    Situation.WRONG_FORMAT: "Nội dung không phải định dạng như tên tệp ({detail}): hãy chọn đúng tệp, hoặc lưu lại "
    "đúng định dạng rồi nhập lại.",
    Situation.UNSUPPORTED_FORMAT: "Không nhập được loại tệp này ({detail}): hãy lưu thành .docx, .pdf có lớp chữ, .html, "
    ".md hoặc .txt rồi nhập lại.",
    Situation.TOO_LARGE: "Tệp quá lớn ({detail}): hãy bỏ ảnh hoặc chia tệp theo chương rồi nhập từng phần.",
    Situation.TOO_LARGE_UNPACKED: "Tệp bung ra quá lớn ({detail}): hãy tải lại từ nguồn chính thức, hoặc lưu thành .txt "
    "rồi nhập lại.",
    Situation.FORBIDDEN_XML: "Tệp có XML với DOCTYPE hoặc thực thể, là dấu hiệu của tệp gây hại: hãy tải lại từ nguồn "
    "chính thức, hoặc mở bằng trình soạn thảo và lưu thành .docx mới.",
    Situation.LEGACY_ENCODING: "Không đọc được bảng mã của tệp ({detail}): hãy chuyển sang Unicode (UTF-8) rồi nhập lại.",
    Situation.PARAGRAPH_TOO_LONG: "Có đoạn dài bất thường ({detail}): hãy tách đoạn xuống dòng theo điều, khoản rồi nhập "
    "lại.",
    Situation.NO_TEXT_LAYER: "Tệp PDF không có lớp chữ, chỉ có ảnh quét: hãy lấy bản có chữ từ Công báo, hoặc bản .docx.",
    Situation.ENCRYPTED: "Tệp có mật khẩu: hãy bỏ mật khẩu rồi nhập lại.",
    Situation.LIMIT_EXCEEDED: "Đọc tệp vượt giới hạn cho phép ({detail}): hãy lưu thành .docx hoặc .txt gọn hơn, hoặc chia "
    "tệp theo chương, rồi nhập lại.",
}


class ImportRefused(KnowledgeError):
    """The file can't become a proposal; `situation` says why, the message what to do."""

    def __init__(self, situation: Situation, detail: str = "") -> None:
        self.situation = situation
        self.detail = detail
        super().__init__(_SENTENCES[situation].format(detail=detail or "không rõ chi tiết"))
