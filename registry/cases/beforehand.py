"""What does every page of a desk ask of the register, whatever it shows? Put together it is one travel to the database.

A session that reads puts a question once in its view, so whoever asks again for their own reasons has the answer already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import case_files
from registry.ledger.position import END
from registry.rights.compared import OF_BOOKS
from registry.store.asking import ask_all

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def beforehand(connection: Connection, case_id: str = "") -> None:
    """Ask where the log ends, when the books were compared, and what stands in a case. `connection` only reads."""
    ask_all(connection, (END, {}), (OF_BOOKS, {}), *(case_files.asked_for(case_id) if case_id else ()))
