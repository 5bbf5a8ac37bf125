"""Zalo: messages counted by month, the official account's tokens (encrypted)."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "messages_a_month",
        sa.Column("channel", sa.String(20), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("sent", sa.Integer, nullable=False),
    )
    op.create_table(
        "zalo_tokens",
        sa.Column("app_id", sa.String(32), primary_key=True),
        sa.Column("tokens", sa.Text, nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trouble", sa.String(200), nullable=True),
    )


def downgrade() -> None:
    for name in ("zalo_tokens", "messages_a_month"):
        op.drop_table(name)
