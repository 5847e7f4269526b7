"""What the police desk states of people beside name, number and sex: 民族 and 文化程度.

One more table that only grows. The statements are frozen beside this file, one list an engine.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Run the frozen statements of the engine at hand."""
    engine = op.get_bind().dialect.name
    text = Path(__file__).with_name(f"0012_{engine}.sql").read_text(encoding="utf-8")
    # The driver's own cursor: SQLAlchemy would take the % of a message for a placeholder.
    cursor = op.get_bind().connection.cursor()
    for statement in text.split(";;\n"):
        if statement.strip():
            cursor.execute(statement)
