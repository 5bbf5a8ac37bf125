"""What each reader makes of the layout of its format, and what it leaves out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from knowledge.importing.blocks import Block, Paragraph, Table
from knowledge.importing.docx_reader import read_docx
from knowledge.importing.errors import ImportRefused, Situation
from knowledge.importing.html_reader import read_html
from knowledge.importing.package import check_xml, read_package
from knowledge.importing.pdf_reader import read_pdf
from knowledge.importing.text_reader import read_front_matter, read_markdown, read_text

SAMPLES = Path(__file__).parents[3] / "samples" / "regulations"
SHOWN, WHITE, DARK = '<w:vanish w:val="0"/>', '<w:color w:val="FFFFFF"/>', '<w:shd w:fill="1F3864"/>'
TINY, STYLED = '<w:sz w:val="2"/>', '<w:rStyle w:val="An"/>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def texts(blocks: list[Block]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def codes(findings: list) -> set[str]:  # type: ignore[type-arg]
    return {str(one.code) for one in findings}


def docx(body: str, **parts: str) -> bytes:
    """The sample file with another body, and further parts by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(SAMPLES / "giai-mau.docx") as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if name != "word/document.xml":
                new.writestr(name, old.read(name))
        new.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, part in parts.items():
            new.writestr(f"word/{name}.xml", part)
    return buffer.getvalue()


def run(words: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (f"<w:p>{run('Điều 5')}{run('8')}{run('. Tên')}</w:p>", ["Điều 58. Tên"]),
        ("<w:p><w:r><w:t>một</w:t><w:br/><w:t>hai</w:t><w:tab/><w:t>ba</w:t></w:r></w:p>", ["một hai ba"]),
        (f"<w:sdt><w:sdtContent><w:p>{run('trong khung')}</w:p></w:sdtContent></w:sdt>", ["trong khung"]),
        (f"<w:p><w:hyperlink>{run('liên kết')}</w:hyperlink></w:p>", ["liên kết"]),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>thấy</w:t></w:r></w:p>", ["thấy"]),
        (f"<w:p>{run('còn')}<w:del>{run(' bỏ')}</w:del></w:p>", ["còn"]),
        (f"<w:p>{run('thấy')}{run(' ẩn', '<w:vanish/>')}{run(' lại thấy', SHOWN)}</w:p>", ["thấy lại thấy"]),
        (f"<w:p>{run('thấy')}{run(' trắng', WHITE)}</w:p>", ["thấy"]),
        (f"<w:p>{run('trắng', WHITE + DARK)}</w:p>", ["trắng"]),
        (f"<w:p>{run('thấy')}{run(' nhỏ', TINY)}</w:p>", ["thấy"]),
    ],
)
def test_words_of_word(body: str, read: list[str]) -> None:
    assert texts(read_docx(docx(body)).blocks) == read


def test_hidden_by_a_style() -> None:
    style = f'<w:styles {W}><w:style w:type="character" w:styleId="An"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    extraction = read_docx(docx(f"<w:p>{run('thấy')}{run(' ẩn', STYLED)}</w:p>", styles=style))
    assert texts(extraction.blocks) == ["thấy"]
    assert codes(extraction.findings) == {"HiddenText"}


def test_a_file_with_macros_is_read_without_them() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(SAMPLES / "macro.docx") as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            kind = b"vnd.openxmlformats-officedocument.wordprocessingml.document.main"
            new.writestr(name, old.read(name).replace(kind, b"vnd.ms-word.document.macroEnabled.main"))
    extraction = read_docx(buffer.getvalue())
    assert texts(extraction.blocks)[0].startswith("Điều 5.")
    assert codes(extraction.findings) == {"ActiveContentRemoved"}


def test_merged_cells_keep_their_columns() -> None:
    cell = "<w:tc><w:tcPr>{}</w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    wide = cell.format('<w:gridSpan w:val="2"/>', "rộng")
    below = cell.format("<w:vMerge/>", "") + cell.format("", "x")
    (table,) = read_docx(docx(f"<w:tbl><w:tr>{wide}</w:tr><w:tr>{below}</w:tr></w:tbl>")).blocks
    assert isinstance(table, Table)
    assert table.rows == (("rộng", ""), ("", "x"))


def test_footnotes_are_kept_apart() -> None:
    notes = f'<w:footnotes {W}><w:footnote w:id="2"><w:p>{run("Chú thích.")}</w:p></w:footnote></w:footnotes>'
    extraction = read_docx(docx('<w:p><w:r><w:t>Chữ</w:t><w:footnoteReference w:id="2"/></w:r></w:p>', footnotes=notes))
    (block,) = extraction.blocks
    assert isinstance(block, Paragraph)
    assert (block.text, block.notes, extraction.footnotes) == ("Chữ", ("2",), {"2": "Chú thích."})


@pytest.mark.parametrize(
    "part",
    [
        b'<?xml version="1.0"?><!DOCTYPE a><a/>',
        b"<a><!ENTITY x></a>",
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>',
    ],
)
def test_xml_that_could_ask_for_files(part: bytes) -> None:
    with pytest.raises(ImportRefused) as refused:
        check_xml(part)
    assert refused.value.situation == Situation.FORBIDDEN_XML


def test_a_package_that_lies_about_its_size() -> None:
    data = bytearray((SAMPLES / "bom-nen.docx").read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as package:
        size = package.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    assert data.count(size) == 2
    with pytest.raises(ImportRefused) as refused:
        read_package(bytes(data).replace(size, (1000).to_bytes(4, "little")))
    assert refused.value.situation in (Situation.DAMAGED_FILE, Situation.TOO_LARGE_UNPACKED)


@pytest.mark.parametrize(
    ("page", "read"),
    [
        ("<p>Điều 1. A</p><p>1.&nbsp;B<br>2. C</p>", ["Điều 1. A", "1. B", "2. C"]),
        ("<p>Điều 1. Tên dài<br>hai dòng</p>", ["Điều 1. Tên dài hai dòng"]),
        ("<table><tr><td><p>Điều 1. A</p><p>1. B</p></td></tr></table>", ["Điều 1. A", "1. B"]),
        ("<nav>Điều 9. X</nav><p>Điều 1. A</p><footer>2. C</footer>", ["Điều 1. A"]),
        ("<div><p>Điều 1. A</p><p>1. B</p></div><div><p>2. Ý kiến</p></div>", ["Điều 1. A", "1. B"]),
        ("<style>.x{display:none}</style><p>Điều 1. A</p><p class='y x'>1. B</p>", ["Điều 1. A"]),
        ("<p>Điều 1. A</p><p hidden>1. B</p><p style='font-size:1px'>2. C</p>", ["Điều 1. A"]),
        ("<p>Điều 1. A</p><p style='background:#000;color:white'>1. B</p>", ["Điều 1. A", "1. B"]),
        ("<p>&#272;i&#x1EC1;u 1. A<p>1. B", ["Điều 1. A", "1. B"]),
    ],
)
def test_words_of_a_page(page: str, read: list[str]) -> None:
    assert texts(read_html(f"<html><body>{page}</body></html>".encode()).blocks) == read


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ("<script>x</script>", "thẻ script"),
        ("<p onclick='x'>", "thuộc tính sự kiện"),
        ("<a href=' JavaScript:x'>", "liên kết javascript"),
        ("<!-- x -->", "chú thích"),
    ],
)
def test_what_a_browser_would_run(page: str, what: str) -> None:
    (finding,) = read_html(f"<body><p>Điều 1. A</p>{page}</body>".encode()).findings
    assert what in finding.sentence


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("## Điều 1. A ##\n\n1\\. B\ntiếp\n2. C", ["Điều 1. A", "1. B tiếp", "2. C"]),
        ("**Điều 1.** *Tên*\n\n> trích", ["Điều 1. Tên", "trích"]),
        ("Điều 1. A\n\n---\n\n<!-- giấu -->1. B[^1]\n\n[^1]: Chú thích", ["Điều 1. A", "1. B"]),
        ("a_b_c 2*3*4", ["a_b_c 2*3*4"]),
    ],
)
def test_words_of_markdown(source: str, read: list[str]) -> None:
    assert texts(read_markdown(source.encode()).blocks) == read


def test_table_of_markdown() -> None:
    (table,) = read_markdown("| Tên | Điểm |\n|---|--:|\n| **Một** | 120 |".encode()).blocks
    assert isinstance(table, Table)
    assert table.rows == (("Tên", "Điểm"), ("Một", "120"))


@pytest.mark.parametrize(
    "source",
    [
        "a: &x [1]\nb: *x",
        "- danh sách",
        "a: [",
        "[" * 2000,
        "signed: 2026-13-45",
        "!!python/object:os.system {}",
        "x" * 30_000,
        "? [a]\n: b\n? {a: b}\n: c",
    ],
)
def test_front_matter_that_is_none(source: str) -> None:
    with pytest.raises(ValueError):
        read_front_matter(source)


def test_lines_of_a_wrapped_file_are_put_together() -> None:
    long = "1. " + " ".join(["chữ"] * 60) + "."
    lines = [long[at : at + 60] for at in range(0, len(long), 60)]
    assert texts(read_text(("Điều 1. A\n" + "\n".join(lines)).encode()).blocks)[1].replace(" ", "") == long.replace(
        " ", ""
    )


def test_lines_of_other_files_stay_apart() -> None:
    assert len(texts(read_text("Điều 1. A\n1. Một dòng\nthêm một dòng\n2. Hai".encode()).blocks)) == 4


def test_pdf_from_letters_in_any_order() -> None:
    whole, torn = (read_pdf((SAMPLES / name).read_bytes()) for name in ("giai-mau.pdf", "chu-roi.pdf"))
    assert texts(whole.blocks) == texts(torn.blocks)
    assert [one.page for one in whole.blocks][-1] == 3
    assert whole.aside.count("Trang 2/3") == 1


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.7\n1 0 obj<<>>endobj", b"%PDF-" + bytes(1000)])
def test_damaged_pdf(data: bytes) -> None:
    with pytest.raises(ImportRefused) as refused:
        read_pdf(data)
    assert refused.value.situation == Situation.DAMAGED_FILE
