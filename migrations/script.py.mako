"""${message}

Rules of a new revision: guarded tables only grow (ADD COLUMN, new tables, new triggers); never Alembic's batch mode on
SQLite, which drops their triggers; no downgrade (restore a backup); name the file NNNN_what_it_does.py.
"""

from __future__ import annotations

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """${message}"""
    ${upgrades if upgrades else "op.execute('')"}
