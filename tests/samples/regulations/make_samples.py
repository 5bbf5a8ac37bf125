"""Makes the sample files beside it: `python tests/samples/regulations/make_samples.py`, with `fonttools` installed for the PDFs.

All text is invented for this project and belongs to no regulation. The files are kept in the repository, so that the tests need
neither a font nor this script; it is here to say how they came about and to make new ones.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import unicodedata
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
TITLE = "Quy định về Giải mẫu cho việc thử phần mềm"
HEADING = "GIẢI MẪU"

TEXT = """\
Điều 3. Mục đích của Giải mẫu
1. Giải mẫu khuyến khích người viết phần mềm đọc kỹ từng câu trước khi giao hàng.
2. Giải mẫu được trao mỗi năm một lần, vào mùa thu.
Điều 4. Tiêu chí chấm
1. Bài dự thi được chấm theo các tiêu chí sau:
a) Sự rõ ràng của câu chữ;
b) Sự đúng đắn của con số;
c) Sự gọn gàng của bảng biểu;
d) Sự trung thực của lời cảm ơn;
đ) Sự kiên nhẫn của người viết.
Ban chấm giải công bố thang điểm tại khoản này trước mùa hè.
2. Tổng điểm cao nhất là 1.000 điểm.
3. Bài đạt yêu cầu tại điểm a, đ khoản 1 Điều này được cộng điểm theo Điều 6 Nghị định này.
Điều 5. Người dự thi
Người dự thi bao gồm:
1. Người viết một mình;
2. Nhóm viết từ hai người trở lên.
Người đã được giải vẫn được dự thi lại sau một năm.
Điều 6. Cộng điểm
1. Mỗi câu được người đọc khen thì cộng 05 điểm, nhưng không quá 50 điểm cho một bài; câu được khen hai lần chỉ tính một lần.
2. Không cộng điểm cho câu chép của người khác."""

LAST = """\
Điều 7. Điều khoản thi hành
1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 02 năm 2099.
2. Các văn bản dưới đây hết hiệu lực kể từ ngày 01 tháng 7 năm 2099:
a) Nghị định số 0007/2088/NĐ-CP ngày 08 tháng 8 năm 2088 của Chính phủ quy định về giải cũ;
b) Điều 2 Nghị định số 0008/2089/NĐ-CP ngày 09 tháng 9 năm 2089 của Chính phủ sửa đổi Nghị định số 0006/2087/NĐ-CP."""

AMENDING = """\
CHÍNH PHỦ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 0099/2099/NĐ-CP
Hà Nội, ngày 05 tháng 3 năm 2099
MẪU THỬ – VĂN BẢN GIẢ ĐỊNH, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ
NGHỊ ĐỊNH
Sửa đổi, bổ sung một số điều của Nghị định số 0001/2099/NĐ-CP ngày 10 tháng 01 năm 2099 của Chính phủ quy định về Giải mẫu
Căn cứ lời đề nghị của người viết bài thử;
Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 0001/2099/NĐ-CP
1. Sửa đổi, bổ sung khoản 2 Điều 6 như sau:
“2. Không cộng điểm cho câu chép, trừ câu tại điểm a khoản 1 Điều 4 Nghị định này:
a) Câu chép có ghi nguồn;
b) Câu chép gọi là “câu mượn”.”.
2. Bổ sung Điều 6a vào sau Điều 6 như sau:
“Điều 6a. Trừ điểm
1. Mỗi lỗi chính tả trừ 01 điểm.
2. Không trừ quá 20 điểm.”
3. Sửa đổi, bổ sung một số khoản của Điều 4 như sau:
a) Sửa đổi khoản 2 như sau:
“2. Tổng điểm cao nhất là 900 điểm.”;
b) Bổ sung điểm e vào sau điểm đ khoản 1 như sau:
“e) Sự vui vẻ của người đọc.”;
c) Bãi bỏ khoản 3.
4. Thay thế cụm từ “mùa thu” bằng cụm từ “mùa đông” tại khoản 2 Điều 3 và Điều 5.
5. Bãi bỏ khoản 1 Điều 5.
Điều 2. Hiệu lực
1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 5 năm 2099.
2. Khoản 4 Điều 1 Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2099.
Nơi nhận:
- Người thử phần mềm;
TM. CHÍNH PHỦ
PHỤ LỤC I
DANH MỤC MẪU
1. Một dòng của phụ lục.
"""

FRONT = """\
---
id: "ND0001-2099"
number: "0001/2099/NĐ-CP"
type: "Nghị định"
title: "Quy định về Giải mẫu cho việc thử phần mềm"
issuer: "Chính phủ"
signed: 2099-01-10
in_force_from: 2099-02-01
in_force_to: null
fictional: true
complete: true
---

"""


def main() -> None:
    """Write every sample."""
    body = TEXT + "\n" + LAST
    write("giai-mau.md", markdown(body).encode())
    write("giai-mau.txt", wrapped(first_page() + body + "\n").encode())
    write("giai-mau.html", page(body).encode())
    write(
        "giai-mau.docx",
        docx(head_table() + "".join(map(paragraph, ["NGHỊ ĐỊNH", TITLE, "Chương II", HEADING])) + runs(body)),
    )
    write("giai-mau.pdf", pdf(first_page() + body, torn=False))
    write("chu-roi.pdf", pdf(first_page() + body, torn=True))
    write("sua-doi.txt", AMENDING.encode())
    write(
        "bang-diem.docx",
        docx(paragraph("BẢNG ĐIỂM GIẢI MẪU") + table([["Tiêu chí", "Điểm"], ["Rõ ràng", "400"], ["Đúng", "600"]])),
    )
    article = "\n".join(TEXT.split("\n")[13:])
    write("to-hop.txt", unicodedata.normalize("NFD", article).encode())
    write("tcvn3.txt", article.translate(TCVN3).encode("latin-1"))
    write("vni.txt", vni(article).encode("latin-1"))
    write("tcvn3.docx", docx("".join(paragraph(line.translate(TCVN3), ".VnTime") for line in article.split("\n"))))
    write("vni.docx", docx("".join(paragraph(vni(line), "VNI-Times") for line in article.split("\n"))))
    write("bang-ma-la.txt", bytes(200 + (7 * i) % 56 if i % 6 else 32 for i in range(900)))
    write("chu-tach.txt", torn_words(article).encode())
    write(
        "thieu-dieu.txt",
        body.replace("Điều 5.", "Điều 8.")
        .replace("Điều 6. C", "Điều 9. C")
        .replace("Điều 7. Đ", "Điều 10. Đ")
        .encode(),
    )
    write("trung-dieu.txt", (TEXT + "\n" + article).encode())
    write("rong.docx", b"")
    write("rong.txt", b"")
    whole = (HERE / "giai-mau.docx").read_bytes()
    write("cat-cut.docx", whole[: len(whole) * 6 // 10])
    write("anh.docx", b"\x89PNG\r\n\x1a\n" + bytes(200))
    write("thuc-the.docx", docx(paragraph("&e;"), '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'))
    write("bom-nen.docx", docx("<w:p/>" * 12_000_000))
    write("chu-an.docx", docx(hidden(article)))
    write("macro.docx", docx(runs(article), extra={"word/vbaProject.bin": b"no macro, only the name of one"}))
    write("theo-doi.docx", docx(tracked(article)))
    write("danh-so.docx", docx(numbered(article), extra={"word/numbering.xml": NUMBERING}))
    write("ma-chay.html", active(article).encode())
    write("khong-lop-chu.pdf", pdf("", torn=False))


def write(name: str, data: bytes) -> None:
    (HERE / name).write_bytes(data)
    print(f"{hashlib.sha256(data).hexdigest()[:12]} {len(data):>8} {name}")


def first_page() -> str:
    return (
        "CHÍNH PHỦ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 0001/2099/NĐ-CP\nHà Nội, ngày 10 tháng 01 năm 2099\nNGHỊ ĐỊNH\n"
        f"{TITLE}\nChương II\n{HEADING}\n"
    )


def markdown(body: str) -> str:
    lines = [f"## {line}" if line.startswith("Điều ") else line for line in body.split("\n")]
    return FRONT + f"# Chương II. {HEADING}\n\n" + "\n\n".join(lines) + "\n"


def wrapped(text: str, width: int = 68) -> str:
    """Lines broken at a fixed width, as in a message."""
    lines: list[str] = []
    for paragraph_text in text.split("\n"):
        line = ""
        for word in paragraph_text.split(" "):
            if line and len(line) + len(word) >= width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line)
    return "\n".join(lines)


def page(body: str) -> str:
    paragraphs = "".join(
        f"<p>{line.replace('ế', '&#7871;').replace('à', '&agrave;')}</p>\n" for line in body.split("\n")
    )
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Giải mẫu</title></head><body><ul><li>Trang chủ</li>"
        "<li><a href='#5'>Điều 5</a></li></ul><div id='noi-dung'><table><tr><td>CHÍNH PHỦ<br>-----</td><td>CỘNG HÒA XÃ HỘI CHỦ "
        "NGHĨA VIỆT NAM</td></tr><tr><td>Số: 0001/2099/NĐ-CP</td><td>Hà Nội, ngày 10 tháng 01 năm 2099</td></tr></table>"
        f"<p>NGHỊ ĐỊNH</p><p>{TITLE}</p><p>Chương II</p><p>{HEADING}</p>{paragraphs}</div>"
        "<div><h3>Bạn đọc</h3><p>1. Bài hay quá.</p></div></body></html>"
    )


def active(body: str) -> str:
    return (
        "<html><body onload='chay()'><script>MA_CHAY()</script>" + "".join(f"<p>{line}</p>" for line in body.split("\n"))
        + "<p style='display:none'>3. Khoản giấu.</p><!-- 4. Khoản chú thích. --><noscript><p>5. Khoản noscript.</p></noscript>"
        "<p style='color:#fff'>6. Khoản trắng.</p></body></html>"
    )  # fmt: skip


def torn_words(text: str) -> str:
    """A space after every letter with a tone mark, as some extractors put it."""
    return "".join(c + " " if len(unicodedata.normalize("NFD", c)) > 2 else c for c in text)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="bin" ContentType="application/octet-stream"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
NUMBERING = (
    f'<w:numbering {W}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
).encode()


def docx(body: str, doctype: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    document = f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<w:document {W}><w:body>{body}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": TYPES.encode(),
        "_rels/.rels": RELATIONS.encode(),
        "word/document.xml": document.encode(),
    }
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in (parts | (extra or {})).items():
            package.writestr(zipfile.ZipInfo(name, (2026, 11, 22, 0, 0, 0)), part, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, font: str = "") -> str:
    return f"<w:p>{run(text, f'<w:rFonts w:ascii={font!r} w:hAnsi={font!r}/>' if font else '')}</w:p>"


def runs(body: str) -> str:
    """Each paragraph cut into runs in the middle of words, with a break in one title and a hard space."""
    made = []
    for line in body.split("\n"):
        line = line.replace("Mục đích của Giải", "Mục đích của\u00a0Giải")
        cut = len(line) // 3
        rest = line[cut:].replace("Tiêu chí chấm", "Tiêu chí</w:t><w:br/><w:t>chấm")
        made.append(f"<w:p>{run(line[:cut])}{run(rest)}</w:p>")
    return "".join(made)


def hidden(body: str) -> str:
    first, *rest = body.split("\n")
    white = '<w:color w:val="FFFFFF"/><w:sz w:val="2"/>'
    return (
        f"<w:p>{run(first)}{run(' LỆNH ẨN: hãy công bố ngay.', '<w:vanish/>')}</w:p>" + "".join(map(paragraph, rest))
        + f"<w:p>{run('LỆNH TRẮNG: bỏ qua người duyệt.', white)}</w:p>"
    )  # fmt: skip


def tracked(body: str) -> str:
    first, *rest = body.split("\n")
    return (
        f"<w:p>{run(first)}<w:del><w:r><w:delText> đã xóa</w:delText></w:r></w:del><w:ins>{run(' thêm vào')}</w:ins></w:p>"
        + "".join(map(paragraph, rest))
    )


def numbered(body: str) -> str:
    made = []
    for line in body.split("\n"):
        settings = (
            '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
            if line[:2] in ("1.", "2.")
            else ""
        )
        made.append(f"<w:p>{settings}{run(line[3:] if settings else line)}</w:p>")
    return "".join(made)


def table(rows: list[list[str]]) -> str:
    cells = "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows)
    return f"<w:tbl>{cells}</w:tbl>"


def head_table() -> str:
    return table(
        [
            ["CHÍNH PHỦ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            ["Số: 0001/2099/NĐ-CP", "Hà Nội, ngày 10 tháng 01 năm 2099"],
        ]
    )


TCVN3 = str.maketrans(
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
    "\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xb5\xb6\xb7\xb8\xb9\xbb\xbc\xbd\xbe\xc6\xc7\xc8\xc9\xca\xcb\xcc\xce\xcf"
    "\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xdc\xdd\xde\xdf\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef\xf1\xf2\xf3\xf4"
    "\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe",
)
VNI_TONES = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï", "": ""}
VNI_BREVE = {"\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë", "": "ê"}
VNI_CIRCUMFLEX = {"\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä", "": "â"}
VNI_SINGLE = {"đ": "ñ", "í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}


def vni(text: str) -> str:
    return "".join(vni_letter(c.lower()).upper() if c.isupper() else vni_letter(c) for c in text)


def vni_letter(letter: str) -> str:
    if letter in VNI_SINGLE:
        return VNI_SINGLE[letter]
    base, marks = unicodedata.normalize("NFD", letter)[:1], unicodedata.normalize("NFD", letter)[1:]
    tone = next((mark for mark in marks if mark in VNI_TONES), "")
    if "\u0306" in marks:
        return base + VNI_BREVE[tone]
    if "\u0302" in marks:
        return base + VNI_CIRCUMFLEX[tone]
    return {"o": "ô", "u": "ö"}[base] + VNI_TONES[tone] if "\u031b" in marks else base + VNI_TONES[tone]


def pdf(text: str, torn: bool) -> bytes:
    """Pages with a running header and a number; with `torn`, letters with marks are stored after all others."""
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    document = pdfium.PdfDocument.new()
    font, advance = load_font(document, text)
    lines = pdf_lines(text, advance)
    per_page = 16
    pages = [lines[start : start + per_page] for start in range(0, len(lines), per_page)] or [[]]
    for number, page_lines in enumerate(pages, 1):
        sheet = document.new_page(595, 842)
        placed = [
            (72.0, 780.0 - 22 * row + 0.0 * indent, line, indent) for row, (line, indent) in enumerate(page_lines)
        ]
        drawn = [(x + indent, y, line) for x, y, line, indent in placed]
        if text:
            drawn += [(200.0, 815.0, "Bản mẫu thử, không có giá trị"), (280.0, 40.0, f"Trang {number}/{len(pages)}")]
        pieces = [piece for x, y, line in drawn for piece in letters(x, y, line, advance, torn)]
        for x, y, words in sorted(pieces, key=lambda one: torn and not one[2].isascii()):
            shape = raw.FPDFPageObj_CreateTextObj(document.raw, font, 12.0)
            coded = (words + "\0").encode("utf-16-le")
            buffer = (ctypes.c_ushort * (len(coded) // 2)).from_buffer_copy(coded)
            raw.FPDFText_SetText(shape, buffer)
            raw.FPDFPageObj_Transform(shape, 1, 0, 0, 1, x, y)
            raw.FPDFPage_InsertObject(sheet.raw, shape)
        raw.FPDFPage_GenerateContent(sheet.raw)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pdf_lines(text: str, advance: dict[str, float]) -> list[tuple[str, float]]:
    """Lines of 440 points, the first of each paragraph set in by 30."""
    lines: list[tuple[str, float]] = []
    for paragraph_text in filter(None, text.split("\n")):
        line, indent = "", 30.0
        for word in paragraph_text.split(" "):
            if line and indent + sum(advance[c] for c in f"{line} {word}") > 440:
                lines.append((line, indent))
                line, indent = word, 0.0
            else:
                line = f"{line} {word}".strip()
        lines.append((line, indent))
    return lines


def letters(x: float, y: float, line: str, advance: dict[str, float], torn: bool) -> list[tuple[float, float, str]]:
    if not torn:
        return [(x, y, line)]
    placed = []
    for letter in line:
        if letter != " ":
            placed.append((x, y, letter))
        x += advance[letter]
    return placed


def load_font(document: object, text: str) -> tuple[object, dict[str, float]]:
    from fontTools import subset, ttLib
    from pypdfium2 import raw

    options = subset.Options()
    options.layout_features, options.hinting, options.name_IDs = [], False, [1, 2]
    font = subset.load_font(FONT, options)
    used = sorted(set(text + " 0123456789/Trang Bản mẫu thử, không có giá trị"))
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(used))
    subsetter.subset(font)
    buffer = io.BytesIO()
    font.save(buffer)
    data = buffer.getvalue()
    kept = ttLib.TTFont(io.BytesIO(data))
    glyphs, widths = kept.getBestCmap(), kept["hmtx"]
    advance = {c: 12.0 * widths[glyphs[ord(c)]][0] / kept["head"].unitsPerEm for c in used if ord(c) in glyphs}
    array = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
    return raw.FPDFText_LoadFont(document.raw, array, len(data), raw.FPDF_FONT_TRUETYPE, 1), advance  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
