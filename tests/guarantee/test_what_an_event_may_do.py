"""Policy-map section 5, the table of what an event may do to a right: row by row, and no field differs where it says "–".

Rows of household events are recorded and everything guarded is compared. Rows of acts are held to the closed list of causes
(which thing an act of the kind may change at all, by itself or through its burdens) and to what the acts may do; that the
database takes exactly the listed pairs is proved in tests/causes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from registry.benefits import acts as benefits
from registry.law import causes
from registry.law.causes import NoLawfulCauseError
from registry.ledger.allowed import only
from registry.membership import acts as membership
from registry.parcels import acts as parcels
from registry.rights import acts as rights
from registry.settlement import Event, record
from tests.guarantee.village import everything, projections, registered, state_root
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store

DAY = date(2026, 1, 1)
LAW_OF_2025 = date(2025, 5, 1)
FIELDS, FOREST, OTHER = ("contract-arable", "contract-grass"), "contract-forest", "contract-other"
CONTRACT = (*FIELDS, FOREST, OTHER)
COLUMNS = (*CONTRACT, "homestead", "income", "membership", "benefit")
"""The columns of the table: contract right (by land), homestead, share, membership, subsidies."""

EVENTS = {
    "settle by a rule of II.1": (
        *("settled-in-banner", "settled-from-outside", "collective-household-joined", "registered-first", "placed-rural"),
    ),
    "household split (分户) by hukou only": ("hukou-split", "hukou-merged"),
    "marriage, divorce": ("marriage-recorded", "divorce-recorded"),
    "death of the head or a member, the household event": ("hukou-cancelled",),
    "study, army, work, prison": ("study-move", "return-move", "moved-out", "moved-within"),
}
ELSEWHERE = {
    "type-unified", "permit-issued", "permit-endorsed", "permit-suspended", "permit-lapsed", "identity-corrected",
    "identity-merged", "birth-registered", "adoption-registered", "residence-recorded", "particulars-recorded", "hukou-restored",
    "event-cancelled",
}  # fmt: skip
"""Kinds of class H that no row of the table names: test_i01_frame.py records each of them, too."""


@dataclass(frozen=True)
class Row:
    """An act's kind: what it may change by itself, and on which rights it may lay or lift a burden."""

    kind: str
    own: tuple[str, ...]
    burdens: tuple[str, ...] = ()
    review: bool = False


ACTS = {
    "household split with a family agreement to divide the contract": (Row("contract-divided", CONTRACT),),
    "death of the head or a member": (
        Row("member-deceased", ("membership",)),
        Row("inherited", (FOREST, "homestead", "income")),
    ),
    "last member of the household dies": (
        Row("extinct", (*FIELDS, OTHER), review=True),
        Row("inherited", (FOREST, "homestead", "income")),
        Row("left-without-heir", ("homestead", "income"), review=True),
    ),
    "becomes civil servant (not contract type)": (Row("membership-lost", ("membership",)),),
    "obtains membership of another collective": (
        Row("membership-gained", ("membership",)),
        Row("membership-lost", ("membership",)),
    ),
    "sublease, lend operating right": tuple(Row(kind, (), CONTRACT) for kind in ("leased", "subleased", "contributed")),
    "exchange": (Row("exchanged", CONTRACT),),
    "mortgage of operating right": (Row("mortgaged", (), CONTRACT), Row("mortgage-discharged", (), CONTRACT)),
    "voluntary paid exit, completed": (
        Row("exited", (*CONTRACT, "homestead", "income")),
        Row("membership-exited", ("membership",)),
    ),
    "expropriation (征收)": (Row("expropriated", (*CONTRACT, "homestead", "income")),),
    "survey correction": (Row("survey-corrected", ()),),
    "village merged / renamed / recoded": (Row("recoded", (*CONTRACT, "homestead", "income", "membership")),),
    "end of term": (Row("extended", CONTRACT),),
    "subsidies, as each policy says": (
        Row("benefit-granted", ("benefit",)),
        Row("benefit-adjusted", ("benefit",)),
        Row("benefit-ended", ("benefit",)),
    ),
}


@pytest.mark.rule("WS-2016/II.3.1-g")
@pytest.mark.parametrize("row", EVENTS)
def test_5_household_event_alone_in_part_or_whole_changes_no_field(store: Store, row: str) -> None:
    """II.3.1-g, section 5: "–" in every column: nothing guarded differs, of one, of some, of the whole household."""
    village = registered(store)
    before, root = everything(store), state_root(store)
    held = {person: projections(store, person) for person in village.people}
    for number, kind in enumerate(EVENTS[row]):
        for part, who in enumerate((village.people[:1], village.people[:3], village.people)):
            day = f"2018-{number + 1:02d}-{part + 1:02d}"
            moved = tuple(made_up.town(person, day) for person in who)
            record(store, Event(kind, day, tuple(who), moved), "王警官", "公安局")
    assert (everything(store), state_root(store)) == (before, root)
    assert {person: projections(store, person) for person in village.people} == held


def test_5_every_kind_of_class_h_is_in_a_row_or_said_to_be_in_none() -> None:
    """Section 5: an event that is neither in the table nor on the list of causes does nothing; no kind is left out here."""
    in_rows = [kind for kinds in EVENTS.values() for kind in kinds]
    assert sorted([*in_rows, *ELSEWHERE]) == sorted(causes.status_kinds())


@pytest.mark.parametrize(("row", "act"), [(row, act) for row, acts in ACTS.items() for act in acts], ids=str)
def test_5_act_changes_what_its_row_says_and_nothing_else(row: str, act: Row) -> None:
    """Section 5, column by column: what an act of the row may change by itself, what it may burden, and where a person decides."""
    own = {thing: cause for thing in COLUMNS if (cause := _cause(thing, act.kind)) is not None}
    assert set(own) == set(act.own), row
    assert {thing for thing in COLUMNS if _cause(thing, act.kind, "follows")} == set(act.burdens), row
    assert all(cause.review is act.review for cause in own.values()), row


def _cause(thing: str, kind: str, effect: causes.Effect = "own", day: date = DAY) -> causes.Cause | None:
    try:
        return causes.find(thing, kind, day, effect)
    except NoLawfulCauseError:
        return None


@pytest.mark.parametrize(("days", "review"), [(-1, True), (0, False), (1, False)])
def test_5_membership_is_lost_by_law_since_2025_05_01_and_before_it_a_person_decides(days: int, review: bool) -> None:
    """Section 5, civil servant and other membership: lost by law since that day; the day before it goes to REVIEW (Q6)."""
    found = _cause("membership", "membership-lost", day=LAW_OF_2025 + timedelta(days=days))
    assert found is not None
    assert found.review is review


def test_5_what_lies_on_a_right_changes_none_of_its_terms() -> None:
    """Section 5, "burden added, holder same": a lease begins a right of its own, a mortgage a restriction; neither may do more."""
    for kind in ("leased", "subleased", "contributed"):
        assert (rights.MAY[kind].begins, rights.MAY[kind].ends, rights.MAY[kind].fields) == (True, False, frozenset())
    assert "mortgaged" not in rights.MAY


def test_5_the_homestead_and_the_share_are_not_mortgaged() -> None:
    """Section 5, mortgage of operating right: homestead "not available", share "–", on no day that there was one."""
    for cause in causes.lawful_causes():
        assert not (cause.kind == "mortgaged" and cause.thing in {"homestead", "income"})


def test_5_survey_recoding_and_end_of_term_change_a_version_and_never_the_right() -> None:
    """Section 5: a survey gives the parcel another version; a recoding changes codes; a term is extended and ends nothing."""
    assert "survey-corrected" not in rights.MAY
    assert not parcels.MAY["survey-corrected"].ends
    assert rights.MAY["recoded"] == only("unit_code", "book_number")
    assert membership.MAY["recoded"] == only("basis")
    extended = rights.MAY["extended"]
    assert not extended.ends
    assert not extended.fields & {"holder_id", "right_parcel", "powers", "allotment_id"}
    assert not [kind for kind in causes.kinds() if "expir" in kind or "lapse" in kind]


def test_5_a_subsidy_changes_by_an_act_of_its_own_alone() -> None:
    """Section 5, last column: "follow the land", "as contract says": adjusted or ended on its own basis, by no other row's act."""
    whatever = {"first-registration", "record-corrected", "clerical-slip", "court-ordered", "arbitrated", "restored"}
    assert set(benefits.MAY) - whatever == {"benefit-granted", "benefit-adjusted", "benefit-ended"}
