"""The database as one file, taken while it is in use, and back: SQLite by VACUUM INTO, PostgreSQL by pg_dump and psql."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, inspect, select, table, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from bot.errors import BackupError
from knowledge.database import Base, Database
from knowledge.errors import DatabaseError

SQLITE, POSTGRESQL = "award.db", "award.pgdump"
_RESTORE = ("--no-owner", "--no-privileges", "--clean", "--if-exists")
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ")
# libpq's names of what a URL may say; the environment is read by no other user, a command line is.
_LIBPQ = {
    "host": "PGHOST",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "application_name": "PGAPPNAME",
}


@dataclass(frozen=True, slots=True)
class Copied:
    """What the copy holds, counted in the copy itself or in the very snapshot that it was taken from."""

    file: Path
    revision: str
    publication: int | None
    counts: dict[str, int]
    schema: str = ""


def copy_database(database: Database, folder: Path) -> Copied:
    """A consistent copy in the folder; writers go on meanwhile. Raises BackupError, DatabaseError."""
    revision = database.revision()
    if revision is None:
        raise BackupError("the database is empty, there is nothing to back up")
    if database.engine.dialect.name == "sqlite":
        return _copy_sqlite(database, folder / SQLITE)
    return _copy_postgresql(database, folder / POSTGRESQL)


def is_empty(database: Database) -> bool:
    """True where no table of ours is there yet."""
    with _connected(database) as connection:
        return not _our_tables(connection)


def place_sqlite(copy: Path, database: Database) -> None:
    """Put a copy in the place of the database, whole or not at all. Raises BackupError where a server has it open."""
    path = _sqlite_path(database)
    database.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=1)) as target, closing(sqlite3.connect(copy)) as source:
        try:
            target.execute("PRAGMA journal_mode=DELETE")  # refused while any other connection is open
            source.backup(target)  # one transaction of the target
        except sqlite3.OperationalError as error:
            raise BackupError(f"{path.name} is in use ({error}); stop the server first") from error
    path.chmod(0o600)


def place_postgresql(dump: Path, schema: str, database: Database) -> None:
    """Put a dump in the place of all tables of our schema, in one transaction. Raises BackupError."""
    with _connected(database) as connection:
        if (here := _schema(connection)) != schema:
            raise BackupError(
                f"the backup is of the schema {schema}, the database's is {here}; set search_path to {schema}"
            )
        ours = _our_tables(connection)
    script = dump.with_suffix(".sql")
    quote = database.engine.dialect.identifier_preparer.quote
    drops = "".join(f"DROP TABLE {quote(schema)}.{quote(name)} CASCADE;\n" for name in ours)
    _run("pg_restore", database, *_RESTORE, f"--schema={schema}", f"--file={script}", str(dump))
    whole = script.with_suffix(".whole.sql")
    with whole.open("wb") as file, script.open("rb") as restored:
        file.write(drops.encode())
        shutil.copyfileobj(restored, file)
    _run("psql", database, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={whole}")


def _copy_sqlite(database: Database, file: Path) -> Copied:
    """VACUUM INTO reads one snapshot like the backup API, and leaves out the pages of deleted rows: what was deleted is not in it."""
    with _connected(database) as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
    copy = Database(f"sqlite:///{file}")
    try:
        with _connected(copy) as connection:
            found = _counted(connection)
    finally:
        copy.close()
    with closing(sqlite3.connect(file)) as plain:  # one file, without a journal beside it
        plain.execute("PRAGMA journal_mode=DELETE")
    return Copied(file, *found)


def _copy_postgresql(database: Database, file: Path) -> Copied:
    with _connected(database) as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar()
        found, schema = _counted(connection), _schema(connection)
        _run(
            "pg_dump",
            database,
            *("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--schema={schema}"),
            f"--file={file}",
        )
    return Copied(file, *found, schema)


def _counted(connection: Connection) -> tuple[str, int | None, dict[str, int]]:
    """Revision, current publication and rows by table, by name: the copy may be older than this program."""
    names = sorted(inspect(connection).get_table_names())
    counts = {
        name: int(connection.execute(select(func.count()).select_from(table(name))).scalar() or 0) for name in names
    }
    revision = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    publication = None
    if "current_publications" in names:
        publication = connection.execute(
            text("SELECT number FROM current_publications ORDER BY id DESC LIMIT 1")
        ).scalar()
    return revision, publication, counts


@contextmanager
def _connected(database: Database) -> Iterator[Connection]:
    try:
        with database.engine.connect() as connection:
            yield connection
    except OperationalError as error:
        first = str(error).splitlines()[0]
        raise DatabaseError(
            f"the database {database.engine.url.render_as_string()} can't be copied: {first}"
        ) from error


def _our_tables(connection: Connection) -> list[str]:
    """Those that are there; others may share the schema."""
    return sorted({*Base.metadata.tables, "alembic_version"} & set(inspect(connection).get_table_names()))


def _schema(connection: Connection) -> str:
    return str(connection.execute(text("SELECT current_schema()")).scalar())


def _sqlite_path(database: Database) -> Path:
    return Path(database.engine.url.database or "")


def _run(program: str, database: Database, *arguments: str) -> None:
    """A program of PostgreSQL's client package; the password is in its environment and on no command line."""
    if shutil.which(program) is None:
        raise BackupError(f"{program} is missing; install it with: apt-get install postgresql-client")
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= libpq_environment(database.engine.url)
    done = subprocess.run(
        [program, *arguments, *(["--no-password"] if program != "pg_restore" else [])],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if "error" in line.lower()), done.stderr.strip()[:200])
        raise BackupError(f"{program}: {said}")


def libpq_environment(url: URL | str) -> dict[str, str]:
    """What a database URL says, in libpq's variables. Raises BackupError for a part that has none."""
    url = make_url(url)
    _, given = url.get_dialect()().create_connect_args(url)
    arguments: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    arguments.pop("context", None)  # SQLAlchemy's own
    if unknown := arguments.keys() - _LIBPQ.keys():
        raise BackupError(f"the database URL says {', '.join(sorted(unknown))}, which pg_dump can't be told here")
    return {_LIBPQ[name]: str(value) for name, value in arguments.items()}
