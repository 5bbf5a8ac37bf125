"""Cases on SQLite and PostgreSQL: every step, every refusal, and who wins where two act at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from actions.answer import Language
from actions.handover import cases, wording
from actions.handover.case import Case, CaseReason, CaseState, Heard, case_id
from actions.handover.cases import CaseRow
from actions.handover.errors import CaseError
from actions.outbox import OutboxRow
from actions.personal_data import delete_person, export_person
from knowledge.database import Database

LAN, MINH = "lan", "minh"
SENDER = "web:abc"
PATIENCE = timedelta(minutes=30)


def _open(database: Database, sender: str = SENDER) -> Case:
    with database.session() as session:
        return cases.open_case(session, sender, "web", CaseReason.ASKED)[0]


def _do(database: Database, step: Callable[..., Case], case: Case, *arguments: str) -> Case:
    with database.session() as session:
        return step(session, case.id, *arguments)


def _hear(database: Database, text: str, key: str | None = None, sender: str = SENDER) -> Heard | None:
    with database.session() as session:
        return cases.hear(session, sender, text, key)


def _kinds(database: Database, case: Case) -> list[str]:
    with database.session() as session:
        return [one.kind for one in cases.history(session, case.id)]


def _outbox(database: Database, sender: str = SENDER) -> list[str]:
    with database.session() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.sender == sender).order_by(OutboxRow.id))
        return [row.answer["text"] for row in rows]


def _at_once(works: Iterable[Callable[[], object]]) -> list[object]:
    """Run all at the same moment; what each returned, or the error that it raised."""
    works = list(works)
    results: list[object] = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(number: int, work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[number] = work()
        except CaseError as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


# -- steps


def test_a_case_from_beginning_to_end(database: Database) -> None:
    case = _open(database)
    assert (case.state, case.reason, case.number) == (
        CaseState.OPEN,
        CaseReason.ASKED,
        f"HT-{datetime.now().year}-000001",
    )
    assert _do(database, cases.claim, case, LAN).state is CaseState.OWNED
    assert _hear(database, "còn em thì sao?") is not None
    assert _do(database, cases.reply, case, LAN, "Anh gửi hồ sơ về Sở nhé.").replies == 1
    assert _do(database, cases.give_back, case, LAN).state is CaseState.ANSWERED
    assert _do(database, cases.close, case, LAN).state is CaseState.CLOSED
    assert _kinds(database, case) == ["opened", "taken", "message", "reply", "given back", "closed"]
    said = _outbox(database)
    assert said[1] == "Anh gửi hồ sơ về Sở nhé."
    assert [case.number in one for one in said] == [True, False, True, True]


def test_asking_twice_is_one_case(database: Database) -> None:
    first = _open(database)
    with database.session() as session:
        again, new = cases.open_case(session, SENDER, "web", CaseReason.FAILED)
    assert (again.id, new) == (first.id, False)


def test_asking_again_after_an_answer_puts_the_case_back_in_the_queue(database: Database) -> None:
    case = _open(database)
    _do(database, cases.reply, case, LAN, "đáp")
    _do(database, cases.give_back, case, LAN)
    with database.session() as session:
        again, new = cases.open_case(session, SENDER, "web", CaseReason.ASKED)
    assert (again.id, again.state, new) == (case.id, CaseState.OPEN, True)


def test_after_a_closed_case_there_is_a_new_one_with_a_new_number(database: Database) -> None:
    case = _open(database)
    _do(database, cases.close, case, LAN)
    assert _open(database).id == case.id + 1


def test_a_number_is_never_given_twice_even_when_its_case_was_deleted(database: Database) -> None:
    case = _open(database)
    with database.session() as session:
        delete_person(session, SENDER)
    assert _open(database).id == case.id + 1


def test_a_reply_takes_a_case_that_waits_and_the_person_is_told_once(database: Database) -> None:
    case = _open(database)
    assert _do(database, cases.reply, case, LAN, "đáp").officer == LAN
    _do(database, cases.reply, case, LAN, "thêm")
    assert _outbox(database) == [wording.taken(case).text, "đáp", "thêm"]


def test_taking_what_one_has_changes_nothing(database: Database) -> None:
    case = _open(database)
    _do(database, cases.claim, case, LAN)
    _do(database, cases.claim, case, LAN)
    assert _kinds(database, case) == ["opened", "taken"]


@pytest.mark.parametrize("step", [cases.claim, cases.give_back, cases.close])
def test_what_another_officer_has_is_refused_by_name(database: Database, step: Callable[..., Case]) -> None:
    case = _open(database)
    _do(database, cases.claim, case, LAN)
    with pytest.raises(CaseError, match=f"{case.number} is taken by lan"):
        _do(database, step, case, MINH)
    with pytest.raises(CaseError, match="taken by lan"):
        _do(database, cases.reply, case, MINH, "đáp")
    assert _outbox(database) == [wording.taken(case).text]


def test_what_is_closed_stays_closed(database: Database) -> None:
    case = _open(database)
    _do(database, cases.close, case, LAN)
    for step in (cases.claim, cases.give_back, cases.close):
        with pytest.raises(CaseError, match="is closed"):
            _do(database, step, case, LAN)
    with pytest.raises(CaseError, match="is closed"):
        _do(database, cases.reply, case, LAN, "đáp")


def test_what_nobody_has_can_not_be_given_back(database: Database) -> None:
    with pytest.raises(CaseError, match="not taken"):
        _do(database, cases.give_back, _open(database), LAN)


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4001])
def test_a_reply_has_words_and_fits_into_a_message(database: Database, text: str) -> None:
    case = _open(database)
    with pytest.raises(CaseError, match="1 to 4000"):
        _do(database, cases.reply, case, LAN, text)
    assert _kinds(database, case) == ["opened"]


def test_an_unknown_case_is_named(database: Database) -> None:
    with database.session() as session, pytest.raises(CaseError, match="no case 77"):
        cases.find_case(session, 77)


@pytest.mark.parametrize(("written", "number"), [("HT-2026-000123", 123), ("123", 123), (" ht-2026-7 ", 7)])
def test_numbers_as_they_are_written(written: str, number: int) -> None:
    assert case_id(written) == number


@pytest.mark.parametrize("written", ["", "HT-2026-", "x", "١٢", "1.5"])
def test_what_is_no_number(written: str) -> None:
    with pytest.raises(CaseError, match="no case number"):
        case_id(written)


def test_those_that_wait_longest_come_first(database: Database) -> None:
    first, second, closed = (_open(database, f"web:{name}") for name in "abc")
    _do(database, cases.close, closed, LAN)
    with database.session() as session:
        session.execute(update(CaseRow).where(CaseRow.id == first.id).values(touched_at=datetime.now(UTC)))
    with database.session() as session:
        assert [one.id for one in cases.list_cases(session)] == [second.id, first.id]
        assert [one.id for one in cases.list_cases(session, [CaseState.CLOSED])] == [closed.id]


# -- what the person writes


def test_only_an_owned_chat_hears(database: Database) -> None:
    assert _hear(database, "hỏi") is None
    case = _open(database)
    assert _hear(database, "hỏi") is None
    _do(database, cases.claim, case, LAN)
    assert _hear(database, "hỏi") is not None
    _do(database, cases.give_back, case, LAN)
    assert _hear(database, "hỏi") is None


def test_receipt_is_confirmed_once_until_the_officer_speaks_again(database: Database) -> None:
    case = _open(database)
    _do(database, cases.claim, case, LAN)

    def first(text: str) -> bool:
        heard = _hear(database, text)
        assert heard is not None
        return heard.first

    assert [first("một"), first("hai")] == [True, False]
    _do(database, cases.reply, case, LAN, "đáp")
    assert [first("ba"), first("bốn")] == [True, False]


def test_a_message_that_is_handed_in_twice_counts_once(database: Database) -> None:
    case = _open(database)
    _do(database, cases.claim, case, LAN)
    _hear(database, "hỏi", "abc:2")
    _hear(database, "hỏi", "abc:2")
    _hear(database, "hỏi", "abc:3")
    assert _kinds(database, case).count("message") == 2


def test_contact_details_are_kept_for_a_live_case_only(database: Database) -> None:
    def note(*details: str) -> Case | None:
        with database.session() as session:
            return cases.note_contact(session, SENDER, details)

    assert note("0912345678") is None
    case = _open(database)
    note("0912345678")
    note("a@b.vn", "0912345678")
    with database.session() as session:
        assert cases.find_case(session, case.id).contact == "0912345678; a@b.vn"
    _do(database, cases.close, case, LAN)
    assert note("0987654321") is None


def test_the_person_goes_back_to_the_assistant(database: Database) -> None:
    def back() -> Case | None:
        with database.session() as session:
            return cases.return_to_assistant(session, SENDER)

    assert back() is None
    case = _open(database)
    assert back() is None
    _do(database, cases.claim, case, LAN)
    returned = back()
    assert returned is not None and returned.state is CaseState.OPEN, "nobody has answered yet"
    _do(database, cases.reply, case, LAN, "đáp")
    returned = back()
    assert returned is not None and returned.state is CaseState.ANSWERED
    assert back() is None


# -- idle chats


def test_a_quiet_chat_goes_back_with_a_notice_and_a_live_one_does_not(database: Database) -> None:
    quiet, live = _open(database), _open(database, "web:other")
    for case in (quiet, live):
        _do(database, cases.reply, case, LAN, "đáp")
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with database.session() as session:
        session.execute(update(CaseRow).values(touched_at=long_ago))
    _hear(database, "em đây", sender="web:other")
    with database.session() as session:
        given = cases.give_back_idle(session, datetime.now(UTC), PATIENCE)
    assert [(one.id, one.state) for one in given] == [(quiet.id, CaseState.ANSWERED)]
    assert _outbox(database)[-1] == wording.idle(quiet).text
    with database.session() as session:
        assert cases.give_back_idle(session, datetime.now(UTC), PATIENCE) == []


# -- at the same moment


def test_of_many_officers_one_takes_the_case(database: Database) -> None:
    case = _open(database)
    officers = [f"cb{number}" for number in range(8)]
    results = _at_once([lambda name=name: _do(database, cases.claim, case, name) for name in officers])  # type: ignore[misc]
    winners = [one for one in results if isinstance(one, Case)]
    assert len(winners) == 1
    assert all(f"taken by {winners[0].officer}" in str(one) for one in results if isinstance(one, CaseError))
    assert _kinds(database, case) == ["opened", "taken"]
    assert len(_outbox(database)) == 1


def test_of_many_replies_to_a_case_that_waits_one_officer_answers(database: Database) -> None:
    case = _open(database)
    results = _at_once(
        [lambda name=name: _do(database, cases.reply, case, name, f"đáp của {name}") for name in ("a", "b", "c", "d")]  # type: ignore[misc]
    )
    winners = [one for one in results if isinstance(one, Case)]
    assert len(winners) == 1
    assert _outbox(database) == [wording.taken(case).text, f"đáp của {winners[0].officer}"]


def test_asking_many_times_at_once_is_one_case(database: Database) -> None:
    results = _at_once([lambda: _open(database)] * 6)
    assert len({one.id for one in results if isinstance(one, Case)}) == 1
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(CaseRow)) == 1


def test_a_person_who_returns_while_the_officer_replies_gets_the_reply_once(database: Database) -> None:
    """Whoever is first: the reply arrives once, and the officer owns the chat or the assistant does, never both."""
    for number in range(6):
        sender = f"web:{number}"
        case = _open(database, sender)
        _do(database, cases.claim, case, LAN)

        def back(sender: str = sender) -> Case | None:
            with database.session() as session:
                return cases.return_to_assistant(session, sender)

        _at_once([back, lambda case=case: _do(database, cases.reply, case, LAN, "đáp")])  # type: ignore[misc]
        assert _outbox(database, sender).count("đáp") == 1
        with database.session() as session:
            after = cases.find_case(session, case.id)
        kinds = _kinds(database, case)
        # Either the reply came first and the return gave the chat back, or the officer took it once more with the reply.
        replied_last = kinds.index("reply") > kinds.index("returned")
        assert after.state is (CaseState.OWNED if replied_last else CaseState.ANSWERED), kinds


def test_many_messages_at_once_all_reach_the_officer(database: Database) -> None:
    case = _open(database)
    _do(database, cases.claim, case, LAN)
    texts = [f"tin {number}" for number in range(8)]
    _at_once([lambda text=text: _hear(database, text, text) for text in [*texts, *texts]])  # type: ignore[misc]
    with database.session() as session:
        heard = [one.text for one in cases.history(session, case.id) if one.kind == "message"]
    assert sorted(str(one) for one in heard) == texts


def test_a_chat_is_not_given_back_as_idle_while_somebody_writes(database: Database) -> None:
    case = _open(database)
    _do(database, cases.claim, case, LAN)
    with database.session() as session:
        session.execute(update(CaseRow).values(touched_at=datetime.now(UTC) - timedelta(hours=1)))

    def idle() -> list[Case]:
        with database.session() as session:
            return cases.give_back_idle(session, datetime.now(UTC), PATIENCE)

    given, heard = _at_once([idle, lambda: _hear(database, "em đây")])
    assert bool(given) != bool(heard), "the message went to the officer, or the assistant has the chat"


# -- personal data


def test_a_case_is_exported_without_the_officers_name_and_deleted_whole(database: Database) -> None:
    case, other = _open(database), _open(database, "web:other")
    _do(database, cases.reply, case, LAN, "đáp")
    with database.session() as session:
        exported = export_person(session, SENDER)
    assert exported["cases"][0]["number"] == case.number
    assert [one["by"] for one in exported["cases"][0]["events"]] == ["person", "officer", "officer"]
    assert LAN not in str(exported)
    assert [one["text"] for one in exported["outbox"]] == _outbox(database)
    with database.session() as session:
        assert delete_person(session, SENDER)["cases"] == 1
    with database.session() as session:
        assert export_person(session, SENDER) == {}
        assert cases.find_case(session, other.id).state is CaseState.OPEN


def test_a_case_is_told_in_the_language_it_was_asked_in(database: Database) -> None:
    with database.session() as session:
        case, _ = cases.open_case(session, SENDER, "web", CaseReason.ASKED, Language.ENGLISH)
    _do(database, cases.claim, case, LAN)
    assert _outbox(database) == [wording.TAKEN[Language.ENGLISH].format(number=case.number)]
