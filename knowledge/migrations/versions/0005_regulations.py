"""Import proposals and review marks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "import_proposals",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("given_document", sa.String(40), nullable=False),
        sa.Column("document", sa.String(40), nullable=False, index=True),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("proposal", sa.JSON, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(120), nullable=False),
        sa.Column("acceptance", sa.JSON, nullable=True),
        sa.UniqueConstraint("digest", "given_document", name="uq_import_proposals_file"),
    )
    op.create_table(
        "review_marks",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("item", sa.String(120), nullable=False, index=True),
        sa.Column("provision", sa.String(60), nullable=False),
        sa.Column("cause", sa.String(60), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("import_number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(120), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("kind", "item", "provision", "cause", "day", name="uq_review_marks_reason"),
    )


def downgrade() -> None:
    for name in ("review_marks", "import_proposals"):
        op.drop_table(name)
