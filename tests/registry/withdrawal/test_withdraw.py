"""A delivery that was registered by mistake is taken back by new versions: what it brought never stood, what was before stands."""

from __future__ import annotations

import shutil
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from registry.audit import audit
from registry.delivery.register import import_delivery
from registry.ledger.tables import LEDGER_ENTRY
from registry.records import records_of
from registry.withdrawal import (
    NothingToWithdraw,
    deliveries,
)
from tests.registry.delivery.conftest import CLERK, FARMERS, GACHA, OTHER_GACHA, Copy, Rows
from tests.registry.delivery.test_register import versions
from tests.registry.withdrawal.conftest import on_every_day, planned, standing, taken_back

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store

VILLAGES = (GACHA, OTHER_GACHA, FARMERS)
ROSTERS = {"成员名册": 260, "限制与义务": 21}
"""Tables of the sample, each with the place of its last row."""
_EXAMPLES = settings(
    max_examples=4, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
)


def imported(store: Store, folder: Path) -> str:
    """Register a delivery; its content hash."""
    report = import_delivery(store, folder, CLERK)
    assert report.committed is not None
    return report.content_hash


def copied(small: Copy, name: str) -> Copy:
    """Another copy of the same delivery."""
    root = small.root.parent.parent / name / small.root.name
    if root.exists():
        shutil.rmtree(root)
    shutil.copytree(small.root, root)
    return Copy(root)


@pytest.mark.parametrize("engine_name", ["file", "postgis"])
@given(drawn=st.data())
@_EXAMPLES
def test_withdrawing_the_second_delivery_leaves_the_state_after_the_first(
    make_store: Callable[[str], Store], engine_name: str, small: Copy, drawn: st.DataObject, request: pytest.FixtureRequest
) -> None:
    """For every thing and day, whatever B added: villages, members, duties, burdens on rights of A. Then A leaves nothing."""
    if engine_name == "postgis":
        request.getfixturevalue("postgis_admin_url")
    store = make_store(engine_name)
    first = copied(small, "first")
    back = drawn.draw(st.sets(st.sampled_from(VILLAGES), max_size=2), label="villages that A does not bring")
    for table, most in ROSTERS.items():
        left = drawn.draw(st.sets(st.integers(0, most), min_size=1, max_size=most), label=f"rows of {table} that only B brings")
        first.edit(table, partial(_without, left))
    for village in back:
        first.edit("CBF", partial(_miscounted, village))
    one = imported(store, first.root)
    after_first, kept = on_every_day(store), known(store)
    two = imported(store, small.root)
    assert on_every_day(store) != after_first
    done = taken_back(store, two)
    assert [each.village.code for each in done.going] == [each.village.code for each in done.villages]
    assert on_every_day(store) == after_first
    assert known(store) == kept
    assert audit(store).findings == ()
    taken_back(store, one)
    assert on_every_day(store) == [{}, {}, {}]
    assert known(store) == Counter()
    assert audit(store).findings == ()


def _without(left: set[int], rows: Rows) -> None:
    rows[:] = [row for place, row in enumerate(rows) if place not in left]


def _miscounted(village: str, rows: Rows) -> None:
    """One household of the village says a number of members that is not true: the village comes back."""
    next(row for row in rows if row["CBFBM"].startswith(village))["CBFCYSL"] = "99"


def known(store: Store) -> Counter[tuple[str, str, str]]:
    """What is known of the standard's other layers and tables."""
    with store.reading() as connection:
        found = records_of(connection, store.vault)
    return Counter((part, one.village, str(sorted(one.fields.items()))) for part, some in found.items() for one in some)


def test_nothing_is_deleted_and_the_same_content_comes_in_again(store: Store, small: Copy) -> None:
    """Versions are only added; the same bytes again are registered anew under new ids, and the difference says so."""
    content_hash = imported(store, small.root)
    before = versions(store)
    taken_back(store, content_hash)
    after = versions(store)
    assert all(after[noun] >= 2 * before[noun] for noun in before)
    report = import_delivery(store, small.root, CLERK)
    assert {village.state for village in report.villages} == {"registered"}
    assert report.difference is not None
    assert report.difference.withdrawn == sorted(VILLAGES)
    assert "上次成果已撤回的村" in report.difference.line()[0]
    assert "an earlier delivery was withdrawn in" in report.difference.line()[1]
    assert not report.returned
    assert versions(store) == {noun: after[noun] + before[noun] for noun in before}
    again = import_delivery(store, small.root, CLERK)
    assert {village.state for village in again.villages} == {"unchanged"}
    assert audit(store).findings == ()
    taken_back(store, content_hash)
    assert standing(store, "2026-11-26") == {}
    assert audit(store).findings == ()


def test_mended_delivery_comes_in_after_the_wrong_one_was_withdrawn(store: Store, small: Copy) -> None:
    """What contradicted while the wrong one stood contradicts no more."""
    content_hash = imported(store, small.root)
    mended = copied(small, "mended")
    mended.put("CBHT", 0, QDSJ="20161129")
    refused = import_delivery(store, mended.root, CLERK, check_only=True).faults
    assert {fault.id for fault in refused if fault.severity == "refuse"} == {"contradicts-registered"}
    village = next(one for one in VILLAGES if rows(mended, "CBHT")[0]["CBHTBM"].startswith(one))
    taken_back(store, content_hash, village)
    report = import_delivery(store, mended.root, CLERK)
    assert not report.returned
    assert report.difference is not None
    assert report.difference.withdrawn == [village]
    assert {one.code[:12] for one in report.difference.households} == {village}
    assert audit(store).findings == ()


def rows(copy: Copy, table: str) -> list[dict[str, str]]:
    """The rows of a table."""
    kept: list[dict[str, str]] = []
    copy.edit(table, kept.extend)
    return kept


def test_one_village_is_withdrawn_and_the_others_stand(store: Store, small: Copy) -> None:
    """And the list of deliveries says of each village what became of it."""
    content_hash = imported(store, small.root)
    whole = standing(store, "2026-11-26")
    done = taken_back(store, content_hash, GACHA)
    assert done.expect == sum(done.going[0].ends.values())
    left = standing(store, "2026-11-26")
    assert left.items() <= whole.items()
    assert len(whole) - len(left) == done.expect
    with store.reading() as connection:
        (told,) = deliveries(store, connection)
    assert told.content_hash == content_hash
    assert {one.code: one.withdrawn is not None for one in told.villages} == {
        one: one == GACHA for one in VILLAGES
    }
    assert sum(len(span) for span in told.entries) + sum(
        len(one.withdrawn.by) for one in told.villages if one.withdrawn
    ) == acts(store)
    with pytest.raises(NothingToWithdraw, match=GACHA):
        taken_back(store, content_hash, GACHA)
    stops = planned(store, content_hash).villages
    assert [[stop.en for stop in one.stops] for one in stops if one.village.code == GACHA] == [["it was withdrawn before"]]


def acts(store: Store) -> int:
    """How many acts the log has."""
    with store.reading() as connection:
        query = sa.select(sa.func.count()).select_from(LEDGER_ENTRY).where(LEDGER_ENTRY.c.cls == "R")
        return connection.scalar(query) or 0
