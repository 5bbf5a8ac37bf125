"""Hand-over to a person, feedback, the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _extend_turns()
    _create_cases()
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("sender", sa.String(120), nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "feedback",
        sa.Column("turn_key", sa.String(24), sa.ForeignKey("turns.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("rating", sa.String(4), nullable=False, index=True),
        sa.Column("reason", sa.String(12), nullable=True),
        sa.Column("comment", sa.Text, nullable=True),
    )


def _extend_turns() -> None:
    with op.batch_alter_table("turns") as turns:
        turns.alter_column(
            "conversation_id", type_=sa.String(120), existing_type=sa.String(80), existing_nullable=False
        )
        turns.add_column(sa.Column("key", sa.String(24), nullable=True))
        turns.add_column(sa.Column("query", sa.Text, nullable=True))
        turns.add_column(sa.Column("candidates", sa.JSON, nullable=True))
    # Turns from before have no key that a client knows; theirs only has to be unique.
    op.execute("UPDATE turns SET key = 'before-' || id")
    with op.batch_alter_table("turns") as turns:
        turns.alter_column("key", nullable=False, existing_type=sa.String(24))
        turns.create_unique_constraint("uq_turns_key", ["key"])


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("sender", sa.String(120), nullable=False, index=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("state", sa.String(12), nullable=False, index=True),
        sa.Column("officer", sa.String(80), nullable=True),
        sa.Column("contact", sa.Text, nullable=True),
        sa.Column("replies", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_cases_live",
        "cases",
        ["sender"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "case_events",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("text", sa.Text, nullable=True),
        sa.Column("key", sa.String(80), nullable=True),
        sa.UniqueConstraint("case_id", "key", name="uq_case_events_key"),
    )


def downgrade() -> None:
    for name in ("feedback", "outbox", "case_events", "cases"):
        op.drop_table(name)
    with op.batch_alter_table("turns") as turns:
        turns.drop_constraint("uq_turns_key", type_="unique")
        for column in ("candidates", "query", "key"):
            turns.drop_column(column)
        turns.alter_column(
            "conversation_id", type_=sa.String(80), existing_type=sa.String(120), existing_nullable=False
        )
