"""Whose is it: who holds what bears this code, or stands on the list of this household, person by person?

For whoever must tell people what was made of what is theirs. Everybody by name who is on the list and alive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.china import today
from registry.holding import read as holdings
from registry.holding.model import HOLDING
from registry.ledger import read as ledger
from registry.ledger.chain import read_chains
from registry.rights import read as rights
from registry.rights.model import RIGHT_PARCEL, RIGHT_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store


def holders(store: Store, connection: Connection, codes: Sequence[str]) -> list[str]:
    """Ids of everybody who holds, today, what bears one of these codes.

    A code is that of a contract or homestead, the number of a certificate, or a 承包方编码. What nothing has gives nobody.
    """
    version = RIGHT_VERSION.c
    of_version = sa.and_(RIGHT_PARCEL.c.thing_id == version.thing_id, RIGHT_PARCEL.c.ver == version.ver)
    where = sa.or_(*(column.in_([code for code in codes if code]) for column in (version.unit_code, version.certificate_number)))
    wanted = connection.scalars(sa.select(RIGHT_PARCEL.c.parcel_id).join(RIGHT_VERSION, of_version).where(where).distinct()).all()
    lines = rights.lines_on(connection, wanted, valid_at=today(store), known_at=ledger.size(connection))
    ids = [line.holder_id for line in lines]
    ids += [holding for code in codes if (holding := holdings.by_code(connection, code)) is not None]
    chains = read_chains(connection, HOLDING, list(dict.fromkeys(ids)))
    found: dict[str, None] = {}
    for holder in dict.fromkeys(ids):
        chain = chains.get(holder)
        members = [m.person_id for m in holdings.members(chain[-1]) if m.alive] if chain else [holder]
        found.update(dict.fromkeys(members))
    return list(found)
