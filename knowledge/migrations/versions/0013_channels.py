"""Chat apps: conversations of theirs, deliveries that were seen, messages that go out in parts, choices that were offered."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _extend_conversations()
    for column in (
        sa.Column("state", sa.String(12), nullable=False, server_default="waiting"),
        sa.Column("seq", sa.Integer, nullable=True),
        sa.Column("parts_sent", sa.Integer, nullable=False, server_default="0"),
        sa.Column("on_its_way", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("maybe_twice", sa.Integer, nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(200), nullable=True),
    ):
        op.add_column("outbox", column)
    op.create_index("ix_outbox_state", "outbox", ["state"])
    op.create_table(
        "deliveries",
        sa.Column("channel", sa.String(20), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_table(
        "choices",
        sa.Column("message", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sender", sa.String(120), nullable=False, index=True),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("once", sa.Boolean, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
    )


def _extend_conversations() -> None:
    """Columns are added, no table is made anew: SQLite would delete the messages with the old table of conversations."""
    for column in (
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed", sa.String(80), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("conversations", column)
    op.add_column("messages", sa.Column("error", sa.String(200), nullable=True))


def downgrade() -> None:
    for name in ("choices", "deliveries"):
        op.drop_table(name)
    op.drop_index("ix_outbox_state", "outbox")
    for name in ("error", "due_at", "attempts", "maybe_twice", "on_its_way", "parts_sent", "seq", "state"):
        op.drop_column("outbox", name)
    op.drop_column("messages", "error")
    for name in ("paused_until", "closed", "heard_at"):
        op.drop_column("conversations", name)
