"""What accepting a proposal makes of the content: text beside summaries, versions closed and opened on their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from accepting import accepted, decree, sample
from knowledge.acceptance import Change, Choices, Effect
from knowledge.acceptance.applying import Applied
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Document, Period, Provision
from knowledge.errors import AcceptanceRefused
from knowledge.history import history, official_text_on, wording_on
from small_corpus import document, pid

EMPTY = Corpus((), (), ())
MAY, JULY = date(2099, 5, 1), date(2099, 7, 1)
FIRST, LAST = date(2099, 2, 1), date(2099, 4, 30)


@pytest.fixture(scope="module")
def loaded() -> Corpus:
    """The sample decree, in force from 1 February 2099."""
    return accepted(EMPTY, sample("giai-mau.txt")).corpus


@pytest.fixture(scope="module")
def amended(loaded: Corpus) -> Corpus:
    """The same after the sample that amends it, from 1 May and 1 July."""
    return accepted(loaded, sample("sua-doi.txt")).corpus


def _versions(corpus: Corpus, identity: str) -> list[tuple[date | None, date | None, str | None, str | None]]:
    return [
        (one.valid.start, one.valid.end, _name(one.made_by), _name(one.ended_by))
        for one in corpus.versions(pid(identity))
    ]


def _name(cause: ProvisionId | None) -> str | None:
    return str(cause) if cause else None


def _held(identity: str, number: str, valid: Period, **summaries: str) -> Document:
    """A document with one article a keyword, «a2» for article 2."""
    pieces = [Provision(pid(f"{identity}:{key[1:]}"), valid, text) for key, text in summaries.items()]
    return document(identity, number, valid, *pieces)


def _during(held: Document, valid: Period) -> Document:
    return replace(held, valid=valid, provisions=tuple(replace(one, valid=valid) for one in held.provisions))


def _text(corpus: Corpus, identity: str, day: date) -> str | None:
    return official_text_on(corpus, pid(identity), day)


def test_a_new_document_is_made_from_its_file() -> None:
    applied = accepted(EMPTY, sample("giai-mau.txt"))
    made = applied.corpus.document("ND0001-2099")
    assert applied.created
    assert applied.texts == len(made.provisions) == 23
    assert (made.number, made.type, made.issuer, made.rank) == ("0001/2099/NĐ-CP", "Nghị định", "Chính phủ", 2)
    assert (made.signed, made.valid) == (date(2099, 1, 10), Period(FIRST))
    assert made.checked_against is not None
    assert "giai-mau.txt" in made.checked_against
    assert all(one.summary == "" and one.official_text for one in made.provisions)
    assert applied.changes == ()


def test_an_article_has_its_clauses_and_closing_in_the_order_of_the_text(loaded: Corpus) -> None:
    assert _text(loaded, "ND0001-2099:4.1", FIRST) == (
        "1. Bài dự thi được chấm theo các tiêu chí sau:\na) Sự rõ ràng của câu chữ;\nb) Sự đúng đắn của con số;\n"
        "c) Sự gọn gàng của bảng biểu;\nd) Sự trung thực của lời cảm ơn;\nđ) Sự kiên nhẫn của người viết.\n"
        "Ban chấm giải công bố thang điểm tại khoản này trước mùa hè."
    )


def test_official_text_stands_beside_summaries_and_leaves_them_alone() -> None:
    summary = Provision(pid("ND0001-2099:3.1"), Period(FIRST), "Tóm tắt của mình.")
    held = document("ND0001-2099", "0001/2099/NĐ-CP", Period(FIRST), summary, title="Tên trong kho")
    applied = accepted(Corpus((held,), (), ()), sample("giai-mau.txt"))
    clause = applied.corpus.provision(summary.id, FIRST)
    assert not applied.created
    assert clause is not None
    assert clause.summary == "Tóm tắt của mình."
    assert clause.official_text is not None
    assert clause.official_text.startswith("1. Giải mẫu khuyến khích")
    assert applied.corpus.document("ND0001-2099").title == "Tên trong kho"
    wording = wording_on(applied.corpus, summary.id, FIRST)
    assert wording is not None
    assert wording.official
    assert applied.changes == ()


def test_text_goes_to_the_version_that_stands_in_the_document_from_the_beginning() -> None:
    by = pid("ND5-2099:1")
    old = Provision(pid("ND0001-2099:4.2"), Period(FIRST, LAST), "Cũ.", ended_by=by)
    new = Provision(old.id, Period(MAY), "Mới.", made_by=by)
    held = document("ND0001-2099", "0001/2099/NĐ-CP", Period(FIRST), old, new)
    other = document("ND5-2099", "5/2099/NĐ-CP", Period(MAY))
    corpus = accepted(Corpus((held, other), (), ()), sample("giai-mau.txt")).corpus
    first, second = corpus.versions(old.id)
    assert (first.summary, first.official_text) == ("Cũ.", "2. Tổng điểm cao nhất là 1.000 điểm.")
    assert (second.summary, second.official_text) == ("Mới.", None)


def test_a_clause_is_replaced_from_its_day(amended: Corpus) -> None:
    assert _versions(amended, "ND0001-2099:4.2") == [
        (FIRST, LAST, None, "ND0099-2099:1.3.a"),
        (MAY, None, "ND0099-2099:1.3.a", None),
    ]
    assert _text(amended, "ND0001-2099:4.2", LAST) == "2. Tổng điểm cao nhất là 1.000 điểm."
    assert _text(amended, "ND0001-2099:4.2", MAY) == "2. Tổng điểm cao nhất là 900 điểm."


def test_a_clause_gets_the_points_that_its_new_text_has(amended: Corpus) -> None:
    assert _text(amended, "ND0001-2099:6.2", LAST) == "2. Không cộng điểm cho câu chép của người khác."
    assert _text(amended, "ND0001-2099:6.2", MAY) == (
        "2. Không cộng điểm cho câu chép, trừ câu tại điểm a khoản 1 Điều 4 Nghị định này:\n"
        "a) Câu chép có ghi nguồn;\nb) Câu chép gọi là “câu mượn”."
    )
    assert amended.provision(pid("ND0001-2099:6.2.a"), LAST) is None


def test_articles_and_points_are_added_in_their_place(amended: Corpus) -> None:
    ids = [str(one.id) for one in amended.document("ND0001-2099").provisions]
    assert ids.index("ND0001-2099:6.2.b") < ids.index("ND0001-2099:6a") < ids.index("ND0001-2099:7")
    assert ids.index("ND0001-2099:4.1.đ") < ids.index("ND0001-2099:4.1.e") < ids.index("ND0001-2099:4.2")
    assert _versions(amended, "ND0001-2099:6a.1") == [(MAY, None, "ND0099-2099:1.2", None)]
    assert "e) Sự vui vẻ" not in (_text(amended, "ND0001-2099:4.1", LAST) or "")
    assert "đ) Sự kiên nhẫn của người viết.\ne) Sự vui vẻ của người đọc.\nBan chấm" in (
        _text(amended, "ND0001-2099:4.1", MAY) or ""
    )


def test_a_repealed_clause_ends_the_day_before(amended: Corpus) -> None:
    assert _versions(amended, "ND0001-2099:4.3") == [(FIRST, LAST, None, "ND0099-2099:1.3.c")]
    assert _versions(amended, "ND0001-2099:5.1") == [(FIRST, LAST, None, "ND0099-2099:1.5")]


def test_a_phrase_is_exchanged_from_its_own_day(amended: Corpus) -> None:
    assert _versions(amended, "ND0001-2099:3.2") == [
        (FIRST, date(2099, 6, 30), None, "ND0099-2099:1.4"),
        (JULY, None, "ND0099-2099:1.4", None),
    ]
    assert _text(amended, "ND0001-2099:3.2", JULY) == "2. Giải mẫu được trao mỗi năm một lần, vào mùa đông."


def test_a_phrase_that_is_not_there_is_told(loaded: Corpus) -> None:
    applied = accepted(loaded, sample("sua-doi.txt"))
    assert [one for one in applied.findings if "cụm từ" in one] == [
        "Điều 5 Nghị định 0001/2099/NĐ-CP (ND0099-2099:1.4): không thấy cụm từ «mùa thu» trong nguyên văn."
    ]


def test_a_phrase_in_a_text_that_is_not_loaded_is_told() -> None:
    clause = Provision(pid("ND0001-2099:3.2"), Period(FIRST), "Trao vào mùa thu.")
    held = document("ND0001-2099", "0001/2099/NĐ-CP", Period(FIRST), clause)
    applied = accepted(Corpus((held,), (), ()), sample("sua-doi.txt"))
    assert applied.corpus.versions(clause.id) == [clause]
    assert any("chưa nạp đủ nguyên văn" in one and "mùa thu" in one for one in applied.findings)


def test_the_changes_name_what_was_changed_by_what(loaded: Corpus) -> None:
    changes = accepted(loaded, sample("sua-doi.txt")).changes
    assert set(changes) == {
        Change(Effect.AMENDED, pid("ND0001-2099:6.2"), MAY, pid("ND0099-2099:1.1")),
        Change(Effect.ADDED, pid("ND0001-2099:6a"), MAY, pid("ND0099-2099:1.2")),
        Change(Effect.AMENDED, pid("ND0001-2099:4.2"), MAY, pid("ND0099-2099:1.3.a")),
        Change(Effect.ADDED, pid("ND0001-2099:4.1.e"), MAY, pid("ND0099-2099:1.3.b")),
        Change(Effect.ENDED, pid("ND0001-2099:4.3"), MAY, pid("ND0099-2099:1.3.c")),
        Change(Effect.ENDED, pid("ND0001-2099:5.1"), MAY, pid("ND0099-2099:1.5")),
        Change(Effect.AMENDED, pid("ND0001-2099:3.2"), JULY, pid("ND0099-2099:1.4")),
    }


def test_accepting_the_same_once_more_changes_nothing(amended: Corpus) -> None:
    again = accepted(amended, sample("sua-doi.txt"))
    assert again.changes == ()
    assert again.documents == ()
    assert accepted(amended, sample("giai-mau.docx")).documents == ()


def test_the_order_of_loading_does_not_matter_for_what_is_replaced_whole(amended: Corpus) -> None:
    bare = document("ND0001-2099", "0001/2099/NĐ-CP", Period(FIRST), issuer="Chính phủ")
    first = accepted(Corpus((bare,), (), ()), sample("sua-doi.txt")).corpus
    turned = accepted(first, sample("giai-mau.txt")).corpus
    for identity in ("ND0001-2099:6a", "ND0001-2099:4.2", "ND0001-2099:6.2"):
        assert _text(turned, identity, MAY) == _text(amended, identity, MAY)


def test_a_phrase_comes_in_when_its_text_is_loaded_and_the_amendment_applied_again(amended: Corpus) -> None:
    bare = document("ND0001-2099", "0001/2099/NĐ-CP", Period(FIRST))
    without_text = accepted(Corpus((bare,), (), ()), sample("sua-doi.txt")).corpus
    with_text = accepted(without_text, sample("giai-mau.txt")).corpus
    again = accepted(with_text, sample("sua-doi.txt")).corpus
    assert _text(again, "ND0001-2099:3.2", JULY) == _text(amended, "ND0001-2099:3.2", JULY)
    assert accepted(again, sample("sua-doi.txt")).changes == ()


def test_the_repeal_clause_ends_documents_and_articles() -> None:
    old = _held("ND0007-2088", "0007/2088/NĐ-CP", Period(date(2088, 9, 1)), a1="Cũ.")
    part = _held("ND0008-2089", "0008/2089/NĐ-CP", Period(date(2089, 10, 1)), a2="Hai.", a3="Ba.")
    applied = accepted(Corpus((old, part), (), ()), sample("giai-mau.txt"))
    corpus, last = applied.corpus, date(2099, 6, 30)
    assert (corpus.document("ND0007-2088").valid.end, corpus.document("ND0007-2088").ended_by) == (
        last,
        pid("ND0001-2099:7.2.a"),
    )
    assert _versions(corpus, "ND0007-2088:1") == [(date(2088, 9, 1), last, None, "ND0001-2099:7.2.a")]
    assert _versions(corpus, "ND0008-2089:2") == [(date(2089, 10, 1), last, None, "ND0001-2099:7.2.b")]
    assert _versions(corpus, "ND0008-2089:3") == [(date(2089, 10, 1), None, None, None)]
    assert {(one.effect, str(one.provision)) for one in applied.changes} == {
        (Effect.ENDED, "ND0007-2088"),
        (Effect.ENDED, "ND0008-2089:2"),
    }


def test_an_end_that_was_known_gets_its_cause_and_is_no_change() -> None:
    old = _held("ND0007-2088", "0007/2088/NĐ-CP", Period(date(2088, 9, 1), date(2099, 6, 30)), a1="Cũ.")
    applied = accepted(Corpus((old,), (), ()), sample("giai-mau.txt"))
    assert applied.corpus.document("ND0007-2088").ended_by == pid("ND0001-2099:7.2.a")
    assert _versions(applied.corpus, "ND0007-2088:1")[0][3] == "ND0001-2099:7.2.a"
    assert applied.changes == ()


def test_what_names_documents_that_are_not_held_is_told() -> None:
    findings = accepted(EMPTY, sample("giai-mau.txt")).findings
    assert any("0007/2088" in one and "không có trong kho" in one for one in findings)
    assert any("ND0008-2089:2" in one and "không có trong kho" in one for one in findings)


# -- what stands in the way


def test_a_number_that_occurs_twice_is_chosen_by_a_person() -> None:
    proposal = sample("trung-dieu.txt", "ND0001-2099")
    with pytest.raises(
        AcceptanceRefused,
        match=r"Điều 5 xuất hiện hai lần: chọn .* --keep KHÓA, một trong ND0001-2099:5, ND0001-2099:5#2",
    ):
        accepted(EMPTY, proposal, Choices(in_force=FIRST))
    applied = accepted(EMPTY, proposal, Choices(in_force=FIRST, keep=("ND0001-2099:5", "ND0001-2099:6#2")))
    ids = [one.id for one in applied.corpus.document("ND0001-2099").provisions]
    assert len(ids) == len(set(ids))
    assert pid("ND0001-2099:6.2") in ids


@pytest.mark.parametrize(
    ("name", "given", "choices", "said"),
    [
        ("to-hop.txt", "", Choices(in_force=FIRST), "nhập lại với --document MÃ"),
        ("to-hop.txt", "ND0001-2099", Choices(), "nhận lại với --in-force NGÀY"),
        ("chu-tach.txt", "ND0001-2099", Choices(in_force=FIRST), "Hãy sửa tệp rồi nhập lại"),
        ("bang-diem.docx", "ND0001-2099", Choices(in_force=FIRST), "Không tìm thấy điều nào"),
        ("sua-doi.txt", "", Choices(), "không có thật: không nhận vào kho"),
    ],
)
def test_a_refusal_says_what_to_do(name: str, given: str, choices: Choices, said: str) -> None:
    with pytest.raises(AcceptanceRefused) as refused:
        accepted(EMPTY, sample(name, given), choices)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_excerpt_takes_the_day_of_the_document_that_is_held(loaded: Corpus) -> None:
    applied = accepted(loaded, sample("to-hop.txt", "ND0001-2099"))
    assert applied.documents == ()


def test_another_first_day_than_the_one_held_is_a_persons_to_decide(loaded: Corpus) -> None:
    moved = _during(loaded.documents[0], Period(date(2099, 3, 1)))
    held = Corpus((moved,), (), ())
    with pytest.raises(AcceptanceRefused, match="01/02/2099, trong kho là từ 01/03/2099"):
        accepted(held, sample("giai-mau.txt"))
    corpus = accepted(held, sample("giai-mau.txt"), Choices(in_force=FIRST)).corpus
    assert {one.valid for one in corpus.documents[0].provisions} == {Period(FIRST)} == {corpus.documents[0].valid}


def test_other_words_than_those_loaded_need_a_word_of_a_person(loaded: Corpus) -> None:
    clause = loaded.provision(pid("ND0001-2099:4.2"), FIRST)
    assert clause is not None
    wrong = replace(clause, official_text="2. Tổng điểm cao nhất là 100 điểm.")
    provisions = tuple(wrong if one is clause else one for one in loaded.documents[0].provisions)
    held = Corpus((replace(loaded.documents[0], provisions=provisions),), (), ())
    with pytest.raises(AcceptanceRefused, match=r"khác với nguyên văn đã nạp ở ND0001-2099:4\.2: .*--replace-text"):
        accepted(held, sample("giai-mau.txt"))
    applied = accepted(held, sample("giai-mau.txt"), Choices(replace_text=True))
    assert applied.changes == (Change(Effect.CORRECTED, clause.id, FIRST, ProvisionId("ND0001-2099")),)
    assert applied.corpus.provision(clause.id, FIRST) == clause


# -- harder amendments


EIGHT = ("1. Sửa đổi khoản 2 Điều 4 như sau:", "“2. Tổng điểm cao nhất là 800 điểm.”")
SEVEN = ("1. Sửa đổi khoản 2 Điều 4 như sau:", "“2. Tổng điểm cao nhất là 700 điểm.”")
IN_JULY = "01 tháng 7 năm 2099"


def _applied(corpus: Corpus, number: str, *lines: str, start: str = "01 tháng 5 năm 2099") -> Applied:
    title = "Sửa đổi, bổ sung một số điều của Nghị định số 0001/2099/NĐ-CP ngày 10 tháng 01 năm 2099 của Chính phủ"
    head = "Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 0001/2099/NĐ-CP"
    tail = f"Điều 2. Hiệu lực\nNghị định này có hiệu lực thi hành từ ngày {start}."
    return accepted(corpus, decree(number, "05/03/2099", title, head, *lines, tail))


def _changed(corpus: Corpus, number: str, *lines: str, start: str = "01 tháng 5 năm 2099") -> Corpus:
    return _applied(corpus, number, *lines, start=start).corpus


def test_a_second_amendment_closes_the_version_of_the_first(loaded: Corpus) -> None:
    once = _changed(loaded, "0050/2099/NĐ-CP", *EIGHT)
    twice = _changed(
        once,
        "0060/2099/NĐ-CP",
        *SEVEN,
        start=IN_JULY,
    )
    assert _versions(twice, "ND0001-2099:4.2") == [
        (FIRST, LAST, None, "ND0050-2099:1.1"),
        (MAY, date(2099, 6, 30), "ND0050-2099:1.1", "ND0060-2099:1.1"),
        (JULY, None, "ND0060-2099:1.1", None),
    ]


def test_an_amendment_that_comes_late_is_put_between_the_versions(loaded: Corpus) -> None:
    later = _changed(
        loaded,
        "0060/2099/NĐ-CP",
        *SEVEN,
        start=IN_JULY,
    )
    both = _changed(later, "0050/2099/NĐ-CP", *EIGHT)
    assert [(one[0], one[1]) for one in _versions(both, "ND0001-2099:4.2")] == [
        (FIRST, LAST),
        (MAY, date(2099, 6, 30)),
        (JULY, None),
    ]
    assert "700" in (_text(both, "ND0001-2099:4.2", JULY) or "")


def test_two_documents_for_one_day_are_a_persons_to_decide(loaded: Corpus) -> None:
    once = _changed(loaded, "0050/2099/NĐ-CP", *EIGHT)
    applied = _applied(once, "0060/2099/NĐ-CP", *SEVEN)
    assert applied.changes == ()
    assert any("đã có bản khác từ cùng ngày 01/05/2099 theo ND0050-2099:1.1" in one for one in applied.findings)
    assert "800" in (_text(applied.corpus, "ND0001-2099:4.2", MAY) or "")


def test_a_new_article_ends_the_clauses_that_it_does_not_have(loaded: Corpus) -> None:
    corpus = _changed(
        loaded, "0050/2099/NĐ-CP", "1. Sửa đổi Điều 4 như sau:", "“Điều 4. Cách chấm mới", "1. Chấm một lần.”"
    )
    assert _text(corpus, "ND0001-2099:4", MAY) == "Điều 4. Cách chấm mới\n1. Chấm một lần."
    assert corpus.provision(pid("ND0001-2099:4.2"), MAY) is None
    assert corpus.provision(pid("ND0001-2099:4.1.a"), MAY) is None
    assert "1.000 điểm" in (_text(corpus, "ND0001-2099:4", LAST) or "")
    entries = history(corpus, pid("ND0001-2099:4"))
    assert [one.ended_by for one in entries] == [(pid("ND0050-2099:1.1"),), ()]


def test_only_the_title_of_an_article_can_change(loaded: Corpus) -> None:
    corpus = _changed(loaded, "0050/2099/NĐ-CP", "1. Sửa đổi tên Điều 6 như sau:", "“Điều 6. Thưởng điểm”")
    new = corpus.provision(pid("ND0001-2099:6"), MAY)
    assert new is not None
    assert (new.title, new.official_text) == ("Thưởng điểm", "Điều 6. Thưởng điểm")
    assert len(corpus.versions(pid("ND0001-2099:6.1"))) == 1


def test_two_phrases_of_one_document_are_exchanged_together(loaded: Corpus) -> None:
    corpus = _changed(
        loaded,
        "0050/2099/NĐ-CP",
        "1. Thay thế cụm từ “mùa thu” bằng cụm từ “mùa đông” tại khoản 2 Điều 3.",
        "2. Thay thế cụm từ “một lần” bằng cụm từ “hai lần” tại khoản 2 Điều 3.",
    )
    assert _text(corpus, "ND0001-2099:3.2", MAY) == "2. Giải mẫu được trao mỗi năm hai lần, vào mùa đông."
    assert len(corpus.versions(pid("ND0001-2099:3.2"))) == 2


def test_a_phrase_that_holds_the_old_one_is_put_in_once(loaded: Corpus) -> None:
    line = "1. Thay thế cụm từ “mùa thu” bằng cụm từ “mùa thu hoặc mùa đông” tại khoản 2 Điều 3."
    corpus = _changed(loaded, "0050/2099/NĐ-CP", line)
    assert _changed(corpus, "0050/2099/NĐ-CP", line) == corpus
    assert (_text(corpus, "ND0001-2099:3.2", MAY) or "").endswith("vào mùa thu hoặc mùa đông.")


def test_new_words_that_are_not_whole_end_the_old_ones_and_take_no_ones_place(loaded: Corpus) -> None:
    applied = _applied(
        loaded, "0050/2099/NĐ-CP", "1. Sửa đổi khoản 2 Điều 4 như sau:", "“2. Tổng điểm cao nhất là […]", "[…]”"
    )
    assert _versions(applied.corpus, "ND0001-2099:4.2") == [(FIRST, LAST, None, "ND0050-2099:1.1")]
    assert any("không trọn vẹn" in one for one in applied.findings)


def test_an_ended_document_is_not_amended(loaded: Corpus) -> None:
    ended = _during(loaded.documents[0], Period(FIRST, date(2099, 3, 31)))
    applied = accepted(Corpus((ended,), (), ()), sample("sua-doi.txt"))
    assert applied.changes == ()
    assert any("đã hết hiệu lực sau ngày 31/03/2099" in one for one in applied.findings)


def test_the_end_of_a_document_takes_its_coming_versions_along(loaded: Corpus) -> None:
    later = _changed(
        loaded,
        "0060/2099/NĐ-CP",
        *SEVEN,
        start="01 tháng 9 năm 2099",
    )
    title = "Bãi bỏ một số nghị định"
    lines = (
        "Điều 1. Bãi bỏ",
        "1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2099.",
        "2. Nghị định số 0001/2099/NĐ-CP ngày 10 tháng 01 năm 2099 của Chính phủ hết hiệu lực kể từ ngày Nghị định này "
        "có hiệu lực thi hành.",
    )
    applied = accepted(later, decree("0070/2099/NĐ-CP", "05/04/2099", title, *lines))
    ended = applied.corpus.document("ND0001-2099")
    assert ended.valid.end == date(2099, 6, 30)
    assert {one.valid.end for one in ended.provisions} == {date(2099, 6, 30)}
    assert any("bản từ 01/09/2099 bị bỏ" in one for one in applied.findings)
