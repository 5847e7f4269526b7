"""Which numbers are those of a paper that was issued, by this register or before it?

A delivery has a 权证代码 (CBJYQZBM, NY/T 2539-2016) of every contract, which is the contract's own code: it is a certificate's
only where the delivery's table of certificates (CBJYQZ) has it, and that of cancelled ones (CBJYQZ_QZZX) has not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from registry.records import codes_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

_CODE = re.compile(r"[0-9]{18}[A-Za-z]")
_ISSUED, _CANCELLED = "CBJYQZ", "CBJYQZ_QZZX"


def papers_among(connection: Connection, numbers: Iterable[str]) -> set[str]:
    """Those of these numbers under which a certificate was issued, of this register's series or older than it."""
    given = {number for number in numbers if number}
    mere = sorted(number for number in given if _CODE.fullmatch(number))
    if not mere:
        return given
    return given - set(mere) | codes_in(connection, _ISSUED, mere) - codes_in(connection, _CANCELLED, mere)


def is_a_paper(connection: Connection, number: str) -> bool:
    """Whether a certificate was issued under this number."""
    return bool(papers_among(connection, [number]))
