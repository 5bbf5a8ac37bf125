"""Which publication is current, and since when; what a turn was asked, so that it can be replayed."""

import json
import zlib
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("publications") as table:
        table.add_column(sa.Column("author", sa.String(120), nullable=False, server_default=""))
        table.add_column(sa.Column("counts", sa.JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("publications") as table:
        table.alter_column("author", server_default=None, existing_type=sa.String(120), existing_nullable=False)
        table.alter_column("counts", server_default=None, existing_type=sa.JSON, existing_nullable=False)
    op.create_table(
        "current_publications",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("number", sa.Integer, sa.ForeignKey("publications.number"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("follows", sa.Integer, nullable=False),
        sa.UniqueConstraint("follows"),
    )
    op.create_table(
        "publication_checks",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("number", sa.Integer, sa.ForeignKey("publications.number"), nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
    )
    with op.batch_alter_table("turns") as table:
        table.add_column(sa.Column("asked", sa.JSON, nullable=True))
        table.add_column(sa.Column("stamp", sa.String(16), nullable=True))
        table.add_column(sa.Column("answer_digest", sa.String(64), nullable=True))
    _carry_over()


def _carry_over() -> None:
    """Until now a server took the newest publication at its start: that one is the current one, and what it holds is counted."""
    publications = sa.table(
        "publications",
        sa.column("number", sa.Integer),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("content", sa.LargeBinary),
        sa.column("counts", sa.JSON),
    )
    current = sa.table(
        "current_publications",
        sa.column("number", sa.Integer),
        sa.column("since", sa.DateTime(timezone=True)),
        sa.column("author", sa.String),
        sa.column("reason", sa.String),
        sa.column("follows", sa.Integer),
    )
    connection = op.get_bind()
    numbers = connection.execute(sa.select(publications.c.number).order_by(publications.c.number)).scalars().all()
    for number in numbers:
        own = publications.c.number == number
        content = connection.execute(sa.select(publications.c.content).where(own)).scalar_one()
        connection.execute(sa.update(publications).where(own).values(counts=_counts(content)))
    if numbers:
        created = connection.execute(
            sa.select(publications.c.created_at).where(publications.c.number == numbers[-1])
        ).scalar_one()
        since = created if created.tzinfo else created.replace(tzinfo=UTC)
        connection.execute(
            sa.insert(current).values(
                number=numbers[-1], since=min(since, datetime.now(UTC)), author="", reason="published", follows=0
            )
        )


def _counts(content: bytes) -> dict[str, int]:
    record = json.loads(zlib.decompress(content))
    return {
        "documents": len(record["documents"]),
        "provisions": sum(len(one["provisions"]) for one in record["documents"]),
        "guidance": len(record["guidance"]),
        "faq": len(record["faq"]),
    }


def downgrade() -> None:
    with op.batch_alter_table("turns") as table:
        for name in ("answer_digest", "stamp", "asked"):
            table.drop_column(name)
    op.drop_table("publication_checks")
    op.drop_table("current_publications")
    with op.batch_alter_table("publications") as table:
        table.drop_column("counts")
        table.drop_column("author")
