"""Who files what in the tests: the made-up family's applications to settle in 文苑社区, each with its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.decisions.asking import papers_asked
from registry.decisions.in_banner import InBanner
from registry.ledger.evidence import texts_of
from registry.ledger.tables import LEDGER_ENTRY
from registry.residence import Registration
from registry.settlement import Application
from registry.settlement.filing import Filed, Filing
from tests.registry import made_up
from tests.registry.decisions.cases import OWNED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.store.engines import Store
    from tests.registry.made_up import Village

TOWN = Registration("", made_up.MOVED, "H-1", "", "150626100010", "嘎鲁图镇文苑社区", "文苑社区1栋101")
SIGNED = "5" * 64
PAPER = "e" * 64


def papers(facts: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401  (any class of facts)
    """A paper for every claim."""
    return dict.fromkeys(dict(papers_asked(type(facts))), (PAPER,))


def applied(person: str, signed_by: str = "") -> Application:
    """Somebody's own application, or one that somebody else signed."""
    return Application(person, SIGNED, signed_by or person)


def banner(person: str, signed_by: str = "", **changed: Any) -> Filed:  # noqa: ANN401  (fields of the filing)
    """A banner resident with a flat of their own in town, all papers shown."""
    facts = InBanner(dwelling=OWNED)
    filed = {"papers": papers(facts), "application": applied(person, signed_by), **changed}
    return Filed(person, "settle-in-banner", facts, **filed)


def filing(*people: Filed, day: str = made_up.MOVED, **more: Any) -> Filing:  # noqa: ANN401  (fields of the filing)
    """What these people hand in together."""
    return Filing(day, people, TOWN, **more)


def family(village: Village, which: Sequence[int] = range(5)) -> list[Filed]:
    """The family's own applications; the father signs for the two children."""
    father = village.people[0]
    return [banner(village.people[n], father if n in {2, 3} else "") for n in which]


def kept(store: Store, idx: int, path: str) -> Any:  # noqa: ANN401  (plain values)
    """What an event committed under a path, opened."""
    with store.reading() as connection:
        subject = connection.scalar(sa.select(LEDGER_ENTRY.c.leaf_hash).where(LEDGER_ENTRY.c.idx == idx))
        (value,) = texts_of(store, connection, [bytes(subject or b"")], path).values()
    return value
