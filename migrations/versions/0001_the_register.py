"""The register as it began: tables, keys, guards, the closed list of causes, sixteen empty parts of the state.

The statements are frozen beside this file, one list an engine; `house/freeze_schema.py` wrote them.
"""

from __future__ import annotations

from pathlib import Path

from alembic import context, op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the frozen statements of the engine at hand."""
    engine = op.get_bind().dialect.name
    text = Path(__file__).with_name(f"0001_{engine}.sql").read_text(encoding="utf-8")
    roles = context.config.attributes["roles"]
    # The driver's own cursor: SQLAlchemy would take the % of a message for a placeholder.
    cursor = op.get_bind().connection.cursor()
    for statement in text.replace("{roles}", roles).split(";;\n"):
        if statement.strip():
            cursor.execute(statement)
