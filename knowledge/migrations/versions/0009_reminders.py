"""Reminders of season dates, and what people were told of them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("sender", sa.String(120), nullable=False, index=True),
        sa.Column("days_before", sa.Integer, nullable=True),
        sa.Column("kinds", sa.String(80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "reminders_told",
        sa.Column("sender", sa.String(120), primary_key=True),
        sa.Column("event_id", sa.String(80), primary_key=True),
        sa.Column("occasion", sa.String(24), primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for name in ("reminders_told", "reminders"):
        op.drop_table(name)
