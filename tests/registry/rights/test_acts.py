"""What does an act on a right, a restriction, a membership or a holding refuse, and does it say why?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from registry.holding import acts as holdings
from registry.holding.model import HOLDING
from registry.holding.read import members
from registry.ledger.act import Act, ActFields, ConsentMissingError, NothingToActOnError
from registry.ledger.allowed import AlreadyEndedError, NotByThisCauseError
from registry.ledger.commit import desk
from registry.membership import acts as memberships
from registry.restrictions import acts as restrictions
from registry.rights import acts as rights
from registry.rights.acts import Holder, NoHolderError, TermBeyondContractError, Terms
from registry.rights.model import RIGHT
from registry.store.engines import Store
from tests.guarantee.village import family_wills, registered, size
from tests.registry.made_up import CLERK, Village, wills

NOBODY = "0" * 32
LENDER = {"lender": "信用社"}
Deed = Callable[[Act, Village], object]


def _burden(act: Act, right_id: str) -> str:
    return rights.burden(act, right_id, restriction_kind="seizure", parties=LENDER, document="查1")


def _let(act: Act, right_id: str, term_end: str) -> str:
    return rights.let(act, right_id, Holder(party_id=NOBODY), Terms("u", "u", "2025-06-01", term_end), [])


REFUSED: list[tuple[str, str, Deed, type[Exception]]] = [
    (
        "a right for nobody",
        "first-registration",
        lambda a, _: rights.begin(a, "homestead", Holder(), Terms("u", "u")),
        NoHolderError,
    ),
    (
        "a lease past the contract",
        "leased",
        lambda a, v: _let(a, v.rights["contract-arable"], "2028-01-01"),
        TermBeyondContractError,
    ),
    ("a seizure of nothing", "seized", lambda a, _: _burden(a, NOBODY), NothingToActOnError),
    ("a lease of nothing", "leased", lambda a, _: _let(a, NOBODY, "2026-01-01"), NothingToActOnError),
    ("the end of no lease", "operating-ended", lambda a, _: rights.end_letting(a, NOBODY), NothingToActOnError),
    ("an exit from nothing", "exited", lambda a, _: rights.end(a, NOBODY), NothingToActOnError),
    (
        "a holder for nothing",
        "record-corrected",
        lambda a, _: rights.change(a, NOBODY, holder=Holder(party_id=NOBODY)),
        NothingToActOnError,
    ),
    (
        "a term by a paper's cause",
        "certificate-issued",
        lambda a, v: rights.change(a, v.rights["homestead"], term_end="2030-01-01"),
        NotByThisCauseError,
    ),
    (
        "a right begun by an end",
        "exited",
        lambda a, v: rights.begin(a, "homestead", Holder(holding_id=v.holding), Terms("u", "u")),
        NotByThisCauseError,
    ),
    ("restoring what stands", "restored", lambda a, v: rights.restore(a, v.rights["homestead"]), AlreadyEndedError),
    (
        "restoring by another cause",
        "extended",
        lambda a, v: rights.restore(a, v.rights["contract-arable"]),
        NotByThisCauseError,
    ),
    (
        "a mortgage for a seizure",
        "mortgage-discharged",
        lambda a, v: restrictions.end(a, v.rights["seizure"]),
        NotByThisCauseError,
    ),
    (
        "a seizure begun as a mortgage",
        "mortgaged",
        lambda a, v: restrictions.begin(
            a, restriction_kind="seizure", right_id=v.rights["homestead"], parties={}, document=""
        ),
        NotByThisCauseError,
    ),
    ("the end of no restriction", "seizure-lifted", lambda a, _: restrictions.end(a, NOBODY), NothingToActOnError),
    ("the end of no membership", "membership-lost", lambda a, _: memberships.end(a, NOBODY), NothingToActOnError),
    ("the end of no holding", "extinct", lambda a, _: holdings.end(a, NOBODY), NothingToActOnError),
    (
        "a new head of no holding",
        "representative-changed",
        lambda a, _: holdings.change(a, NOBODY, representative_id=NOBODY),
        NothingToActOnError,
    ),
]


@pytest.mark.parametrize(("kind", "deed", "refusal"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_an_act_on_what_it_may_not_touch_is_refused_and_writes_nothing(
    store: Store, kind: str, deed: Deed, refusal: type[Exception]
) -> None:
    """Causes.md: an act does what its row says to what stands on its day; anything else is refused by name."""
    village = registered(store)
    before = size(store)
    with desk(store, CLERK) as at:
        act = at.act(kind, "2025-06-01", ActFields(wills=family_wills(village), payment="1.00"))
        with pytest.raises(refusal):
            deed(act, village)
    assert size(store) == before


def test_what_has_ended_is_neither_changed_nor_ended_again_nor_burdened(store: Store) -> None:
    """Ledger section 7, a burden begins nothing: a seizure, a lease or a new paper on an ended right is refused."""
    village = registered(store)
    arable = village.rights["contract-arable"]
    signed = ActFields(wills=family_wills(village), payment="1.00")
    with desk(store, CLERK) as at:
        rights.end(at.act("exited", "2025-06-01", signed), arable)
        at.commit()
    with desk(store, CLERK) as at:
        with pytest.raises(AlreadyEndedError):
            _burden(at.act("seized", "2025-07-01"), arable)
        with pytest.raises(AlreadyEndedError):
            _let(at.act("leased", "2025-07-01", signed), arable, "2026-01-01")
        with pytest.raises(AlreadyEndedError):
            rights.end(at.act("exited", "2025-07-01", signed), arable)
        with pytest.raises(AlreadyEndedError):
            rights.change(at.act("certificate-issued", "2025-07-01"), arable, certificate_number="新")


def test_a_correction_reaches_back_before_the_beginning(store: Store) -> None:
    """Ledger section 7: a correction may show that a thing began earlier: its first stretch reaches back."""
    village = registered(store)
    homestead = village.rights["homestead"]
    with desk(store, CLERK) as at:
        act = at.act("record-corrected", "2010-01-01", ActFields(basis="更正"))
        rights.change(act, homestead, holder=Holder(holding_id=village.holding), certificate_number="旧证")
        at.commit()
    with desk(store, CLERK) as at:
        chain = at.chain(RIGHT, homestead)
        assert [(v.valid_from, v.valid_to) for v in chain] == [
            ("2016-11-30", None),
            ("2017-02-01", None),
            ("2010-01-01", "2017-02-01"),
            ("2017-02-01", None),
        ]
        with pytest.raises(NothingToActOnError):
            rights.change(at.act("certificate-issued", "2009-01-01"), homestead, certificate_number="更早")


def test_a_new_head_needs_the_will_of_each_living_co_holder(store: Store) -> None:
    """Causes.md, representative-changed: all; the representative signs for nobody, and the dead are not asked."""
    village = registered(store)
    with desk(store, CLERK) as at:
        act = at.act("representative-changed", "2025-06-01", ActFields(wills=wills(village.people[0])))
        with pytest.raises(ConsentMissingError):
            holdings.change(act, village.holding, representative_id=village.people[1])
        with pytest.raises(ConsentMissingError):
            holdings.end(
                at.act("contracts-merged", "2025-06-01", ActFields(wills=wills(village.people[0]))), village.holding
            )
    with desk(store, CLERK) as at:
        holdings.change(
            at.act("representative-changed", "2025-06-01", ActFields(wills=family_wills(village))),
            village.holding,
            representative_id=village.people[1],
        )
        at.commit()


def test_whose_age_is_not_known_signs_alone(store: Store) -> None:
    """Nobody's will is taken for another's by a blank: without a birth date no guardian is asked for."""
    village = registered(store)
    with desk(store, CLERK) as at:
        found = holdings.minors(
            at.act("seized", "2025-06-01"), [village.collective, village.people[3], village.people[0]]
        )
    assert found == {village.collective: False, village.people[3]: True, village.people[0]: False}


def test_heir_signs_for_what_they_inherit_and_the_dead_for_nothing(store: Store) -> None:
    """Causes.md, inherited: the heirs; a living holder's own will is asked for as ever, a household's as one."""
    village = registered(store)
    people, share = village.people, village.rights["income-4"]
    sole, joint = Holder(party_id=people[1]), Holder(holding_id=village.holding)
    with desk(store, CLERK) as at:
        by_heir = at.act("inherited", "2025-06-01", ActFields(wills=wills(people[1])))
        with pytest.raises(ConsentMissingError):
            rights.end(by_heir, share)
    with desk(store, CLERK) as at:
        lines = [replace(line, alive=line.person_id != people[4]) for line in members(at.chain(HOLDING, village.holding)[-1])]
        holdings.change(at.act("member-deceased", "2025-05-01", ActFields(basis="死亡")), village.holding, members=lines)
        at.commit()
    with desk(store, CLERK) as at:
        by_heir = at.act("inherited", "2025-06-01", ActFields(wills=wills(people[1])))
        rights.end(by_heir, share)
        rights.begin(by_heir, "homestead", sole, Terms("u", "u"))
        rights.begin(by_heir, "homestead", joint, Terms("u", "u"))
        with pytest.raises(ConsentMissingError):
            rights.begin(by_heir, "homestead", Holder(party_id=people[2]), Terms("u", "u"))
        with pytest.raises(ConsentMissingError):
            rights.end(at.act("exited", "2025-06-01", ActFields(wills=wills(people[1]), payment="1.00")), share)
