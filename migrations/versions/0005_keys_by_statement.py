"""On PostgreSQL the keys of the tables that an import fills are asked once a statement, not once a row.

Each foreign key goes and a guard of its name comes, in the one transaction of a migration: every row that stands was
asked for by the one, every row that comes is asked for by the other. The embedded file keeps its foreign keys. The
statements are frozen beside this file.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Run the frozen statements, on PostgreSQL."""
    if op.get_bind().dialect.name != "postgresql":
        return
    text = Path(__file__).with_name("0005_postgresql.sql").read_text(encoding="utf-8")
    # The driver's own cursor: SQLAlchemy would take the % of a message for a placeholder.
    cursor = op.get_bind().connection.cursor()
    for statement in text.split(";;\n"):
        if statement.strip():
            cursor.execute(statement)
