"""Is each of the thirteen guarded things told once on a form, and never among what stays where the case's cause may write it?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry.benefits import acts as benefits
from registry.cases import book, changing
from registry.cases.changing import BEGUN
from registry.cases.kinds import BREACH, CASE
from registry.cases.slips import KIND
from registry.cases.writing.corrections import MENDED_COLUMNS
from registry.catalogue import NOUNS
from registry.duties import acts as duties
from registry.law import causes
from registry.ledger.allowed import May
from registry.ledger.read import size
from registry.membership import acts as memberships
from registry.restrictions import acts as restrictions
from tests.registry.cases.walking import Example, role_for

if TYPE_CHECKING:
    from tests.registry.cases.walking import Walker

TODAY = dt.date(2026, 11, 26)
REFUSED = {
    word: acts.MAY[KIND]
    for word, acts in (("membership", memberships), ("restriction", restrictions), ("duty", duties), ("benefit", benefits))
}


@pytest.mark.parametrize("kind", sorted(book().kinds))
def test_every_thing_is_told_once_and_what_stays_is_nothing_that_the_cause_writes(kind: str) -> None:
    """What is said to stay can't be written about this subject by the kind's cause: the database holds no such row of causes.

    Of a slip, whose cause the list has for everything: the acts refuse each column that its case can name.
    """
    sort = book().kinds[kind]
    every = [each for each in causes.lawful_causes() if each.kind == sort.cause]
    of_cause = [each for each in every if each.holds_on(TODAY)] or every
    allowed = {each.thing for each in of_cause if each.effect == "own"}
    for about in (word for word in sort.about if word not in {CASE, BREACH}):
        told = changing(sort, {about}, {about}, TODAY)
        words = [word.word for part in (told.own, told.perhaps, told.follows, told.stays) for word in part]
        assert sorted(words) == sorted(causes.things())
        stays = {word.word for word in told.stays}
        # Other things that the kind can be about are another case's: this one is about `about` alone.
        by_list = stays & (allowed - (set(sort.about) - {about}))
        assert not (by_list and told.by_database)
        if kind in BEGUN:
            continue  # the walk below holds it to what is said
        assert not {thing for thing in by_list if REFUSED.get(thing) != May(fields=REFUSED[thing].fields - MENDED_COLUMNS)}
        assert bool(told.own) == sort.writes


def test_a_change_of_the_representative_writes_the_list_and_no_land() -> None:
    """Users 2(a) 3: the land and the co-holders stay as they are, beside the form."""
    told = changing(book().kinds["representative-changed"], {"holding"}, {"holding"}, TODAY)
    assert [word.word for word in told.own] == ["holding"]
    assert told.perhaps == told.follows == ()


def test_a_slip_of_a_parcel_names_neither_membership_nor_payments() -> None:
    """It mends a name, a 四至 or a code of the land: a membership, a duty, a restriction or a payment has no such field."""
    told = changing(book().kinds[KIND], {"parcel"}, {"parcel"}, TODAY)
    assert [word.word for word in told.own] == ["parcel"]
    assert told.perhaps == ()
    assert {"membership", "restriction", "duty", "benefit"} <= {word.word for word in told.stays}


@pytest.mark.parametrize("kind", sorted(BEGUN))
def test_a_first_registration_begins_no_more_than_its_form_says(walker: Walker, kind: str) -> None:
    """A delivery begins everything by the same cause; a case about one household begins what it is for, on either engine."""
    role = role_for(kind)
    walker.first, walker.second = (replace(actor, role=role) for actor in (walker.first, walker.second))
    example = walker.example(kind)
    with walker.store.reading() as connection:
        before = size(connection)
    case = walker.walk(kind, example)
    with walker.store.reading() as connection:
        written = {
            thing
            for noun in NOUNS
            for thing in connection.scalars(sa.select(noun.table.c.thing).where(noun.table.c.cause_idx >= before))
        }
    assert case
    assert written
    assert written <= {word.word for word in changing(book().kinds[kind], {"holding"}, set(), TODAY).own}


@pytest.mark.parametrize("field", ["local_name", "remark", "code"])
def test_a_slip_writes_no_more_than_its_form_says(walker: Walker, field: str) -> None:
    """Whatever the register gets by it, on either engine, is of the one thing that the form names."""
    parcel = walker.village.parcels["arable"]
    to = "150626100210200999" if field == "code" else "西坡"
    told = changing(book().kinds[KIND], {"parcel"}, {"parcel"}, TODAY)
    may = {word.word for part in (told.own, told.perhaps, told.follows) for word in part}
    case = walker.walk(KIND, Example([parcel], {"field": field, "to": to}))
    with walker.store.reading() as connection:
        written = {
            thing
            for noun in NOUNS
            for thing in connection.scalars(sa.select(noun.table.c.thing).where(noun.table.c.cause_kind == KIND))
        }
    assert case
    assert written == may == {"parcel"}
