"""What answered a turn and how sure that was, as columns; indexes for figures over many turns; marks of questions."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

INDEXES = {
    "ix_turns_status_at": ["status", "at"],
    "ix_turns_evidence": ["status", "evidence", "at"],
    "ix_turns_figures": ["at", "channel", "status", "milliseconds"],
    "ix_turns_entry": ["at", "entry"],
}


def upgrade() -> None:
    op.add_column("turns", sa.Column("entry", sa.String(160), nullable=True))
    op.add_column("turns", sa.Column("evidence", sa.Float, nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "UPDATE turns SET entry = substr(answer->>'entry', 1, 160), "
            "evidence = CAST(answer->>'evidence' AS double precision)"
        )
    else:
        op.execute(
            "UPDATE turns SET entry = substr(json_extract(answer, '$.entry'), 1, 160), "
            "evidence = json_extract(answer, '$.evidence')"
        )
    for name, columns in INDEXES.items():
        op.create_index(name, "turns", columns)
    op.create_table(
        "question_marks",
        sa.Column("key", sa.String(16), primary_key=True),
        sa.Column("mark", sa.String(16), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("question_marks")
    for name in INDEXES:
        op.drop_index(name, "turns")
    for name in ("evidence", "entry"):
        op.drop_column("turns", name)
