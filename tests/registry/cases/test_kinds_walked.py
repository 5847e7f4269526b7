"""Does every kind of case come to its end by its own route, and leave a register that agrees with its log?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry import cases
from registry.audit import audit
from registry.cases.writing import WRITERS
from registry.ledger.tables import LEDGER_ENTRY
from tests.registry.cases.walking import EXAMPLES, role_for

if TYPE_CHECKING:
    from tests.registry.cases.walking import Walker


def test_every_kind_that_writes_has_its_writer() -> None:
    """A kind without a writer could be approved and never registered; a writer without a kind is no way in."""
    assert {word for word, kind in cases.kinds().items() if kind.writes} == set(WRITERS)
    assert set(EXAMPLES) == set(cases.kinds())


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_kind_walked_to_its_end_writes_its_own_cause_and_nothing_else(walker: Walker, kind: str) -> None:
    """Each step is one C entry; the registration's acts follow its entry at once and are of the kind's cause."""
    example = walker.example(kind)
    walker.first = replace(walker.first, role=role_for(kind))
    walker.second = replace(walker.second, role=role_for(kind))
    case_id = walker.walk(kind, example)
    case, following, _ = walker.look(case_id)
    assert following == ()
    assert cases.phase(case, cases.kind_of(kind)) == cases.kind_of(kind).route[-1]
    with walker.store.reading() as connection:
        entries = dict(connection.execute(sa.select(LEDGER_ENTRY.c.idx, LEDGER_ENTRY.c.cls)).all())
        kinds = dict(connection.execute(sa.select(LEDGER_ENTRY.c.idx, LEDGER_ENTRY.c.kind)).all())
    assert {entries[step.entry_idx] for step in case.steps} == {"C"}
    registered = case.last("registered")
    if cases.kind_of(kind).writes:
        assert registered is not None
        assert registered.act_idx == registered.entry_idx + 1
        assert kinds[registered.act_idx] == cases.kind_of(kind).cause
    else:
        assert registered is None
    assert audit(walker.store).findings == ()
