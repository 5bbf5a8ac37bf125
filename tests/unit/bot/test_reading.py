"""The reading pages: what they show on which day, what they link to, and that no text becomes markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import unquote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from amended_corpus import FIRST_WORDS, NEW_WORDS, amended_corpus
from bot.publication import Served
from bot.reading import reading_routes
from bot.reading.routes import read_day
from bot.reading.spans import Typesetter
from bot.reading.view import Standing, first_sentence, page_of, reading_day, standing
from bot.safety import SecurityHeaders
from knowledge.corpus import Corpus
from knowledge.documents import Period, Provision
from knowledge.links import Linker
from shipped import ROOT
from small_corpus import document, pid

TODAY = date(2026, 11, 22)
DECREE = "/van-ban/ND37-2026"


def tree(text: str) -> Any:
    return html.fromstring(text)


class Library:
    """A server with the reading pages of one corpus, which a test may exchange."""

    def __init__(self, corpus: Corpus | None) -> None:
        self.corpus, self.number, self.today = corpus, 7, TODAY
        app = FastAPI()
        app.include_router(reading_routes(self._served, lambda: self.today))
        app.add_middleware(SecurityHeaders)
        self.http = TestClient(app, follow_redirects=False)

    def _served(self) -> Served | None:
        held = SimpleNamespace(number=self.number, answerer=SimpleNamespace(corpus=self.corpus))
        return cast(Served, held) if self.corpus else None

    def page(self, path: str, status: int = 200) -> Any:
        """The page as a tree."""
        answered = self.http.get(path)
        assert answered.status_code == status, answered.text
        return tree(answered.text)


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(amended_corpus())


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


def part(page: Any, anchor: str) -> Any:
    (found,) = page.xpath(f'//*[@id="{anchor}"]')
    return found


def own_words(page: Any, anchor: str) -> list[str]:
    return [p.text_content() for p in part(page, anchor).xpath("./div[contains(@class, 'words')]/p")]


# -- the list


def test_regulations_are_grouped_by_what_they_are_today(library: Library) -> None:
    page = library.page("/van-ban/")
    groups = {words(one.xpath("./h2")[0]): [words(h) for h in one.xpath(".//h3")] for one in page.xpath("//section")}
    assert groups == {
        "Đang có hiệu lực (1)": ["Nghị định 37/2026/NĐ-CP"],
        "Sắp có hiệu lực (1)": ["Nghị định 99/2027/NĐ-CP"],
        "Quy định cũ (1)": ["Nghị định 132/2008/NĐ-CP"],
        "Chưa rõ thời gian hiệu lực (1)": ["Thông tư 03/2026/TT-BKHCN"],
    }
    assert "congbao.example" in words(page)


def test_addresses_that_people_may_type_lead_to_the_page(library: Library) -> None:
    for typed, canonical in [
        ("/van-ban", "/van-ban/"),
        ("/van-ban/nd37-2026", DECREE),
        ("/van-ban/37/2026/NĐ-CP", DECREE),
        ("/van-ban/ND37-2026/", DECREE),
    ]:
        answered = library.http.get(typed)
        assert (answered.status_code, answered.headers["location"]) == (308, canonical)


# -- a document on a day


def test_the_document_says_what_it_is(library: Library) -> None:
    page = library.page(DECREE)
    assert [words(one) for one in page.xpath("//h1")] == ["Nghị định 37/2026/NĐ-CP"]
    said = words(page.xpath("//main")[0])
    for fact in ("Chính phủ, ký ngày 23/01/2026", "từ 23/01/2026", "https://congbao.example/37", "Bản Công báo số 1."):
        assert fact in said
    assert "bản công bố số 7" in words(page.xpath("//footer")[0])


def test_official_words_are_shown_letter_for_letter_and_marked(library: Library) -> None:
    page = library.page(DECREE)
    assert "\n".join(own_words(page, "59.1")) == FIRST_WORDS
    assert own_words(page, "59.2.đ") == ["đ) Có hồ sơ <đủ> & “đúng”."]
    assert own_words(page, "59.2")[-1].startswith("Trừ trường hợp")
    marks = {one: words(part(page, one).xpath("./p[contains(@class, 'mark')]")[0]) for one in ("57", "59.1", "59.3")}
    assert marks == {
        "57": "Tóm tắt của hệ thống, không phải nguyên văn",
        "59.1": "Nguyên văn",
        "59.3": "Tóm tắt của hệ thống, không phải nguyên văn",
    }


def test_an_article_whose_parts_are_all_alike_says_it_once() -> None:
    corpus = amended_corpus()
    decree = corpus.documents[0]
    alike = replace(decree, provisions=tuple(one for one in decree.provisions if str(one.id) != "ND37-2026:59.3"))
    page = Library(replace(corpus, documents=(alike, *corpus.documents[1:]))).page(DECREE)
    shown = part(page, "59").xpath(".//p[contains(@class, 'mark') and not(contains(@class, 'quiet'))]")
    assert [words(one) for one in shown if not one.xpath("ancestor::details")] == ["Nguyên văn"]


def test_references_lead_to_their_places(library: Library) -> None:
    page = library.page(DECREE)
    links = {words(a): a.get("href") for a in part(page, "59").xpath(".//div[contains(@class, 'words')]//a")}
    assert links == {
        "khoản 2 Điều này": "#59.2",
        "Điều 57 Nghị định này": "#57",
        "Nghị định số 132/2008/NĐ-CP": "/van-ban/ND132-2008",
    }


def test_every_link_of_every_page_is_answered(library: Library) -> None:
    seen: set[str] = set()
    waiting = ["/van-ban/", f"{DECREE}?ngay=2027-08-01"]
    while waiting:
        path = waiting.pop()
        page = library.page(path)
        anchors = set(page.xpath("//@id"))
        for href in page.xpath("//a/@href"):
            address, _, fragment = href.partition("#")
            if not address:
                assert unquote(fragment) in anchors, (path, href)
            elif address.startswith("/van-ban/") and address not in seen:
                seen.add(address)
                waiting.append(address)
    assert {"/van-ban/ND132-2008", f"{DECREE}?ngay=2026-01-23", "/van-ban/ND99-2027?ngay=2027-08-01"} <= seen


def test_another_day_shows_the_text_of_that_day(library: Library) -> None:
    page = library.page(f"{DECREE}?ngay=2027-07-01")
    assert own_words(page, "59.1") == [NEW_WORDS]
    assert "Đang xem nội dung của ngày 01/07/2027" in words(page)
    assert "Không phải quy định của ngày 01/07/2027" in words(part(page, "59.3"))
    (chosen,) = page.xpath("//input[@name='ngay']/@value")
    assert chosen == "2027-07-01"
    reference = part(page, "59.2").xpath(".//a[contains(text(), '132/2008')]/@href")
    assert reference == ["/van-ban/ND132-2008?ngay=2027-07-01"]


def test_a_change_to_come_is_announced_and_the_history_told(library: Library) -> None:
    clause = part(library.page(DECREE), "59.1")
    assert "Sắp thay đổi. Từ 01/07/2027 có nội dung mới theo khoản 1 Điều 1 Nghị định 99/2027/NĐ-CP" in words(clause)
    (history,) = clause.xpath("./details")
    entries = [words(one) for one in history.xpath("./ol/li")]
    assert len(entries) == 2
    assert "đang xem" in entries[0] and "Hết bởi: khoản 1 Điều 1 Nghị định 99/2027/NĐ-CP" in entries[0]
    assert "từ 01/07/2027" in entries[1] and NEW_WORDS in entries[1]
    assert history.xpath(".//a/@href")[0].startswith("/van-ban/ND99-2027#1.1")


def test_a_former_document_is_headed_by_what_it_is(library: Library) -> None:
    page = library.page("/van-ban/ND132-2008")
    said = words(page)
    assert "Quy định cũ. Văn bản này áp dụng đến hết ngày 30/06/2026, hết hiệu lực theo Điều 59 Nghị định 37" in said
    assert "nội dung của ngày 30/06/2026, ngày cuối cùng" in said
    assert part(page, "25").xpath("./p[contains(@class, 'state')]") == []
    assert "Không phải quy định của ngày 30/06/2026" in words(part(page, "27"))


def test_a_document_to_come_is_headed_by_what_it_is(library: Library) -> None:
    assert "Chưa có hiệu lực. Văn bản này áp dụng từ ngày 01/07/2027." in words(library.page("/van-ban/ND99-2027"))


def test_a_document_without_dates_or_texts_says_so(library: Library) -> None:
    said = words(library.page("/van-ban/TT03-2026"))
    assert "Chưa rõ thời gian hiệu lực." in said and "chưa có điều khoản nào" in said


def test_a_day_that_is_none_is_asked_for_again(library: Library) -> None:
    page = library.page(f"{DECREE}?ngay=2026-02-30", 400)
    assert "Mình không đọc được ngày «2026-02-30»" in words(page)
    assert own_words(page, "57") == ["Tiêu chí xét thưởng."]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-12", date(2026, 3, 12)),
        ("12/03/2026", date(2026, 3, 12)),
        (" 1-2-2026 ", date(2026, 2, 1)),
        ("20260312", None),
        ("2026-W11-4", None),
        ("31/02/2026", None),
        ("hôm nay", None),
        ("٢٠٢٦-٠٣-١٢", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert read_day(text) == day


# -- what is not there


def test_an_unknown_document_gets_a_page_that_helps(library: Library) -> None:
    page = library.page("/van-ban/ND37-2062", 404)
    assert "Trợ lý không có văn bản «ND37-2062»" in words(page)
    assert DECREE in page.xpath("//main//a/@href")


def test_a_place_by_path_leads_to_its_anchor_or_to_a_page_that_helps(library: Library) -> None:
    found = library.http.get(f"{DECREE}/59.1")
    assert (found.status_code, found.headers["location"]) == (303, f"{DECREE}#59.1")
    for place in ("60", "59.9", "x", "59.1.1.1"):
        page = library.page(f"{DECREE}/{place}", 404)
        assert f"không có điều khoản «{place}»" in words(page)
        assert DECREE in page.xpath("//main//a/@href")


def test_while_the_server_starts_people_are_asked_to_wait() -> None:
    starting = Library(None)
    for path in ("/van-ban/", DECREE):
        answered = starting.http.get(path)
        assert (answered.status_code, answered.headers["retry-after"]) == (503, "10")


# -- what travels with a page


def test_pages_need_no_script_and_allow_none(library: Library) -> None:
    answered = library.http.get(DECREE)
    policy = answered.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "form-action 'self'" in policy
    page = tree(answered.text)
    assert page.xpath("//script | //style | //@style | //@onclick") == []
    assert library.http.head(DECREE).status_code == 200
    for stylesheet in page.xpath("//link[@rel='stylesheet']/@href"):
        assert (ROOT / "bot/web" / stylesheet.removeprefix("/static/")).is_file()


def test_a_page_is_fetched_again_when_what_it_shows_may_have_changed() -> None:
    library = Library(amended_corpus())
    tag = library.http.get(DECREE).headers["etag"]

    def asked_again() -> int:
        return library.http.get(DECREE, headers={"if-none-match": f'"other", W/{tag}'}).status_code

    assert asked_again() == 304
    library.number = 8
    assert asked_again() == 200
    library.number, library.today = 7, date(2026, 11, 23)
    assert asked_again() == 200
    library.today = TODAY
    library.corpus = replace(amended_corpus(), faq=())
    assert asked_again() == 200


# -- days and sentences


@pytest.mark.parametrize(
    ("valid", "shown", "stands"),
    [
        (Period(date(2026, 1, 23)), TODAY, Standing.CURRENT),
        (Period(None, date(2026, 6, 30)), date(2026, 6, 30), Standing.FORMER),
        (Period(date(2027, 7, 1)), date(2027, 7, 1), Standing.COMING),
        (Period(date(2026, 1, 1), date(2027, 1, 1)), TODAY, Standing.CURRENT),
        (Period(), TODAY, Standing.UNKNOWN),
    ],
)
def test_the_day_that_is_shown(valid: Period, shown: date, stands: Standing) -> None:
    assert (reading_day(valid, TODAY), standing(valid, TODAY)) == (shown, stands)


def test_a_document_all_of_whose_articles_have_ended_is_shown_as_of_their_last_day() -> None:
    ended = Period(date(2020, 8, 1), date(2026, 6, 30))
    circular = document(
        "TT27-2019", "27/2019/TT-BKHCN", Period(date(2020, 8, 1)), Provision(pid("TT27-2019:1"), ended, "x")
    )
    page = Library(Corpus((circular,), (), ())).page("/van-ban/TT27-2019")
    assert "Không dùng làm quy định hiện hành." in words(page)
    assert "ghi nhận đến hết ngày 30/06/2026" in words(page)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Một câu. Câu nữa.", "Một câu."),
        ("Theo khoản 1.2 Điều 3. Hết.", "Theo khoản 1.2 Điều 3."),
        ("Không dấu chấm", "Không dấu chấm"),
        ("", ""),
    ],
)
def test_the_first_sentence(text: str, first: str) -> None:
    assert first_sentence(text) == first


def test_clauses_stand_in_the_order_of_their_numbers() -> None:
    ids = ["ND1-2020:10", "ND1-2020:6đ", "ND1-2020:6a", "ND1-2020:6", "ND1-2020:6.2", "ND1-2020:6.10", "ND1-2020:7.1.đ",
           "ND1-2020:7.1.e", "ND1-2020:7.1.d"]  # fmt: skip
    valid = Period(date(2020, 1, 1))
    corpus = Corpus(
        (document("ND1-2020", "1/2020/NĐ-CP", valid, *(Provision(pid(one), valid, "x") for one in ids)),), (), ()
    )
    page = page_of(corpus, Typesetter(Linker(corpus), None), "ND1-2020", TODAY)
    assert [one.anchor for one in page.articles] == ["6", "6a", "6đ", "7", "10"]
    assert [one.anchor for one in page.articles[0].parts] == ["6.2", "6.10"]
    assert [one.anchor for one in page.articles[3].parts[0].parts] == ["7.1.d", "7.1.đ", "7.1.e"]


# -- whatever the text is

TEXT = st.text(min_size=1, max_size=80) | st.lists(
    st.sampled_from(
        ["<b>", "</p>", "<script>", "&amp;", '"', "'", "Điều 57", "khoản 1", "{{ 7*7 }}", "\n", "Nghị định này"]
    ),
    min_size=1,
).map(" ".join)

LIBRARY = Library(None)


@given(TEXT)
def test_any_text_is_shown_as_text(text: str) -> None:
    valid = Period(date(2020, 1, 1))
    provisions = (
        Provision(pid("ND1-2020:1"), valid, "", title=text, official_text=f"Điều 1. {text}"),
        Provision(pid("ND1-2020:1.1"), valid, text or "x", title=None),
        Provision(pid("ND1-2020:57"), valid, "Điều được nhắc tới."),
    )
    decree = document(
        "ND1-2020", text, valid, *provisions, title=text, status_note=text, checked_against=text, source=text
    )
    corpus = Corpus((decree,), (), ())
    typesetter = Typesetter(Linker(corpus), None)
    page = page_of(corpus, typesetter, "ND1-2020", TODAY)
    spans = [span for line in typesetter.lines(text, pid("ND1-2020:1.1")) for span in line]
    assert "".join(span.text for span in spans) == text.replace("\n", "")
    LIBRARY.corpus = corpus
    drawn = LIBRARY.page("/van-ban/ND1-2020")
    assert drawn.xpath("//script | //b | //@onclick") == []
    expected = sum(bool(span.href) for span in spans)
    (clause,) = drawn.xpath('//*[@id="1.1"]')
    assert len(clause.xpath("./div[contains(@class, 'words')]//a")) == expected
    assert page.articles[0].parts[0].text is not None
