"""What the dossier checklist says, in the chat and as a document; the current rules and former ones stay apart everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from actions.documents.content import Block, Check, Checks, CheckState, Document, Heading, Text, Tone
from actions.dossier.store import Dossier, Mark
from actions.sentences import CONFIDENCE, VI
from knowledge.dossier import Case, Checklist, Item, Part

LABEL = "Danh sách gợi ý để tự chuẩn bị, không thay cho hướng dẫn chính thức"
TITLE = "Danh sách chuẩn bị hồ sơ"
FORMER = "Tham khảo, không phải yêu cầu hiện hành"
INTRO = "Mình mở danh sách chuẩn bị hồ sơ cho bạn. Xong mục nào thì nhắn, ví dụ «mục 4 xong» hoặc «xong giấy phép rồi»; mình lưu lại."
RESUMED = "Đây là danh sách của bạn, mình giữ các mục đã đánh dấu."
HINT = "Bạn nhắn «mục 4 xong», «mục 8 không áp dụng», «còn thiếu gì», «xuất file» hoặc «dừng»."
WHICH = "Bạn muốn đánh dấu mục nào? Nhắn số mục giúp mình, ví dụ «mục 4 xong»."
WHICH_OF = "Mình thấy vài mục giống vậy, bạn chọn giúp mình:"
NO_SUCH = "Danh sách không có mục {numbers}."
NOT_UNDERSTOOD = f"Mình chưa rõ ý bạn. {HINT}"
STOPPED = "Mình đã lưu danh sách ({progress}). Khi cần, bạn nhắn «hồ sơ của tôi»."
EMPTIED = "Mình đã xóa hết dấu, danh sách bắt đầu lại."
NOTHING_MISSING = "Các mục theo quy định hiện hành đều đã xong. Bạn vẫn nên hỏi lại nơi nhận hồ sơ trước khi nộp."
NEVER_WON = "theo bài kiểm tra điều kiện, đơn vị chưa từng đạt giải"
SERVICES = (
    "Đơn vị làm dịch vụ: Nghị định 37/2026/NĐ-CP chỉ nói «sản phẩm, hàng hóa», nên hãy hỏi cơ quan thường trực trước."
)
NO_FILES = "Mình chưa tạo được tệp lúc này, bạn thử lại sau ít phút nhé."
EXPORTED = "Đây là danh sách của bạn ({progress}), bản PDF để in và bản Word để sửa."

_SIGNS = {None: "☐", Mark.DONE: "☑", Mark.NOT_NEEDED: "–"}
_DONE = {Mark.DONE: "đã xong", Mark.NOT_NEEDED: "không áp dụng", None: "chưa xong"}
_STATES = {None: CheckState.TODO, Mark.DONE: CheckState.DONE, Mark.NOT_NEEDED: CheckState.NOT_NEEDED}


@dataclass(frozen=True, slots=True)
class Board:
    """A checklist with a person's marks, and what is known of the person's case."""

    checklist: Checklist
    dossier: Dossier
    won_before: bool | None = None
    only_services: bool = False
    deadlines: tuple[str, ...] = ()

    def mark(self, item: Item) -> Mark | None:
        """What was said of it; an item of another case than the person's needs nothing."""
        said = self.dossier.marks.get(item.id)
        return Mark.NOT_NEEDED if said is None and self.not_concerned(item) else said

    def not_concerned(self, item: Item) -> bool:
        return item.case is Case.WON_BEFORE and self.won_before is False

    def settled(self, items: Iterable[Item]) -> int:
        return sum(self.mark(item) is not None for item in items)

    def todo(self, items: Iterable[Item]) -> list[Item]:
        return [item for item in items if self.mark(item) is None]


def progress(board: Board) -> str:
    """«xong 2/11 mục», what former rules asked for apart."""
    current = board.checklist.current_items()
    return f"xong {board.settled(current)}/{len(current)} mục"


def list_text(board: Board) -> str:
    """The whole list for the chat."""
    parts = [_head(board), *(_part_text(board, part) for part in board.checklist.current)]
    if board.checklist.former:
        parts += [_former_text(board, part) for part in board.checklist.former]
    return "\n\n".join(parts)


def changed_text(board: Board, items: Sequence[Item]) -> str:
    """What was ticked off, and how far the list is."""
    lines = [
        f"{_SIGNS[board.mark(one)]} {board.checklist.number(one)}. {one.text}: {_DONE[board.mark(one)]}"
        for one in items
    ]
    return "\n".join([*lines, f"Hiện {progress(board)}."])


def missing_text(board: Board) -> str:
    """What is still to do, what nobody can do yet apart."""
    todo = board.todo(board.checklist.current_items())
    if not todo:
        return NOTHING_MISSING
    ready = [item for item in todo if not item.awaited]
    waiting = [item for item in todo if item.awaited]
    parts = [f"Bạn đã {progress(board)}."]
    if ready:
        parts.append("\n".join(["**Làm được ngay:**", *(_line(board, item) for item in ready)]))
    if waiting:
        lines = [f"{_line(board, item)} ({_lowered(item.awaited)})" for item in waiting]
        parts.append("\n".join(["**Còn phải chờ hướng dẫn:**", *lines]))
    return "\n\n".join(parts)


def item_text(board: Board, item: Item) -> str:
    """One item with what is known of it."""
    part = next(one for one in board.checklist.parts if item in one.items)
    former = part in board.checklist.former
    words = [f"**Mục {board.checklist.number(item)}. {item.text}** ({_DONE[board.mark(item)]})"]
    words += [one for one in (item.detail, item.awaited) if one]
    if item.awaited and part.where:
        words.append(f"Theo dõi: {part.where}.")
    if former:
        words.append(f"{FORMER}: mục này thuộc {_lowered(part.title)} ({part.valid.words()}).")
    elif CONFIDENCE[VI][part.confidence]:
        words.append(CONFIDENCE[VI][part.confidence])
    return "\n".join(words)


def describe(board: Board, made_on: date) -> Document:
    """The list as a document."""
    blocks: list[Block] = [
        Text("Đơn vị: ………………………………………………………   Người phụ trách: ……………………………"),
        Text(f"{progress(board)[0].upper()}{progress(board)[1:]}.", Tone.STRONG),
    ]
    blocks += [Text(one, Tone.QUIET) for one in _remarks(board)]
    for part in board.checklist.current:
        blocks += [Heading(part.title), Text(_intro(part), Tone.QUIET), _checks(board, part)]
    for part in board.checklist.former:
        title = f"{FORMER}: {_lowered(part.title)}"
        blocks += [Heading(title), Text(_intro(part), Tone.QUIET), _checks(board, part)]
    return Document(TITLE, f"Giải thưởng chất lượng quốc gia · {_season(board)}", LABEL, made_on, tuple(blocks))


def _head(board: Board) -> str:
    lines = [f"**{TITLE}** ({_season(board)}; {progress(board)})", *_remarks(board)]
    return "\n".join(lines)


def _remarks(board: Board) -> list[str]:
    deadlines = "; ".join(board.deadlines)
    known = (
        f"Mốc đã công bố: {deadlines}."
        if deadlines
        else "Hạn đăng ký, hạn nộp: chưa có ngày nào được công bố trong nguồn của mình."
    )
    return [known, *([SERVICES] if board.only_services else [])]


def _season(board: Board) -> str:
    season = board.dossier.season
    return f"mùa giải {season}" if season else "mùa giải tới"


def _part_text(board: Board, part: Part) -> str:
    lines = [f"**{part.title}**", _intro(part), *(_signed_line(board, item) for item in part.items)]
    return "\n".join(lines)


def _former_text(board: Board, part: Part) -> str:
    lines = [f"**{FORMER}: {_lowered(part.title)}**", _intro(part), *(_signed_line(board, item) for item in part.items)]
    return "\n".join(lines)


def _intro(part: Part) -> str:
    return f"{part.intro} Theo dõi: {part.where}." if part.where else part.intro


def _signed_line(board: Board, item: Item) -> str:
    remark = f" ({_lowered(item.awaited)})" if item.awaited and board.mark(item) is None else ""
    if board.not_concerned(item) and item.id not in board.dossier.marks:
        remark = f" ({NEVER_WON})"
    elif item.case is Case.WON_BEFORE and board.won_before is None:
        remark = " (nếu đã từng đạt giải)"
    return f"{_SIGNS[board.mark(item)]} {board.checklist.number(item)}. {item.text}{remark}"


def _line(board: Board, item: Item) -> str:
    return f"- {board.checklist.number(item)}. {item.text}"


def _checks(board: Board, part: Part) -> Checks:
    return Checks(tuple(_check(board, item) for item in part.items))


def _check(board: Board, item: Item) -> Check:
    remark = NEVER_WON[0].upper() + NEVER_WON[1:] + "." if board.not_concerned(item) else ""
    detail = " ".join(one for one in (item.detail, item.awaited, remark) if one)
    return Check(_STATES[board.mark(item)], f"{board.checklist.number(item)}. {item.text}", detail)


def _lowered(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")
