"""A result as a report to keep: the charts, and the document that both PDF and DOCX are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from actions.documents.content import Block, Bullets, Column, Document, Figure, Heading, Table, Text, Tone
from actions.documents.pdf import render_pdf
from actions.documents.word import MEDIA_TYPE, render_docx
from actions.files import KeptFile
from actions.readiness import wording
from actions.readiness.pictures import Chart, PictureFormat, Ray, bars_height, draw_bars, draw_radar
from actions.readiness.wording import LABEL, TITLE, Earlier, whole
from knowledge.readiness import AspectScore, Form, Question, QuestionScore, Rating, Readiness, Result


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report tells. `marks` is what 600 and 800 mean, `product` the ratings on the product."""

    result: Result
    readiness: Readiness
    day: date
    marks: str
    earlier: Earlier | None = None
    product: Mapping[str, Rating] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn chart with words for those who don't see it."""

    file: KeptFile
    title: str
    alt: str


def pictures(report: Report, form: PictureFormat) -> tuple[Picture, Picture]:
    """Radar and bars. Blocks for some 100 ms each."""
    stem = f"tu-danh-gia-{report.day.isoformat()}"
    radar, bars = _radar_chart(report), _bars_chart(report)
    return (
        Picture(
            KeptFile(f"{stem}-rada.{form}", form.media_type, draw_radar(radar, form)),
            "Biểu đồ rađa bảy khía cạnh",
            _alt("Biểu đồ rađa", radar),
        ),
        Picture(
            KeptFile(f"{stem}-cot.{form}", form.media_type, draw_bars(bars, form)),
            "Biểu đồ cột theo khía cạnh" if report.result.form is Form.SHORT else "Biểu đồ cột theo hạng mục",
            _alt("Biểu đồ cột", bars),
        ),
    )


def documents(report: Report, radar: Picture, bars: Picture) -> tuple[KeptFile, KeptFile]:
    """PDF and DOCX of the same content, with the pictures as PNG. Blocks for some 100 ms."""
    document = describe(report, radar, bars)
    stem = f"tu-danh-gia-{report.day.isoformat()}"
    return (
        KeptFile(f"{stem}.pdf", "application/pdf", render_pdf(document)),
        KeptFile(f"{stem}.docx", MEDIA_TYPE, render_docx(document)),
    )


def describe(report: Report, radar: Picture, bars: Picture) -> Document:
    """What the report says, in order."""
    result = report.result
    return Document(
        title="Báo cáo tự đánh giá mức sẵn sàng",
        subtitle=f"Giải thưởng chất lượng quốc gia · {_form(result)} · {result.scale.title} (tham khảo)",
        label=LABEL,
        made_on=report.day,
        blocks=(
            Text("Đơn vị: ………………………………………………………   Người chấm: ………………………………"),
            Text(wording.total_line(result), Tone.STRONG),
            Text(wording.scale_note(result.scale, result.form), Tone.QUIET),
            Heading("Điểm theo khía cạnh"),
            _aspects(report),
            Text(report.marks),
            *_gaps(report),
            *_figures(report, radar, bars),
            *_comparison(report),
            Heading("Từng câu và bằng chứng nên chuẩn bị"),
            _questions(report),
            *_product(report),
            *_reading(report),
        ),
    )


def _radar_chart(report: Report) -> Chart:
    earlier = report.earlier.result.aspects if report.earlier else ()
    before = {one.aspect.id: one.percent for one in earlier}
    rays = tuple(_ray_of_aspect(one, before.get(one.aspect.id)) for one in report.result.aspects)
    return _chart(report, rays)


def _bars_chart(report: Report) -> Chart:
    if report.result.form is Form.SHORT:
        return _radar_chart(report)
    shares = {}
    if report.earlier and report.earlier.result.form is Form.FULL:
        shares = {one.question.id: one.share.likely for one in report.earlier.result.questions if one.share}
    rays = tuple(_ray_of_question(one, shares.get(one.question.id)) for one in report.result.questions)
    return _chart(report, rays, compared=bool(shares))


def _chart(report: Report, rays: tuple[Ray, ...], compared: bool = True) -> Chart:
    result = report.result
    subtitle = f"{_form(result)} · {result.scale.short_title} (tham khảo) · {report.day:%d/%m/%Y}"
    earlier = f"lần trước, {report.earlier.day:%d/%m/%Y}" if report.earlier and compared else ""
    return Chart(TITLE, subtitle, LABEL, rays, earlier)


def _form(result: Result) -> str:
    return wording.FORM_NAMES[result.form].capitalize()


def _ray_of_aspect(score: AspectScore, before: Fraction | None) -> Ray:
    name, earlier = score.aspect.short_name, None if before is None else float(before)
    if score.percent is None:
        return Ray(name, None, None, None, earlier, f"–/{score.most}")
    low, high = (100 * points / score.rated for points in (score.points.low, score.points.high))
    return Ray(name, low, float(score.percent), high, earlier, f"{score.points.likely}/{score.rated}")


def _ray_of_question(score: QuestionScore, before: Fraction | None) -> Ray:
    name = f"{score.question.id.removeprefix('full.')} {score.question.title}"
    earlier = None if before is None else float(before)
    if score.share is None or score.points is None:
        return Ray(name, None, None, None, earlier, f"–/{score.question.points}")
    low, likely, high = map(float, (score.share.low, score.share.likely, score.share.high))
    return Ray(name, low, likely, high, earlier, f"{score.points.likely}/{score.question.points}")


def _alt(what: str, chart: Chart) -> str:
    values = [
        f"{ray.name} {'chưa chấm' if ray.likely is None else f'{whole(Fraction(ray.likely))}%'}" for ray in chart.rays
    ]
    return f"{what}, {chart.label.lower()}: {'; '.join(values)}."


def _aspects(report: Report) -> Table:
    rows = []
    for one in report.result.aspects:
        if one.percent is None:
            rows.append((one.name, str(one.most), "–", "–", "chưa chấm"))
            continue
        band = report.readiness.rubrics[one.aspect.kind].band_at(one.percent)
        part = "" if one.rated == one.most else f" (mới chấm {one.rated} điểm)"
        reached = f"{one.points.likely} ({wording.points_range(one.points)})"
        rows.append((one.name, str(one.most), reached, f"{whole(one.percent)}%", f"{band.level} {band.name}{part}"))
    result = report.result
    total = f"{result.points.likely} ({wording.points_range(result.points)})"
    percent = f"{whole(Fraction(100 * result.points.likely, result.rated))}%" if result.rated else "–"
    rows.append(("Cộng phần đã chấm", wording.thousands(result.rated), total, percent, ""))
    columns = (
        Column("Khía cạnh", 0.37),
        Column("Tối đa", 0.1, right=True),
        Column("Tự chấm (khoảng)", 0.21, right=True),
        Column("Tỷ lệ", 0.1, right=True),
        Column("Mức", 0.22),
    )
    return Table(columns, tuple(rows), total=True)


def _figures(report: Report, radar: Picture, bars: Picture) -> tuple[Block, ...]:
    height = bars_height(len(_bars_chart(report).rays))
    width = min(12.0, 21.5 * 6 / height)
    return (
        Heading("Biểu đồ"),
        Figure(radar.file.content, 11.0, 11.0, radar.alt),
        Figure(bars.file.content, width, width * height / 6, bars.alt),
    )


def _gaps(report: Report) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for at, gap in enumerate(report.result.gaps, 1):
        head, step, further = wording.gap_text(gap, report.readiness.rubric(gap.question))
        blocks.append(Text(f"{at}. {head}", Tone.STRONG))
        blocks.append(Bullets((f"Việc nên làm: {step}", further, f"Bằng chứng nên có: {gap.question.evidence}.")))
    return (Heading("Khoảng trống lớn nhất và việc nên làm"), *blocks) if blocks else ()


def _comparison(report: Report) -> tuple[Block, ...]:
    if report.earlier is None:
        return ()
    before = {one.aspect.id: one.percent for one in report.earlier.result.aspects}
    rows = []
    for one in report.result.aspects:
        then, now = before[one.aspect.id], one.percent
        change = "–" if then is None or now is None else wording.signed(whole(now) - whole(then))
        rows.append((one.aspect.name, _percent(then), _percent(now), change))
    columns = (
        Column("Khía cạnh", 0.46),
        Column(f"Lần {report.earlier.day:%d/%m/%Y}", 0.2, right=True),
        Column("Lần này", 0.16, right=True),
        Column("Thay đổi", 0.18, right=True),
    )
    return (
        Heading("So với lần trước"),
        Text(wording.comparison(report.result, report.earlier)),
        Table(columns, tuple(rows)),
    )


def _percent(percent: Fraction | None) -> str:
    return "chưa chấm" if percent is None else f"{whole(percent)}%"


def _questions(report: Report) -> Table:
    rows = tuple(_question_row(one, report.readiness) for one in report.result.questions)
    columns = (
        Column("Hạng mục", 0.3),
        Column("Mức", 0.18),
        Column("Điểm", 0.13, right=True),
        Column("Bằng chứng nên chuẩn bị", 0.39),
    )
    return Table(columns, rows)


def _question_row(score: QuestionScore, readiness: Readiness) -> tuple[str, ...]:
    question = score.question
    number = f"{question.id.partition('.')[2]} "
    if score.share is None or score.points is None:
        return f"{number}{question.title}", "chưa chấm", f"–/{question.points}", question.evidence
    band = readiness.rubric(question).band_at(score.share.likely)
    points = f"{score.points.likely}/{question.points}"
    return f"{number}{question.title}", f"{band.level} {band.name}", points, question.evidence


def _product(report: Report) -> tuple[Block, ...]:
    if not report.product:
        return ()
    rows = tuple(_product_row(one, report) for one in report.readiness.forms[Form.PRODUCT])
    columns = (Column("Ý", 0.26), Column("Mức", 0.2), Column("Việc nên làm", 0.54))
    return (
        Heading("Nhóm b: sản phẩm, hàng hóa (không tính điểm)"),
        Table(columns, rows),
    )


def _product_row(question: Question, report: Report) -> tuple[str, ...]:
    return question.title, *wording.product_row(question, report.product, report.readiness)


def _reading(report: Report) -> tuple[Block, ...]:
    lines = []
    for rubric in report.readiness.rubrics.values():
        factors = "; ".join(f"{one.letter} – {one.name}: {one.looks_for}" for one in rubric.factors)
        bands = "; ".join(f"mức {one.level} {one.name} {one.percent}" for one in rubric.bands)
        lines.append(f"{rubric.title}. {factors}. Các dải: {bands}.")
    skipped = "Câu bỏ qua được tính là chưa biết: cận dưới không cộng điểm nào, cận trên cộng đủ điểm. Số ghi trước ngoặc là điểm giữa của khoảng."
    return (Heading("Cách đọc báo cáo này"), Bullets((*lines, skipped, wording.NO_SOURCE)))
