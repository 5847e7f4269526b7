"""Do the guards stand that the catalogue declares: triggers, functions, policies, privileges, keys, nothing dropped?

On the embedded file the text of each object is compared with its declaration; on PostgreSQL see
`guards_on_postgresql`. Whatever was not declared is named too: a trigger or rule of somebody else's can turn a write into another.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from registry import catalogue
from registry.audit import guards_on_postgresql
from registry.ledger.check import Disagreement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.audit.guards_on_postgresql import Objects
    from registry.store.engines import Store

_MADE: Final = re.compile(r'CREATE (?:(?:UNIQUE|VIRTUAL) )?(TABLE|TRIGGER|INDEX|VIEW) "?(\w+)"?')
# What other parts of the house make: Alembic its table, SQLite the three tables of an R*Tree.
_OTHERS: Final = re.compile(r"alembic_version|rtree_parcel_version_geom_(node|parent|rowid)")


def judge_guards(store: Store, connection: Connection) -> Iterator[Disagreement]:
    """Every declared guard that is absent, switched off or altered, and every object that nobody declared."""
    if store.on_postgresql:
        wanted = guards_on_postgresql.declared(store.settings.roles)
        found = guards_on_postgresql.found(connection, store.settings.roles)
    else:
        wanted, found = _declared_on_sqlite(), _found_on_sqlite(connection)
    yield from _differences(wanted, found)


def _differences(wanted: Objects, found: Objects) -> Iterator[Disagreement]:
    for place, text in wanted.items():
        if place not in found:
            yield _say(place, "缺少声明过的保护", "a declared guard or table is missing")
        elif found[place] != text:
            yield _say(place, "与声明的不同(被改动或停用)", "it is not as declared (altered, or switched off)")
    for place in sorted(found.keys() - wanted.keys()):
        yield _say(place, "没有声明过的对象", "nobody declared it")


def _say(place: tuple[str, str], zh: str, en: str) -> Disagreement:
    kind, name = place
    return Disagreement(kind, (("name", name),), None, (kind,), f"{name}: {zh}", f"{name}: {en}")


@cache
def _declared_on_sqlite() -> Objects:
    """Not to be altered: the catalogue is the same for as long as the program runs."""
    objects: Objects = {}
    for statement in (*catalogue.sqlite_statements(), *catalogue.closing_statements(on_postgresql=False)):
        made = _MADE.match(statement)
        if made:
            objects[made[1].lower(), made[2]] = statement.strip()
    return objects


def _found_on_sqlite(connection: Connection) -> Objects:
    query = sa.text("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {(kind, name): sql.strip() for kind, name, sql in connection.execute(query) if not _OTHERS.fullmatch(name)}
