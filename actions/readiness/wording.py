"""What the self-assessment says: questions, levels, what was noted, the result. Every result says what it is not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from actions.readiness.store import Run
from knowledge.calendar import VIETNAM
from knowledge.readiness import (
    TOTAL,
    Form,
    Kind,
    Mark,
    Points,
    Question,
    QuestionScore,
    Rating,
    Readiness,
    Result,
    Rubric,
    Scale,
    Standing,
    standing,
)

LABEL = "Tự đánh giá, không phải điểm của hội đồng"
TITLE = "Tự đánh giá mức sẵn sàng"
FORM_NAMES = {Form.SHORT: "bản ngắn", Form.FULL: "bản đầy đủ", Form.PRODUCT: "phần sản phẩm"}
FORM_BUTTONS = {Form.SHORT: "Bản ngắn (7 câu)", Form.FULL: "Bản đầy đủ (17 hạng mục)"}
SCALE_BUTTONS = {"former": "Thang chế độ cũ", "baldrige": "Thang Baldrige"}

INTRO = (
    "Mình giúp bạn tự soi mức sẵn sàng theo bảy khía cạnh của nhóm tiêu chí quản trị (Điều 57 Nghị định 37/2026/NĐ-CP). Điểm của từng khía "
    "cạnh hiện hành chưa được công bố, nên mình dùng một thang tham khảo. Bạn dừng lúc nào cũng được, mình giữ lại để làm tiếp."
)
ASK_FORM = (
    "Bạn muốn làm bản ngắn (7 câu, mỗi khía cạnh một câu) hay bản đầy đủ (17 hạng mục, kỹ hơn nhưng lâu hơn nhiều)?"
)
ASK_SCALE = (
    "Bạn chọn thang tham khảo nào?\n- **Thang chế độ cũ**: bảng điểm bảy tiêu chí dùng đến 30/06/2026\n"
    "- **Thang Baldrige**: bộ Baldrige 2023–2024 của Hoa Kỳ"
)
PRODUCT_INTRO = "Phần sản phẩm, hàng hóa (nhóm b Điều 57) có ba câu. Chưa có thang điểm nào để dựa vào, nên phần này chỉ soi mức, không tính điểm."
ANSWER_HINT = "Bạn tự chấm mức mấy (0–4)? Có thể ghi phần trăm («40%») hoặc mỗi ý một mức («{example}»)."
NOT_UNDERSTOOD = (
    "Mình chưa hiểu câu trả lời. Bạn chọn một mức từ 0 đến 4, hoặc ghi như «có rồi», «mới làm sơ sơ», «40%»; không chấm được thì nhắn "
    "«bỏ qua», muốn nghỉ thì nhắn «dừng»."
)
FORM_NOT_UNDERSTOOD = "Mình chưa rõ bạn chọn bản nào."
SCALE_NOT_UNDERSTOOD = "Mình chưa rõ bạn chọn thang nào."
STOPPED = "Mình đã lưu phần bạn làm ({where}). Khi nào rảnh, kể cả vài tuần sau, bạn nhắn «tiếp tục tự đánh giá» là mình hỏi tiếp."
NO_QUESTION = "Bản này chỉ có {count} câu, nên không có câu {number}."
BACK_TO = "Quay lại câu {number}."
SKIPPED_NOTE = "Đã bỏ qua câu {number}; tổng điểm sẽ rộng hơn vì câu này chưa biết."
NO_RESULT = "Mình chưa có kết quả tự đánh giá nào của bạn. Mình bắt đầu một bản mới nhé."
REPORT = "Đây là báo cáo tự đánh giá ngày {day:%d/%m/%Y}: bản PDF để in, bản Word để viết tiếp."
NO_FILES = "Mình chưa tạo được hình và báo cáo lúc này. Bạn nhắn «kết quả tự đánh giá» để mình tạo lại nhé."
NO_SOURCE = (
    "Mô hình ADLI, LeTCI và các dải phần trăm là tham khảo theo Baldrige, không phải cách chấm chính thức của giải."
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The assessment that this one is compared with."""

    result: Result
    day: date


def resumed(run: Run, readiness: Readiness) -> str:
    """What is taken up again."""
    if run.form is None:
        return "Mình tiếp tục bản tự đánh giá lần trước."
    when = f", lần gần nhất {run.updated_at.astimezone(VIETNAM):%d/%m/%Y}" if run.updated_at else ""
    return f"Mình tiếp tục bản tự đánh giá đang làm dở ({progress(run, readiness)}{when})."


def progress(run: Run, readiness: Readiness) -> str:
    """«bản ngắn, đã qua 3/7 câu»."""
    if run.form is None:
        return "chưa chọn bản"
    return f"{FORM_NAMES[run.form]}, đã qua {len(run.ratings)}/{len(readiness.forms[run.form])} câu"


def question_text(question: Question, number: int, count: int, rubric: Rubric, with_levels: bool) -> str:
    """One question: what is asked, what to rate, what to have at hand, how to answer."""
    points = f" ({question.points} điểm)" if question.points else ""
    lines = [f"**Câu {number}/{count}. {question.title}**{points}", question.asks]
    lines += [f"{at}. {one.text}" for at, one in enumerate(question.statements, 1)]
    lines.append(f"Bằng chứng nên có: {question.evidence}.")
    example = "3 2 1" if len(question.statements) == 3 else "3 2"
    parts = ["\n".join(lines), ANSWER_HINT.format(example=example)]
    return "\n\n".join([parts[0], levels_text(rubric), parts[1]] if with_levels else parts)


def levels_text(rubric: Rubric) -> str:
    """The levels of one kind of question."""
    what = "cách làm" if rubric.kind is Kind.PROCESS else "kết quả"
    lines = [f"Các mức cho {what} ({rubric.title}, tham khảo Baldrige):"]
    return "\n".join([*lines, *(f"- **{one.level} {one.name}** ({one.percent}): {one.sign}" for one in rubric.bands)])


def level_button(rubric: Rubric, level: int) -> str:
    return f"{level} – {rubric.bands[level].name}"


def noted(score: QuestionScore, number: int, rubric: Rubric) -> str:
    """What was understood: «Câu 3: bạn chọn 2 → mức 2 Có nền nếp (30–45%), khoảng 32/85 điểm»."""
    share = score.share
    if share is None:
        return SKIPPED_NOTE.format(number=number)
    band = rubric.band_at(share.likely)
    points = ""
    if score.points is not None and score.question.points:
        points = f", {_about(score.points)}/{score.question.points} điểm"
    return f"Câu {number}: {_rated(score.rating, rubric)} → mức {band.level} {band.name} ({_range(share.low, share.high)}%){points}."


def running(result: Result) -> str:
    """The total so far, with what it is not."""
    if not result.rated:
        return ""
    return f"Tạm tính {_about(result.points)}/{thousands(result.rated)} điểm đã chấm ({LABEL[0].lower()}{LABEL[1:]})."


def total_line(result: Result) -> str:
    """The total as one number with its range, as a range, or that there are not enough answers for one."""
    low, high = result.span
    if result.complete:
        if low == high:
            return f"Tổng tự chấm: {thousands(low)}/{thousands(TOTAL)} điểm."
        return f"Tổng tự chấm: khoảng {thousands(result.points.likely)}/{thousands(TOTAL)} điểm ({thousands(low)}–{thousands(high)})."
    missing = ", ".join(one.question.title for one in result.questions if one.points is None)
    if result.enough:
        span = f"từ {thousands(low)} đến {thousands(high)}/{thousands(TOTAL)} điểm"
        return f"Tổng tự chấm: {span}, vì còn {result.skipped} điểm chưa chấm ({missing})."
    rated = f"mới chấm {thousands(result.rated)}/{thousands(TOTAL)} điểm, trong đó được {_about(result.points)}"
    return f"Chưa đủ để nêu tổng: {rated}. Chưa chấm: {missing}."


def aspect_lines(result: Result, readiness: Readiness) -> list[str]:
    """A line an aspect: points, percentage, band."""
    lines = []
    for one in result.aspects:
        if one.percent is None:
            lines.append(f"- {one.name}: chưa chấm (tối đa {one.most})")
            continue
        band = readiness.rubrics[one.aspect.kind].band_at(one.percent)
        part = "" if one.rated == one.most else f" (mới chấm {one.rated}/{one.most})"
        lines.append(
            f"- {one.name}: {one.points.likely}/{one.rated} điểm, {whole(one.percent)}%, mức {band.level} {band.name}{part}"
        )
    return lines


def gap_text(gap: QuestionScore, rubric: Rubric) -> tuple[str, str, str]:
    """A gap's head, what to do next, and what carries it further."""
    share = gap.share.likely if gap.share else Fraction(0)
    band = rubric.band_at(share)
    step = gap.question.begin if band.level < 2 else gap.question.improve
    weakest = _weakest(gap)
    head = f"{gap.question.title}: còn thiếu khoảng {gap.lost} điểm"
    return head, step, f"{band.advice}{f' Ý yếu nhất: {weakest}' if weakest else ''}"


def marks_text(marks: Iterable[Mark], law: str, since: date | None, result: Result) -> str:
    """What 600 and 800 mean under the law of the day, and where the own range lies."""
    known = sorted(marks, key=lambda one: one.points)
    if not known:
        return ""
    meaning = "; ".join(one.means for one in known)
    day = f", từ {since:%d/%m/%Y}" if since else ""
    text = f"Mốc của giải ({law}{day}): {meaning}. Đó là điểm do Hội đồng chấm; thang điểm chi tiết hiện hành chưa được công bố."
    if not result.enough:
        return text
    return f"{text} Khoảng tự chấm của bạn {_where(result.span, [one.points for one in known])}."


def comparison(result: Result, earlier: Earlier) -> str:
    """The change since an earlier assessment: the total, and the aspects that moved."""
    before = earlier.result
    form = "" if before.form is result.form else f" ({FORM_NAMES[before.form]})"
    parts = []
    if result.complete and before.complete:
        parts.append(f"tổng {signed(result.points.likely - before.points.likely)} điểm")
    moved = changes(result, before)
    for words, sign in (("tăng", 1), ("giảm", -1)):
        named = [f"{name} {signed(change)}" for name, change in moved if change * sign > 0]
        if named:
            parts.append(f"{words}: {', '.join(named)} điểm %")
    return f"So với lần {earlier.day:%d/%m/%Y}{form}: {'; '.join(parts) if parts else 'không đổi'}."


def changes(result: Result, before: Result) -> list[tuple[str, int]]:
    """Aspects rated both times with the change of their percentage, in the order of the aspects."""
    pairs = zip(result.aspects, before.aspects, strict=True)
    return [
        (now.aspect.short_name, whole(now.percent) - whole(then.percent))
        for now, then in pairs
        if now.percent is not None and then.percent is not None
    ]


def result_text(result: Result, readiness: Readiness, marks: str, day: date, earlier: Earlier | None) -> str:
    """The result as one message."""
    head = f"**Kết quả tự đánh giá {day:%d/%m/%Y}** ({FORM_NAMES[result.form]}, {result.scale.short_title.lower()})"
    parts = [f"{head}\n{total_line(result)}"]
    parts.append("\n".join(["Theo khía cạnh:", *aspect_lines(result, readiness)]))
    if gaps := [_gap_line(at, one, readiness) for at, one in enumerate(result.gaps, 1)]:
        parts.append("\n".join(["Khoảng trống lớn nhất và việc nên làm:", *gaps]))
    if marks:
        parts.append(marks)
    if earlier:
        parts.append(comparison(result, earlier))
    parts.append(scale_note(result.scale, result.form))
    return "\n\n".join(parts)


def product_text(ratings: Mapping[str, Rating], readiness: Readiness) -> str:
    """The three questions on the product: a level each, and what to do next."""
    lines = []
    for question in readiness.forms[Form.PRODUCT]:
        level, step = product_row(question, ratings, readiness)
        lines.append(f"- {question.title}: {level}. {step}")
    return "\n".join(["**Phần sản phẩm, hàng hóa** (nhóm b Điều 57; không tính điểm)", *lines])


def product_row(question: Question, ratings: Mapping[str, Rating], readiness: Readiness) -> tuple[str, str]:
    """The level in words, and the next step."""
    rubric = readiness.rubric(question)
    share = ratings.get(question.id, Rating()).share(rubric)
    if share is None:
        return "chưa chấm", question.begin
    band = rubric.band_at(share.likely)
    return f"mức {band.level} {band.name}", question.begin if band.level < 2 else question.improve


def scale_note(scale: Scale, form: Form) -> str:
    return f"{scale.note} {scale.full_note}" if form is Form.FULL else scale.note


def whole(percent: Fraction) -> int:
    """Half a percent counts as one."""
    return math.floor(percent + Fraction(1, 2))


def thousands(points: int) -> str:
    return f"{points:,}".replace(",", ".")


def points_range(points: Points) -> str:
    return thousands(points.low) if points.low == points.high else f"{thousands(points.low)}–{thousands(points.high)}"


def _gap_line(at: int, gap: QuestionScore, readiness: Readiness) -> str:
    head, step, further = gap_text(gap, readiness.rubric(gap.question))
    return f"{at}. **{head}.** {step} {further}"


def _weakest(gap: QuestionScore) -> str:
    """The statement that was rated lowest, where they were rated one by one and differ."""
    levels = gap.rating.levels
    if len(set(levels)) < 2:
        return ""
    return gap.question.statements[levels.index(min(levels))].text


def _rated(rating: Rating, rubric: Rubric) -> str:
    if rating.percent is not None:
        low, high = rating.percent
        return f"{low}%" if low == high else f"{low}–{high}%"
    if len(rating.levels) > 1:
        return f"các mức {', '.join(map(str, rating.levels))}"
    return f"bạn chọn {rubric.bands[rating.levels[0]].level}"


def _about(points: Points) -> str:
    if points.low == points.high:
        return thousands(points.likely)
    return f"khoảng {thousands(points.likely)}"


def _range(low: Fraction, high: Fraction) -> str:
    return f"{whole(low)}" if low == high else f"{whole(low)}–{whole(high)}"


def _where(span: tuple[int, int], marks: list[int]) -> str:
    """Where a range lies among the marks: «trên mốc 600, dưới mốc 800»."""
    words = {Standing.BELOW: "dưới mốc", Standing.ABOVE: "trên mốc", Standing.ASTRIDE: "có thể dưới hoặc trên mốc"}
    found = [standing(span, mark) for mark in marks]
    if len(set(found)) == 1 and len(marks) == 2:
        both = {
            Standing.BELOW: "dưới cả hai mốc",
            Standing.ABOVE: "trên cả hai mốc",
            Standing.ASTRIDE: "trải qua cả hai mốc",
        }
        return both[found[0]]
    return ", ".join(f"{words[one]} {mark}" for one, mark in zip(found, marks, strict=True))


def signed(change: int) -> str:
    return f"+{change}" if change > 0 else f"−{-change}" if change < 0 else "0"
