"""Content files: written back byte for byte the same, and every mistake named with file, entry and key."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.corpus import Corpus
from knowledge.documents import Period, Provision
from knowledge.errors import ContentError
from knowledge.files import document_record, faq_record, guidance_record, read_content, write_content
from small_corpus import NEW, document, pid, small_corpus

DOCUMENT = {"id": "ND1-2020", "number": "1/2020/NĐ-CP", "type": "Nghị định", "issuer": "Chính phủ", "rank": 2}
ENTRY = {"id": "hoi", "topic": "điều kiện", "kind": "answer", "question": "Hỏi?", "answer": "Đáp."}
ITEM = {"id": "now.a", "regime": "current", "title": "Lãnh đạo"}


def _written(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.yml"))}


def _write(folder: Path, corpus: Corpus) -> Corpus:
    write_content(folder, corpus.documents, corpus.guidance, corpus.faq)
    return Corpus(*map(tuple, read_content(folder)))  # type: ignore[arg-type]


def test_shipped_content_survives_two_round_trips(corpus: Corpus, tmp_path: Path) -> None:
    once = _write(tmp_path / "1", corpus)
    twice = _write(tmp_path / "2", once)
    assert once.digest == twice.digest == corpus.digest
    assert _written(tmp_path / "1") == _written(tmp_path / "2")
    assert len(_written(tmp_path / "1")) > 30


def test_a_small_corpus_survives_whole(tmp_path: Path) -> None:
    small = small_corpus()
    read = _write(tmp_path, small)
    assert set(read.faq) == set(small.faq)
    assert set(read.documents) == set(small.documents)
    assert set(read.guidance) == set(small.guidance)
    assert sorted(_written(tmp_path)) == [
        "documents/ND132-2008.yml",
        "documents/ND37-2026.yml",
        "faq/dieu-kien.yml",
        "faq/ho-so.yml",
        "faq/ngoai-pham-vi.yml",
        "faq/tieu-chi.yml",
        "guidance/former.yml",
        "guidance/now.yml",
        "guidance/ref.yml",
    ]


def test_versions_with_their_causes_and_official_text_survive_byte_for_byte(tmp_path: Path) -> None:
    amending = pid("ND5-2027:1.1")
    old, new = Period(NEW.start, date(2026, 12, 31)), Period(date(2027, 1, 1))
    official = " 1. Chữ gốc\u00a0không ngắt,  hai dấu cách \n\tdòng hai: \u1ec7 hay e\u0323\u0302\n"
    decree = document(
        "ND37-2026",
        "37/2026/NĐ-CP",
        NEW,
        Provision(pid("ND37-2026:1"), old, "Bản cũ.", official_text=official, ended_by=amending),
        Provision(pid("ND37-2026:1"), new, "", official_text="1. Mới", official_closing=official, made_by=amending),
    )
    last = document("ND5-2027", "5/2027/NĐ-CP", new, fictional=True, ended_by=pid("ND37-2026"))
    corpus = Corpus((decree, last), (), small_corpus().faq[2:3])
    read = _write(tmp_path / "1", corpus)
    assert read == corpus
    _write(tmp_path / "2", read)
    assert _written(tmp_path / "1") == _written(tmp_path / "2")


@given(official=st.text(min_size=1).filter(lambda text: "\x00" not in text), closing=st.none() | st.text(min_size=1))
def test_any_official_text_survives_byte_for_byte(official: str, closing: str | None) -> None:
    provision = Provision(pid("ND37-2026:1"), NEW, "", official_text=official, official_closing=closing)
    corpus = Corpus((document("ND37-2026", "37/2026/NĐ-CP", NEW, provision),), (), small_corpus().faq[2:3])
    with TemporaryDirectory() as folder:
        assert _write(Path(folder), corpus) == corpus


def test_a_day_that_is_shared_is_written_out_at_each(tmp_path: Path) -> None:
    day = date(2027, 1, 1)
    pieces = [Provision(pid(f"ND37-2026:{number}"), Period(day), "Một.") for number in (1, 2)]
    write_content(tmp_path, [document("ND37-2026", "37/2026/NĐ-CP", NEW, *pieces)], [], [])
    text = (tmp_path / "documents" / "ND37-2026.yml").read_text(encoding="utf-8")
    assert text.count("valid_from: 2027-01-01") == 2


def test_a_second_write_changes_nothing(tmp_path: Path) -> None:
    small = _write(tmp_path, small_corpus())
    before = _written(tmp_path)
    _write(tmp_path, small)
    assert _written(tmp_path) == before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sound content of one file a kind, to be spoiled."""
    for name, value in (("documents/ND1-2020", DOCUMENT), ("guidance/now", [ITEM]), ("faq/dieu-kien", [ENTRY])):
        _put(tmp_path / f"{name}.yml", value)
    return tmp_path


def _put(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")


def test_the_sound_content_is_read(folder: Path) -> None:
    documents, guidance, faq = read_content(folder)
    assert [document_record(one)["id"] for one in documents] == ["ND1-2020"]
    assert [guidance_record(one)["id"] for one in guidance] == ["now.a"]
    assert [faq_record(one)["id"] for one in faq] == ["hoi"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("faq/dieu-kien", [ENTRY | {"anwser": "x"}], ["dieu-kien.yml, hoi", "anwser", "not permitted"]),
        ("faq/dieu-kien", [ENTRY | {"kind": "maybe"}], ["dieu-kien.yml, hoi", "kind"]),
        ("faq/dieu-kien", [ENTRY | {"id": "Hỏi Đáp"}], ["dieu-kien.yml", "id"]),
        ("faq/dieu-kien", [ENTRY | {"answer": " "}], ["dieu-kien.yml, hoi", "answer"]),
        ("faq/dieu-kien", [ENTRY | {"valid_from": "hôm qua"}], ["dieu-kien.yml, hoi", "valid_from"]),
        ("faq/dieu-kien", [ENTRY | {"en": {"question": "?"}}], ["dieu-kien.yml, hoi", "en.answer"]),
        ("faq/dieu-kien", [ENTRY | {"citations": ["điều 59"]}], ["«điều 59»"]),
        ("faq/dieu-kien", ["một câu"], ["dieu-kien.yml, ?"]),
        ("faq/dieu-kien", ENTRY, ["dieu-kien.yml must hold a list"]),
        ("guidance/now", [ITEM | {"regime": "future"}], ["now.yml, now.a", "regime"]),
        ("guidance/now", [ITEM | {"score": 3}], ["now.yml, now.a", "score"]),
        ("documents/ND1-2020", DOCUMENT | {"rank": 0}, ["ND1-2020.yml", "rank"]),
        (
            "documents/ND1-2020",
            DOCUMENT | {"provisions": [{"id": "ND1-2020:1"}]},
            ["ND1-2020.yml", "provisions.0", "ND1-2020:1 needs a summary or an official_text"],
        ),
        ("documents/ND1-2020", DOCUMENT | {"colour": "red"}, ["ND1-2020.yml", "colour"]),
    ],
)
def test_a_mistake_is_named_with_its_file_entry_and_key(
    folder: Path, name: str, value: object, said: list[str]
) -> None:
    _put(folder / f"{name}.yml", value)
    with pytest.raises(ContentError) as found:
        read_content(folder)
    message = str(found.value)
    assert all(part in message for part in said), message
    assert "\n" not in message


@pytest.mark.parametrize("content", [b"- id: [", b"\xff\xfe\x00", b"- {a: b"])
def test_what_is_no_yaml_is_named(folder: Path, content: bytes) -> None:
    (folder / "faq/dieu-kien.yml").write_bytes(content)
    with pytest.raises(ContentError, match=r"dieu-kien\.yml is no valid YAML in UTF-8"):
        read_content(folder)


def test_an_empty_folder_is_no_content(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="holds no content"):
        read_content(tmp_path)


def test_no_python_object_is_made_from_yaml(folder: Path) -> None:
    (folder / "faq/dieu-kien.yml").write_text("- !!python/object/apply:os.getcwd []\n")
    with pytest.raises(ContentError):
        read_content(folder)
