"""FAQ entries that are written, reviewed and withdrawn in the console; their revisions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from knowledge.vietnamese import fold

revision = "0012"
down_revision = "0011"


_FILLED: dict[str, sa.types.TypeEngine[Any]] = {
    "state": sa.String(12),
    "leaving": sa.Boolean(),
    "version": sa.Integer(),
    "words": sa.Text(),
    "cited": sa.Boolean(),
    "author": sa.String(80),
}


def upgrade() -> None:
    with op.batch_alter_table("faq") as faq:
        faq.alter_column("content", existing_type=sa.JSON, existing_nullable=False, nullable=True)
        faq.add_column(sa.Column("draft", sa.JSON, nullable=True))
        faq.add_column(sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
        for name, kind in _FILLED.items():
            faq.add_column(sa.Column(name, kind, nullable=True))
    _fill()
    with op.batch_alter_table("faq") as faq:
        for name, kind in _FILLED.items():
            faq.alter_column(name, existing_type=kind, existing_nullable=True, nullable=False)
        faq.create_index("ix_faq_state", ["state"])
    op.create_table(
        "faq_revisions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("entry", sa.String(120), nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.UniqueConstraint("entry", "version", name="uq_faq_revisions_version"),
    )


def _fill() -> None:
    faq = sa.table(
        "faq",
        sa.column("id", sa.String),
        sa.column("content", sa.JSON),
        *(sa.column(name, kind) for name, kind in _FILLED.items()),
    )
    connection = op.get_bind()
    for identity, content in connection.execute(sa.select(faq.c.id, faq.c.content)).all():
        words = fold("\n".join([identity, content["question"], *content.get("variants", []), content["answer"]]))
        connection.execute(
            sa.update(faq)
            .where(faq.c.id == identity)
            .values(
                state="published",
                leaving=False,
                version=1,
                words=words,
                cited=bool(content.get("citations")),
                author="",
            )
        )


def downgrade() -> None:
    op.drop_table("faq_revisions")
    op.execute("DELETE FROM faq WHERE content IS NULL")
    with op.batch_alter_table("faq") as faq:
        faq.drop_index("ix_faq_state")
        for column in ("draft", "edited_at", *_FILLED):
            faq.drop_column(column)
        faq.alter_column("content", existing_type=sa.JSON, existing_nullable=True, nullable=False)
