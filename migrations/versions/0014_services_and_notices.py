"""Whom the bureaus say that they serve, rows of theirs that fit nobody yet, and the parcels that a public notice is about.

Three more tables that only grow. The statements are frozen beside this file, one list an engine.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Run the frozen statements of the engine at hand."""
    engine = op.get_bind().dialect.name
    text = Path(__file__).with_name(f"0014_{engine}.sql").read_text(encoding="utf-8")
    # The driver's own cursor: SQLAlchemy would take the % of a message for a placeholder.
    cursor = op.get_bind().connection.cursor()
    for statement in text.split(";;\n"):
        if statement.strip():
            cursor.execute(statement)
