"""The command line: `award serve`, `award ask`, `award search` and the rest. A known error is one line and exit code 1."""

from __future__ import annotations

import errno
import json
import logging
import multiprocessing
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import httpx
import typer

from actions.answer import Query, plain_text
from actions.handover.errors import CaseError
from actions.staff.errors import StaffError
from bot import backup_commands, case_commands, channel_commands, import_commands, person_commands, staff_commands
from bot.app import create_app
from bot.calendar_commands import calendar_app
from bot.channels.requests import MOST_BYTES
from bot.errors import BotError, StartError
from bot.logs import configure_logs
from bot.publication import Served, open_publication
from bot.publication_commands import Author, Despite, publication_commands, show_published, user_name
from bot.publishing import Publisher
from bot.regulation_commands import provision
from bot.settings import Settings, load_settings
from bot.setup import progress_lines, set_up
from bot.status import status
from index.encoder import open_encoder
from index.errors import RetrievalError
from knowledge.calendar_files import read_calendar_file, write_calendar_file
from knowledge.calendar_store import read_calendar, replace_calendar
from knowledge.database import Database, read_content, replace_content
from knowledge.errors import KnowledgeError
from knowledge.files import DATA, write_content

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The National Quality Award assistant.",
)
knowledge_app = typer.Typer(no_args_is_help=True, help="Content as files.")
index_app = typer.Typer(no_args_is_help=True, help="The retrieval index.")
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(index_app, name="index")
app.add_typer(case_commands.app, name="case")
app.add_typer(person_commands.app, name="person")
app.add_typer(staff_commands.user_app, name="user")
app.add_typer(staff_commands.audit_app, name="audit")
app.command()(provision)
import_commands.register(app)
backup_commands.register(app)
app.command()(status)
channel_commands.register(app)
app.add_typer(calendar_app, name="calendar")
publication_commands(app)
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="the day whose law counts, like 2022-05-01; today by default")
]


def main() -> None:
    """Entry point of `award`."""
    for chatty in ("httpx", "alembic", "rasa_sdk", "bm25s"):  # their progress is not news to who runs a command
        logging.getLogger(chatty).setLevel(logging.WARNING)
    with _errors_in_one_line():
        app()


@contextmanager
def _errors_in_one_line() -> Iterator[None]:
    """A known error becomes one line on standard error and exit code 1."""
    try:
        yield
    except (BotError, CaseError, KnowledgeError, RetrievalError, StaffError) as error:
        typer.echo(f"✗ {error}", err=True)
        raise SystemExit(1) from error
    except OSError as error:
        full = error.errno == errno.ENOSPC
        message = "the disk is full: free some space and run the same command again" if full else str(error)
        typer.echo(f"✗ {message}", err=True)
        raise SystemExit(1) from error


@contextmanager
def _served() -> Iterator[tuple[Settings, Served]]:
    settings = load_settings()
    database = Database(settings.database_url)
    database.check_schema()
    yield settings, open_publication(settings, database, open_encoder(settings.encoder, settings.index.threads))
    database.close()


def _day(text: str | None, settings: Settings) -> date:
    try:
        return date.fromisoformat(text) if text else settings.today()
    except ValueError:
        raise typer.BadParameter(f"«{text}» is no date; write it like 2022-05-01") from None


@app.command()
def setup() -> None:
    """Do what is still missing between a fresh clone and a serving chat."""
    set_up(load_settings(), typer.echo)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="the public port")] = 8000,
    host: Annotated[
        str | None, typer.Option(help="the address to listen on; bot.host of config.yml by default")
    ] = None,
    prepare: Annotated[bool, typer.Option("--setup", help="first do what is missing, as `award setup` does")] = False,
) -> None:
    """Serve the chat (and Rasa beside it) until stopped."""
    import uvicorn

    settings = load_settings()
    address = host or settings.bot.host
    _refuse_taken_port(address, port)
    if prepare:
        _set_up_apart(settings)
    Database(settings.database_url).check_schema()
    configure_logs()
    typer.echo(
        f"→ Chat: http://{'127.0.0.1' if address == '0.0.0.0' else address}:{port}/ (starting; ready in a few seconds)"  # noqa: S104  compared, not bound
    )
    config = uvicorn.Config(
        create_app(settings, port),
        host=address,
        port=port,
        log_level="warning",
        access_log=False,
        ws_max_size=MOST_BYTES,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run()


def _set_up_apart(settings: Settings) -> None:
    """Run the set-up in a child process, so that what building an index takes is not kept by the server."""
    child = multiprocessing.get_context("fork").Process(target=_set_up_or_exit, args=(settings,))
    child.start()
    child.join()
    if child.exitcode:
        raise typer.Exit(1)


def _set_up_or_exit(settings: Settings) -> None:
    with _errors_in_one_line():
        set_up(settings, typer.echo)


def _refuse_taken_port(address: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise StartError(
                f"port {port} of {address} can't be used ({error.strerror}); choose another: make run PORT=8001"
            ) from error


@app.command()
def ask(question: str, as_of: AsOf = None, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Answer one question from the knowledge, without the dialogue server."""
    with _served() as (settings, served):
        answer = served.answerer.answer(Query(question, _day(as_of, settings)))
        if as_json:
            typer.echo(json.dumps(answer.to_json(), ensure_ascii=False, indent=1))
            return
        labels = [one.label for one in answer.citations]
        typer.echo(plain_text(answer.text, labels, answer.notices, answer.language))
        typer.echo(f"\n[{answer.status} · {answer.as_of:%d/%m/%Y} · {answer.entry} · evidence {answer.evidence:.2f}]")


@app.command()
def search(question: str, as_of: AsOf = None, top: int = 10) -> None:
    """Show what the index finds for a question, with the reasons."""
    with _served() as (settings, served):
        retrieval = served.answerer.retriever.retrieve(question, _day(as_of, settings), top)
        typer.echo(f"read as: {retrieval.analysis.text}")
        for hit in retrieval.hits:
            typer.echo(f"{hit.evidence:6.3f}  {hit.passage.kind:9} {hit.passage.key:42} {hit.wording[:70]}")


@app.command()
def chat(url: Annotated[str, typer.Option(help="a running server")] = "http://127.0.0.1:8000") -> None:
    """Talk to a running server in the terminal; an empty line ends it."""
    sender = f"terminal-{os.getpid()}"
    with httpx.Client(base_url=url, timeout=60) as client:
        while text := input("› ").strip():
            try:
                reply = client.post(
                    "/webhooks/rest/webhook", json={"sender": sender, "message": text}
                ).raise_for_status()
            except httpx.HTTPError as error:
                raise StartError(f"{url} does not answer ({error}); start it with make run") from error
            for message in reply.json():
                typer.echo(message["text"])
                for number, button in enumerate(message.get("buttons", []), 1):
                    typer.echo(f"  {number}. {button['title']}")


@app.command()
def check() -> None:
    """Say whether everything is in place to serve."""
    settings = load_settings()
    typer.echo("✓ config.yml")
    database = Database(settings.database_url)
    database.check_schema()
    typer.echo(f"✓ database {database.engine.url.render_as_string()}")
    served = open_publication(settings, database, open_encoder(settings.encoder, settings.index.threads))
    typer.echo(f"✓ publication {served.number} and its index")
    from bot.dialogue import DialogueSettings, is_trained

    if not is_trained(DialogueSettings.of_project(settings.root)):
        raise StartError("the Rasa model is missing or older than its files; run: award setup")
    typer.echo("✓ Rasa model")
    free = shutil.disk_usage(settings.root).free // 2**20
    if free < 500:
        raise StartError(f"only {free} MB are free on this disk; free some space")
    typer.echo(f"✓ {free} MB free on disk")


@app.command("eval")
def evaluate(
    path: Annotated[Path, typer.Argument(help="a JSONL file of questions, or with --retrieval a BEIR folder")],
    retrieval: Annotated[bool, typer.Option("--retrieval", help="measure retrieval on a BEIR folder")] = False,
    show: Annotated[int, typer.Option(help="how many failures to print")] = 20,
    floor: Annotated[float | None, typer.Option(help="exit with 1 below this accuracy")] = None,
) -> None:
    """Measure answers on a question set, or retrieval on a BEIR folder."""
    from bot.evaluation import evaluate_questions, print_report
    from index.evaluation import evaluate_folder, print_figures

    if retrieval:
        settings = load_settings()
        print_figures(evaluate_folder(path, open_encoder(settings.encoder, threads=2), typer.echo), typer.echo)
        return
    with _served() as (settings, served):
        report = evaluate_questions(path, served.answerer, settings.today())
        print_report(report, show, typer.echo)
        if floor is not None and report.accuracy < floor:
            raise typer.Exit(1)


@knowledge_app.command("load")
def load(folder: Annotated[Path, typer.Argument()] = DATA, author: Author = None, despite: Despite = None) -> None:
    """Put the content of a folder in the place of all content and publish it."""
    from bot.setup import read_corpus

    settings = load_settings()
    corpus, events = read_corpus(folder), read_calendar_file(folder)
    database = Database(settings.database_url)
    with database.session() as session:
        replace_content(session, corpus)
        replace_calendar(session, events, settings.now())
    typer.echo(f"✓ {len(corpus.faq)} FAQ entries, {len(corpus.documents)} regulations, {len(events)} dates")
    show_published(Publisher(settings, database, progress_lines(typer.echo)).publish(author or user_name(), despite))


@knowledge_app.command("export")
def export(folder: Path) -> None:
    """Write the database's content as files."""
    database = Database(load_settings().database_url)
    with database.session() as session:
        corpus, events = read_content(session), read_calendar(session)
    write_content(folder, corpus.documents, corpus.guidance, corpus.faq, corpus.marks)
    write_calendar_file(folder, events)
    typer.echo(f"✓ {len(corpus.faq)} FAQ entries, {len(corpus.documents)} regulations, {len(events)} dates in {folder}")


@index_app.command("build")
def build(
    number: Annotated[int | None, typer.Option("--publication", help="the current one by default")] = None,
) -> None:
    """Build the index of a publication from its snapshot, unless it stands."""
    settings = load_settings()
    database = Database(settings.database_url)
    database.check_schema()
    manifest = Publisher(settings, database, progress_lines(typer.echo)).index(number)
    typer.echo(f"✓ {manifest.passages} passages, {manifest.wordings} wordings")


@index_app.command("train")
def train() -> None:
    """Learn projection, ranker, subject and scope weights from the content; commit the files that change."""
    from index.training.run import train_all
    from index.vector_store import VectorStore, encoder_stamp

    settings = load_settings()
    database = Database(settings.database_url)
    with database.session() as session:
        corpus = read_content(session)
    store = VectorStore(settings.var / "vectors", encoder_stamp(settings.encoder))
    encoder = open_encoder(settings.encoder, threads=2)
    for name, value in train_all(corpus, encoder, store, settings.var, typer.echo).items():
        typer.echo(f"{name:32} {value:.3f}")


if __name__ == "__main__":
    main()
