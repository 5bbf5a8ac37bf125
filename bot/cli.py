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
from bot.app import create_app
from bot.errors import BotError, StartError
from bot.publication import Served, open_publication
from bot.settings import Settings, load_settings
from bot.setup import prepare_index, set_up
from index.encoder import open_encoder
from index.errors import RetrievalError
from knowledge.database import Database, publish, read_content, replace_content
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
    except (BotError, KnowledgeError, RetrievalError) as error:
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
    _log_to_terminal()
    typer.echo(
        f"→ Chat: http://{'127.0.0.1' if address == '0.0.0.0' else address}:{port}/ (starting; ready in a few seconds)"  # noqa: S104  compared, not bound
    )
    config = uvicorn.Config(
        create_app(settings, port),
        host=address,
        port=port,
        log_level="warning",
        access_log=False,
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


def _log_to_terminal() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


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


@app.command("import")
def import_regulations(
    files: Annotated[list[Path], typer.Argument(help="DOCX, PDF with a text layer, HTML, Markdown or plain text")],
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Read official documents and report what was found and what looks wrong; nothing is stored."""
    from knowledge.importing import ImportRefused, import_file

    refused = 0
    for path in files:
        try:
            proposal = import_file(path)
        except ImportRefused as error:
            refused += 1
            typer.echo(f"✗ {path.name}: {error}", err=True)
            continue
        typer.echo(json.dumps(proposal.to_json(), ensure_ascii=False) if as_json else proposal.report.text())
    if refused:
        raise typer.Exit(1)


@knowledge_app.command("load")
def load(folder: Annotated[Path, typer.Argument()] = DATA) -> None:
    """Put the content of a folder in the place of all content, publish it and build its index."""
    from bot.setup import read_corpus

    settings = load_settings()
    corpus = read_corpus(folder)
    database = Database(settings.database_url)
    with database.session() as session:
        replace_content(session, corpus)
        publication = publish(session)
    typer.echo(
        f"✓ publication {publication.number}: {len(corpus.faq)} FAQ entries, {len(corpus.documents)} regulations"
    )
    prepare_index(settings, database, typer.echo)
    typer.echo("✓ index built; a running server takes it at its next start")


@knowledge_app.command("export")
def export(folder: Path) -> None:
    """Write the database's content as files."""
    database = Database(load_settings().database_url)
    with database.session() as session:
        corpus = read_content(session)
    write_content(folder, corpus.documents, corpus.guidance, corpus.faq)
    typer.echo(f"✓ {len(corpus.faq)} FAQ entries and {len(corpus.documents)} regulations in {folder}")


@index_app.command("build")
def build() -> None:
    """Build the index of the newest publication, unless it stands."""
    settings = load_settings()
    typer.echo(f"✓ {prepare_index(settings, Database(settings.database_url), typer.echo) or 'up to date'}")


@index_app.command("train")
def train() -> None:
    """Learn projection, ranker and scope weights from the content; commit the files that change."""
    from index.training.run import train_all

    settings = load_settings()
    database = Database(settings.database_url)
    with database.session() as session:
        corpus = read_content(session)
    for name, value in train_all(corpus, open_encoder(settings.encoder, threads=2), settings.var, typer.echo).items():
        typer.echo(f"{name:32} {value:.3f}")


if __name__ == "__main__":
    main()
