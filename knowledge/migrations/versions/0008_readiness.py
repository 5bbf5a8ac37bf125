"""Self-assessments and dossier checklists."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "readiness_runs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("sender", sa.String(120), nullable=False, index=True),
        sa.Column("form", sa.String(10), nullable=False),
        sa.Column("scale", sa.String(20), nullable=False),
        sa.Column("ratings", sa.JSON, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_on", sa.Date, nullable=True),
    )
    op.create_table(
        "dossiers",
        sa.Column("sender", sa.String(120), primary_key=True),
        sa.Column("season", sa.Integer, nullable=True),
        sa.Column("marks", sa.JSON, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("dossiers", "readiness_runs"):
        op.drop_table(table)
