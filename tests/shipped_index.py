"""The real index of the shipped content: the one that the set-up built where it is up to date, else one built for the tests."""

from __future__ import annotations

import shutil
from contextlib import suppress
from functools import cache
from pathlib import Path

from actions.answering import Answerer
from bot.publication import index_folder, open_answerer
from bot.settings import Settings, load_settings
from bot.setup import prepare_encoder
from index.build import Manifest, build_index
from index.encoder import open_encoder
from index.errors import IndexNotBuilt
from index.stamp import index_stamp
from index.vector_store import VectorStore, encoder_stamp
from knowledge.publications import Publication
from shipped import shipped_corpus


@cache
def shipped_index() -> Path:
    """The folder; building it takes a minute, and is done again when the content or the code of the index changes."""
    settings = load_settings(environment={})
    prepare_encoder(settings)
    digest, stamp = shipped_corpus().digest, index_stamp(settings.encoder)[:8]
    indexes = settings.var / "index"
    for folder in sorted(indexes.glob(f"*-{stamp}")):
        with suppress(OSError, IndexNotBuilt):
            if Manifest.read(folder).corpus_digest == digest:
                return folder.resolve()
    for old in indexes.glob("test-*"):
        shutil.rmtree(old, ignore_errors=True)
    target = indexes / f"test-{digest[:12]}-{stamp}"
    store = VectorStore(settings.var / "vectors", encoder_stamp(settings.encoder))
    build_index(shipped_corpus(), open_encoder(settings.encoder, threads=2), target, vectors=store)
    return target


def shipped_answerer(folder: Path) -> Answerer:
    """The answerer as the chat server makes it; `folder` is the test's own."""
    settings = load_settings(environment={})
    root = folder / "project"
    (root / "var" / "index").mkdir(parents=True)
    own = Settings(**{**dict(settings), "root": root})
    index_folder(own, 1).symlink_to(shipped_index())
    return open_answerer(own, Publication(1, shipped_corpus()), open_encoder(settings.encoder, threads=1))
