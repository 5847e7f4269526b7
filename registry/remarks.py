"""附记: which fixed sentence does the law want beside a right in book and certificate, and which did the act of a right write?

A sentence is the quote of a dated rule, word for word, so it is found again by itself: it stands in the basis of the act by which
the right began, committed with it, and stays as long as the right does. The library has what a rule of the book quotes and no more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.law.book import book
from registry.law.deciding import keeps
from registry.ledger.evidence import bases
from registry.rights.model import RIGHT_VERSION
from registry.store.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.ledger.act import ActFields
    from registry.store.engines import Store

RULES = {"urban-heir": "HOME/urban-heir"}
"""The sentences by word, each with the rule that quotes it; all of them are about homesteads."""
_MARK = "；附记："


@keeps("HOME/urban-heir")
def with_remark(fields: ActFields, word: str, day: str) -> ActFields:
    """The fields of an act with the sentence of this word in their basis; "" adds none. RuleNotInForceError before its day."""
    if not word:
        return fields
    quote = book().rule(RULES[word], dt.date.fromisoformat(day)).quote
    return replace(fields, basis=f"{fields.basis}{_MARK}{quote}")


def remarks_of(store: Store, connection: Connection, rights: Iterable[str], known_at: int) -> dict[str, tuple[str, ...]]:
    """The sentences of these rights, by right; one that has none is absent."""
    version = RIGHT_VERSION.c
    query = sa.select(version.thing_id, version.cause_idx).where(
        among(version.thing_id, "rights"), version.ver == 1, version.cause_idx < known_at
    )
    begun = {row.thing_id: row.cause_idx for row in connection.execute(query, {"rights": sorted(set(rights))})}
    written = bases(store, connection, begun.values())
    quotes = [each.quote for rule in RULES.values() for each in book().versions(rule) if each.quote]
    found = {right: tuple(quote for quote in quotes if _MARK + quote in written.get(entry, "")) for right, entry in begun.items()}
    return {right: said for right, said in found.items() if said}
