"""Is each of the thirteen guarded things told once on a form, and never among what stays where the case's cause may write it?"""

from __future__ import annotations

import datetime as dt

import pytest

from registry.cases import book, changing
from registry.cases.kinds import BREACH, CASE
from registry.law import causes

TODAY = dt.date(2026, 11, 26)


@pytest.mark.parametrize("kind", sorted(book().kinds))
def test_every_thing_is_told_once_and_what_stays_is_nothing_that_the_cause_writes(kind: str) -> None:
    """What is said to stay can't be written about this subject by the kind's cause: the database holds no such row of causes."""
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
        assert not stays & (allowed - (set(sort.about) - {about}))
        assert bool(told.own) == sort.writes


def test_a_change_of_the_representative_writes_the_list_and_no_land() -> None:
    """Users 2(a) 3: the land and the co-holders stay as they are, beside the form."""
    told = changing(book().kinds["representative-changed"], {"holding"}, {"holding"}, TODAY)
    assert [word.word for word in told.own] == ["holding"]
    assert told.perhaps == told.follows == ()
