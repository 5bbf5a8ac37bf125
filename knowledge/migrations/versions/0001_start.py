"""Content, publications, conversations and turns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    for name in ("documents", "guidance"):
        op.create_table(
            name,
            sa.Column("id", sa.String(40 if name == "documents" else 80), primary_key=True),
            sa.Column("position", sa.Integer, nullable=False),
            sa.Column("content", sa.JSON, nullable=False),
        )
    op.create_table(
        "faq",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("topic", sa.String(80), nullable=False, index=True),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.create_table(
        "publications",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("digest", sa.String(64), nullable=False, index=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("seen_seq", sa.Integer, nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column(
            "conversation_id", sa.String(40), sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_msg_id", sa.String(64), nullable=True),
        sa.Column("answer", sa.JSON, nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.UniqueConstraint("conversation_id", "client_msg_id", name="uq_messages_client_msg_id"),
    )
    op.create_index("ix_messages_state", "messages", ["state"])
    op.create_table(
        "turns",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("conversation_id", sa.String(80), nullable=False, index=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False, index=True),
        sa.Column("answer", sa.JSON, nullable=False),
        sa.Column("publication", sa.Integer, nullable=True),
        sa.Column("milliseconds", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for name in ("turns", "messages", "conversations", "publications", "faq", "guidance", "documents"):
        op.drop_table(name)
