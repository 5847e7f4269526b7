"""Did everybody who is moved apply for themself?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from registry.decisions.guardian import Guardianship
from registry.parties import Identity
from registry.settlement import Event
from registry.settlement.wills import (
    WILLED,
    AppliedForAnotherError,
    GuardianMissingError,
    GuardianNotShownError,
    NoApplicationError,
    check_wills,
    of_age,
)
from tests.guarantee.village import registered
from tests.registry import made_up
from tests.registry.settlement.filings import applied

if TYPE_CHECKING:
    from registry.store.engines import Store


def check(store: Store, event: Event) -> None:
    """Ask as a door does."""
    with store.reading() as connection:
        check_wills(connection, store.vault, event)


@pytest.mark.rule("WS-2016/I.2.2")
@pytest.mark.parametrize("kind", sorted(WILLED))
def test_each_move_by_will_asks_for_each_persons_application(store: Store, kind: str) -> None:
    """I.2.2: of every kind that the plan ties to the will, each person's own; one missing, or another's, is refused."""
    village = registered(store)
    husband, wife, son = village.people[:3]
    rows = tuple(made_up.town(p) for p in (husband, wife, son))
    own = (applied(husband), applied(wife), applied(son, wife))
    event = Event(kind, made_up.MOVED, (husband, wife, son), rows, applications=own)
    check(store, event)
    with pytest.raises(NoApplicationError):
        check(store, replace(event, applications=own[:2]))
    with pytest.raises(AppliedForAnotherError):
        check(store, replace(event, applications=(own[0], applied(wife, husband), own[2])))
    with pytest.raises(GuardianMissingError):
        check(store, replace(event, applications=(*own[:2], applied(son))))


@pytest.mark.rule("PERSON/adult-guardian")
def test_an_event_takes_a_guardians_signature_on_the_courts_decision_alone(store: Store) -> None:
    """民法典 21 to 24, 28: with the decision shown and in force it stands; without it the refusal says which paper is short."""
    village = registered(store)
    husband, wife = village.people[:2]
    event = Event("settled-in-banner", made_up.MOVED, (wife,), (made_up.town(wife),))
    said = Guardianship(names_signer=True, in_force_from=date(2017, 5, 8))
    check(store, replace(event, applications=(replace(applied(wife, husband), guardianship=said, court_decision="d" * 64),)))
    with pytest.raises(GuardianNotShownError) as refusal:
        check(store, replace(event, applications=(replace(applied(wife, husband), guardianship=said),)))
    assert "判决书" in str(refusal.value.zh)
    late = replace(said, in_force_from=date(2017, 5, 9))
    with pytest.raises(GuardianNotShownError):
        check(store, replace(event, applications=(replace(applied(wife, husband), guardianship=late, court_decision="d" * 64),)))


def test_other_kinds_ask_for_none(store: Store) -> None:
    """A birth, a divorce, a correction is nobody's settlement."""
    village = registered(store)
    check(store, Event("divorce-recorded", made_up.MOVED, tuple(village.people[:2])))


def test_newcomers_apply_under_the_name_that_the_event_gives_them(store: Store) -> None:
    """Somebody from outside is "new:0" until recorded, in their application too."""
    new = Identity("赵一", made_up.id_number("19850101", 121))
    event = Event("settled-from-outside", made_up.MOVED, (), (made_up.town("new:0"),), newcomers=(new,))
    with pytest.raises(NoApplicationError):
        check(store, event)
    check(store, replace(event, applications=(applied("new:0"),)))


def test_who_has_no_birthday_in_the_number_signs_alone() -> None:
    """A passport says no birthday: nobody is taken for a child by it."""
    assert of_age(Identity("x", "E1234567", "5"), date.fromisoformat(made_up.MOVED))
