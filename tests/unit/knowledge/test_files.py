"""Content files: written back byte for byte the same, and every mistake named with file, entry and key."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge.corpus import Corpus
from knowledge.errors import ContentError
from knowledge.files import document_record, faq_record, guidance_record, read_content, write_content
from small_corpus import small_corpus

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
            ["ND1-2020.yml", "provisions.0.summary"],
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
