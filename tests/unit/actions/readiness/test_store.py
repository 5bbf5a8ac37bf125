"""Self-assessments in the database: one open a person and kind, finished ones to compare with, and none of somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from actions.personal_data import delete_person, export_person
from actions.readiness import store
from actions.readiness.store import Run, Runs
from knowledge.database import Database
from knowledge.readiness import SKIPPED, Form, Rating

DAY = date(2026, 11, 22)


def test_a_run_is_found_again_as_it_was(database: Database) -> None:
    runs = Runs(database)
    run = Run(Form.SHORT, "former").rated("short.1", Rating((3, 2, 1))).rated("short.2", Rating(percent=(40, 50)))
    saved = runs.save("web:1", replace(run.rated("short.3", SKIPPED), asked=3, failures=1))
    found = runs.open("web:1")
    assert found == saved and found is not None and found.id is not None and found.updated_at is not None
    assert (found.form, found.scale, found.asked, found.failures) == (Form.SHORT, "former", 3, 1)
    assert found.ratings == {
        "short.1": Rating((3, 2, 1)),
        "short.2": Rating(percent=(40, 50)),
        "short.3": SKIPPED,
    }
    assert runs.open("web:2") is None


def test_form_and_scale_may_still_be_open(database: Database) -> None:
    runs = Runs(database)
    runs.save("web:1", Run())
    found = runs.open("web:1")
    assert found is not None and (found.form, found.scale) == (None, None)


def test_a_new_run_takes_the_place_of_an_unfinished_one_but_not_of_the_product(database: Database) -> None:
    runs = Runs(database)
    first = runs.save("web:1", Run(Form.SHORT, "former"))
    product = runs.save("web:1", Run(Form.PRODUCT, "former"))
    second = runs.save("web:1", Run(Form.FULL, "former"))
    assert second.id not in (first.id, product.id)
    assert runs.open("web:1") == second
    runs.finish("web:1", second, DAY)
    assert runs.open("web:1") == product


def test_finished_runs_are_kept_newest_first_and_not_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_FINISHED", 2)
    runs = Runs(database)
    for days in range(4):
        runs.finish("web:1", runs.save("web:1", Run(Form.SHORT, "former", asked=days)), DAY + timedelta(days))
    runs.finish("web:2", Run(Form.SHORT, "former"), DAY)
    assert [(one.asked, one.finished_on) for one in runs.finished("web:1")] == [
        (3, DAY + timedelta(3)),
        (2, DAY + timedelta(2)),
    ]
    assert len(runs.finished("web:2")) == 1
    assert runs.open("web:1") is None


def test_nobody_writes_into_the_run_of_another(database: Database) -> None:
    runs = Runs(database)
    mine = runs.save("web:1", Run(Form.SHORT, "former"))
    theirs = runs.save("web:2", replace(mine, scale="baldrige"))
    assert theirs.id != mine.id
    assert runs.open("web:1") == mine


def test_it_is_exported_and_deleted_with_the_person(database: Database) -> None:
    runs = Runs(database)
    runs.finish("web:1", Run(Form.SHORT, "former").rated("short.1", Rating((2,))), DAY)
    runs.save("web:1", Run(Form.FULL, "baldrige"))
    runs.save("web:2", Run())
    with database.session() as session:
        records = export_person(session, "web:1")["self-assessments"]
        assert [(one["form"], one["finished_on"]) for one in records] == [("short", "2026-11-22"), ("full", None)]
        assert delete_person(session, "web:1")["self-assessments"] == 2
    assert runs.open("web:1") is None and runs.finished("web:1") == []
    assert runs.open("web:2") is not None
