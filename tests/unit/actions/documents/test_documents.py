"""Pictures and documents: the label on each page, every letter drawn, nothing off the page, alt texts, the same bytes each time."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import docx
import pypdfium2
import pytest
from PIL import Image

from actions.documents.content import Document
from actions.documents.pdf import render_pdf
from actions.documents.word import render_docx
from actions.dossier import wording as dossier_wording
from actions.dossier.store import Dossier, Mark
from actions.dossier.wording import Board
from actions.readiness import wording
from actions.readiness.pictures import PictureFormat
from actions.readiness.report import Report, describe, pictures
from knowledge.dossier import checklist_on
from knowledge.dossier_files import read_dossier
from knowledge.readiness import Form, Rating
from knowledge.readiness_files import read_readiness
from shipped import ROOT

DAY = date(2026, 11, 22)
CONTENT = read_readiness()


def report(form: Form, skipped: tuple[str, ...] = ()) -> Report:
    levels = {one.id: Rating((at % 5,)) for at, one in enumerate(CONTENT.forms[form]) if one.id not in skipped}
    result = CONTENT.score(form, CONTENT.scales[0], levels)
    before = CONTENT.score(form, CONTENT.scales[0], {one.id: Rating((1,)) for one in CONTENT.forms[form]})
    product = {one.id: Rating((2,)) for one in CONTENT.forms[Form.PRODUCT]}
    marks = wording.marks_text(CONTENT.marks_on(DAY), "Nghị định 37/2026/NĐ-CP", date(2026, 1, 23), result)
    return Report(result, CONTENT, DAY, marks, wording.Earlier(before, date(2026, 5, 12)), product)


def _assessment() -> Document:
    full = report(Form.FULL, ("full.5.2",))
    return describe(full, *pictures(full, PictureFormat.PNG))


def _dossier() -> Document:
    marks = {"thanh-lap": Mark.DONE, "giai-truoc": Mark.NOT_NEEDED}
    return dossier_wording.describe(Board(checklist_on(read_dossier(), DAY), Dossier(2027, marks)), DAY)


@pytest.fixture(scope="module", params=[_assessment, _dossier], ids=["assessment", "dossier"])
def document(request: pytest.FixtureRequest) -> Document:
    made: Document = request.param()
    return made


def pages_of(content: bytes) -> tuple[list[str], list[Image.Image]]:
    with pypdfium2.PdfDocument(content) as pdf:
        return (
            [page.get_textpage().get_text_range() for page in pdf],
            [page.render(scale=1).to_pil().convert("L") for page in pdf],
        )


def darkest(image: Image.Image, box: tuple[int, int, int, int] | None = None) -> int:
    """0 is black, 255 white."""
    return min(image.crop(box).tobytes())


def check_pages(document: Document, texts: list[str], images: list[Image.Image]) -> None:
    assert 1 < len(texts) < 9
    for number, (text, image) in enumerate(zip(texts, images, strict=True), 1):
        assert document.label in " ".join(text.split())
        assert f"Trang {number}/{len(texts)}" in text
        width, height = image.size
        for box in (
            (0, 0, 40, height),
            (width - 40, 0, width, height),
            (0, 0, width, 20),
            (0, height - 20, width, height),
        ):
            assert darkest(image, box) > 200, "something is drawn into the margin"
        assert darkest(image) < 100, "the page is empty"
    whole = " ".join(" ".join(texts).split())
    assert document.title in whole and "\ufffd" not in whole


def test_the_pdf_has_its_label_and_letters_on_every_page(document: Document) -> None:
    content = render_pdf(document)
    texts, images = pages_of(content)
    check_pages(document, texts, images)
    assert render_pdf(document) == content
    assert b"DejaVuSans" in content and len(content) < 1_000_000


def test_the_docx_says_the_same(document: Document) -> None:
    file = docx.Document(io.BytesIO(render_docx(document)))
    assert file.sections[0].header.paragraphs[0].text == document.label
    assert file.paragraphs[0].text == document.title
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    assert len(cells) > 10 and all("\n\n" not in one for one in cells)
    for picture in file.inline_shapes:
        assert "không phải điểm của hội đồng" in picture._inline.docPr.get("descr")


@pytest.mark.timeout(300)
def test_libreoffice_draws_the_docx_right(document: Document, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip(
            "LibreOffice is not installed (apt-get install libreoffice-writer-nogui); the DOCX is checked without it"
        )
    (tmp_path / "x.docx").write_bytes(render_docx(document))
    own = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, own, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "x.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    check_pages(document, *pages_of((tmp_path / "x.pdf").read_bytes()))


@pytest.mark.parametrize("form", [Form.SHORT, Form.FULL])
def test_pictures_fit_a_phone_and_have_words(form: Form) -> None:
    made = report(form)
    for drawn in pictures(made, PictureFormat.PNG):
        with Image.open(io.BytesIO(drawn.file.content)) as image:
            grey = image.convert("L")
            assert grey.width == 1080 and 1080 <= grey.height <= 2000
            edges = (
                (0, 0, 20, grey.height),
                (1060, 0, 1080, grey.height),
                (0, 0, 1080, 20),
                (0, grey.height - 10, 1080, grey.height),
            )
            assert all(darkest(grey, box) > 200 for box in edges), "a label is cut off"
        assert len(drawn.file.content) < 200_000
        assert "không phải điểm của hội đồng" in drawn.alt and "%" in drawn.alt


def test_the_same_picture_has_the_same_bytes() -> None:
    made = report(Form.SHORT)
    for form in PictureFormat:
        first, second = (pictures(made, form) for _ in range(2))
        assert [one.file.content for one in first] == [one.file.content for one in second]


def test_svg_loads_nothing_and_runs_nothing() -> None:
    for drawn in pictures(report(Form.SHORT), PictureFormat.SVG):
        text = drawn.file.content.decode()
        assert "<script" not in text and "<image" not in text and "url(http" not in text


def test_a_server_that_draws_nothing_loads_nothing_for_it() -> None:
    program = (
        "import sys, bot.app; print([one for one in ('matplotlib', 'reportlab', 'docx', 'PIL') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
