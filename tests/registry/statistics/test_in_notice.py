"""Figure 7: which parcels stand in a public notice, by the notice on the wall and by the case; both engines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from registry.ledger.read import size
from registry.notices import posting
from registry.statistics import figures, of_rights
from registry.statistics.count import Count
from registry.statistics.in_notice import noticed
from registry.statistics.rules import rules_on
from tests.registry import made_up
from tests.registry.cases.walking import Walker
from tests.registry.made_up import CLERK, VILLAGE_CODE

if TYPE_CHECKING:
    from registry.store.engines import Store

FIRST = "2026-11-02"
NOTICED = 2


@pytest.fixture
def walker(store: Store) -> Walker:
    """Somebody who walks cases of the family."""
    return Walker(store, made_up.register_village(store))


def in_notice(store: Store, day: str, known: int | None = None) -> set[str]:
    """Uses of which a parcel stands in a notice."""
    with store.reading() as connection:
        told = of_rights.confirmation(Count(store, connection, day, known or size(connection), rules_on(day)))
    return {table.id.removeprefix("confirmation-") for table in told.tables if table.rows[0].values[NOTICED]}


def post(store: Store, *parcels: str) -> posting.Notice:
    """A notice of the village."""
    village = VILLAGE_CODE[:12]
    return posting.post(
        store, CLERK, "first-notice", village=village, title="公示", body="见表", begins=FIRST, parcels=parcels
    )


def test_parcels_that_a_notice_names_are_counted_while_it_hangs(store: Store) -> None:
    """Figure 7: by the code that hangs on the wall, on its days alone; a code that no parcel has counts nothing."""
    made_up.register_village(store)
    hung = post(store, f"{VILLAGE_CODE}00001", f"{VILLAGE_CODE}00099", "150626100210JC00001F00010001")
    after = (dt.date.fromisoformat(hung.ends) + dt.timedelta(1)).isoformat()
    assert in_notice(store, FIRST) == {"arable", "homestead"}
    assert in_notice(store, hung.ends) == {"arable", "homestead"}
    assert in_notice(store, "2026-11-01") == in_notice(store, after) == set()


def test_notice_without_parcels_is_said_and_counts_no_land(store: Store) -> None:
    """Notices that were put up before parcels were asked for: how many there are is said, nothing is inferred from the village."""
    made_up.register_village(store)
    post(store)
    with store.reading() as connection:
        (figure,) = figures(store, connection, valid_at=FIRST, known_at=size(connection), only=["confirmation"])
    assert in_notice(store, FIRST) == set()
    assert [note.zh[:8] for note in figure.notes] == ["另有 1 张公示"]


@pytest.mark.parametrize("kind", ["certificate-replaced", "contract-exited"])
def test_land_of_a_case_is_counted_from_its_posting_until_its_days_are_over(walker: Walker, kind: str) -> None:
    """Figure 7: told is not posted; posted it stands to the last day of its notice; as known before, it did not."""
    store = walker.store
    example = walker.example(kind)
    assert set(example.subject) <= set(walker.village.rights.values())
    case_id = walker.walk(kind, example, "posted" if kind == "contract-exited" else "noticed")
    case, _, facts = walker.look(case_id)
    posted, until = case.steps[-1], facts.notice_until
    assert until is not None
    uses = {name.removeprefix("contract-") for name, right in walker.village.rights.items() if right in example.subject}
    assert in_notice(store, posted.day) == in_notice(store, until) == uses
    eve = (dt.date.fromisoformat(posted.day) - dt.timedelta(1)).isoformat()
    after = (dt.date.fromisoformat(until) + dt.timedelta(1)).isoformat()
    assert in_notice(store, eve) == in_notice(store, after) == set()
    assert in_notice(store, posted.day, posted.entry_idx) == set()


def test_case_that_ended_or_was_led_back_stands_in_no_notice(walker: Walker) -> None:
    """A notice of a matter that was withdrawn or returned is none any more, on the same day."""
    for word in ("withdrawn", "returned"):
        case_id = walker.walk("certificate-replaced", walker.example("certificate-replaced"), "noticed")
        assert in_notice(walker.store, walker.today())
        walker.step(case_id, word, walker.second if word == "returned" else None, reasons="材料不齐")
        assert in_notice(walker.store, walker.today()) == set()


def test_land_of_a_household_is_that_of_its_rights(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case about a holding stands for all its land, homestead too, one about a parcel for that, one about a share for none."""
    store, village = walker.store, walker.village
    cases = {
        "holding": ([village.holding], 5),
        "parcel": ([village.parcels["grass"]], 1),
        "share": ([village.rights["income-0"]], 0),
    }
    walker.walk("certificate-replaced", walker.example("certificate-replaced"), "noticed")
    for things, parcels in cases.values():
        monkeypatch.setattr("registry.case_files.subjects", lambda _c, ids, t=tuple(things): dict.fromkeys(ids, t))
        with store.reading() as connection:
            day = walker.today()
            found = noticed(Count(store, connection, day, size(connection), rules_on(day)))
        assert len(found.ids & set(village.parcels.values())) == parcels
