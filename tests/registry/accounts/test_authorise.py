"""May this actor do this to that? The one judge, without any store."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.accounts.authorise import ANYBODY, COVERS, EVERYTHING, Actor, Grant, Scope, may
from registry.accounts.roles import EVENT_NOUNS, NOUNS, RIGHT_NOUNS, DutiesMixedError, refuse_mixed, role, roles

VILLAGE, OTHER = "15062610021000", "15062620030100"
OWN = Scope(frozenset({"达"}), frozenset({VILLAGE, f"{VILLAGE}0001"}))
ELSEWHERE = Scope(frozenset({"孟"}), frozenset({OTHER}))
BOTH = Scope(frozenset({"达", "敖"}), frozenset({VILLAGE}), co_held=True)
ACTIONS = sorted(frozenset().union(*COVERS.values()))


def actor(name: str, *, town: str = "", about: str = "") -> Actor:
    """An account with one role."""
    return Actor("a", "staff", "", "", None, (Grant(role(name), town, about),))


PERSON = Actor("p", "person", "", "", "达")


def test_person_sees_their_own_and_what_they_co_hold_and_nobody_elses() -> None:
    """Policy-map section 10: neither a former spouse nor the head of the household sees another adult's separate data."""
    assert may(PERSON, "read-one", "contract-right", OWN).allowed
    assert may(PERSON, "read-one", "geometry", BOTH).allowed
    assert not may(PERSON, "read-one", "contract-right", ELSEWHERE).allowed
    separate = Scope(BOTH.people, BOTH.codes)
    assert not may(PERSON, "read-one", "person", separate).allowed


def test_relative_sees_and_applies_and_never_consents_to_an_end() -> None:
    """亲情代办: what she is named for, for that one person; every C is the person's own."""
    relative = actor("named-relative", about="达")
    assert may(relative, "read-one", "contract-right", OWN).allowed
    assert may(relative, "propose", "household-event", OWN).allowed
    assert not may(relative, "read-one", "contract-right", ELSEWHERE).allowed
    assert not [noun for noun in NOUNS if may(relative, "consent", noun, OWN).allowed]
    assert [noun for noun in NOUNS if may(PERSON, "consent", noun, OWN).allowed]


def test_counsel_sees_one_person_and_each_look_is_logged() -> None:
    """A letter or an order names one person; the purpose is asked for each time."""
    counsel = actor("counsel", about="达")
    assert may(counsel, "read-one", "contract-right", OWN).needs_purpose
    assert may(counsel, "read-one", "contract-right", OWN).allowed
    assert not may(counsel, "read-one", "contract-right", ELSEWHERE).allowed
    assert not may(counsel, "read", "contract-right", OWN).allowed


def test_village_sees_its_land_wherever_its_people_live_and_the_new_town_sees_none() -> None:
    """Policy-map section 10: scope is by membership and land, not by address."""
    village, town, new_town = actor("collective", about=VILLAGE), actor("town", town="150626100"), actor("town", town="150626101")
    assert may(village, "read", "contract-right", OWN).allowed
    assert not may(village, "read", "contract-right", ELSEWHERE).allowed
    assert may(town, "propose", "contract-right", OWN).allowed
    assert not may(new_town, "propose", "contract-right", OWN).allowed
    assert not may(village, "read", "contract-right", EVERYTHING).allowed


def test_village_of_groups_is_one_place_and_a_group_is_its_own() -> None:
    """An issuer's code that ends in 00 is the whole village's; one that does not is a group's."""
    group = f"{VILLAGE[:12]}02"
    assert may(actor("collective", about=VILLAGE), "read", "geometry", Scope(codes=frozenset({group}))).allowed
    assert not may(actor("collective", about=group), "read", "geometry", OWN).allowed


def test_surveyor_sees_the_villages_of_the_job_only() -> None:
    """A surveyor's own job, and no person in it."""
    surveyor = actor("surveyor", about=VILLAGE)
    assert may(surveyor, "read", "geometry", OWN).allowed
    assert not may(surveyor, "read", "geometry", ELSEWHERE).allowed
    assert not may(surveyor, "read-one", "person", OWN).allowed


def test_bureau_asks_in_its_own_name_only() -> None:
    """Policy-map section 7: V is the bureau's own."""
    schools = actor("education")
    assert may(schools, "yes-no", "household-event", Scope(everything=True, bureau="education")).allowed
    assert not may(schools, "yes-no", "household-event", Scope(everything=True, bureau="finance")).allowed


def test_key_reaches_no_further_than_it_was_made_for() -> None:
    """A key of an office has its role, narrowed: a role that grows does not widen it."""
    key = Actor("k", "key", "", "", None, (Grant(role("exchange")),), frozenset({"contract-right:yes-no"}))
    assert may(key, "yes-no", "contract-right", EVERYTHING).allowed
    assert not may(key, "yes-no", "membership", EVERYTHING).allowed
    assert not may(key, "read", "rules", EVERYTHING).allowed


@pytest.mark.parametrize("noun", sorted(set(NOUNS) - {"rules"}))
def test_nobody_who_did_not_sign_in_reads_or_writes_anything(noun: str) -> None:
    """The public has the law, the log's head and figures; whatever else it has within (outline, listings) no scope gives yet."""
    decided = [action for action in ACTIONS if may(ANYBODY, action, noun, EVERYTHING).allowed]  # type: ignore[arg-type]  # drawn from COVERS
    assert decided in ([], ["aggregate"])


@given(
    st.sampled_from(sorted(set(roles()) - {"public", "the-person"})),
    st.sampled_from(ACTIONS),
    st.sampled_from(NOUNS),
    st.sampled_from(["", "150626100", "150626101"]),
    st.sampled_from([VILLAGE, OTHER, "达", "孟"]),
)
def test_a_narrower_grant_never_allows_more(name: str, action: str, noun: str, town: str, about: str) -> None:
    """For any role: with a town nothing is allowed that was not without it, and nothing about everything but the public's."""
    wide, narrow = actor(name, about=about), actor(name, town=town or "150626100", about=about)
    for scope in (OWN, ELSEWHERE, BOTH):
        if role(name).own != "town" and may(narrow, action, noun, scope).allowed:  # type: ignore[arg-type]  # as above
            assert may(wide, action, noun, scope).allowed  # type: ignore[arg-type]  # as above
    everything = may(narrow, action, noun, EVERYTHING)  # type: ignore[arg-type]  # as above
    assert not everything.allowed or everything.role == "public"


@given(st.lists(st.sampled_from(sorted(roles())), max_size=4), st.sampled_from([OWN, ELSEWHERE, EVERYTHING]))
def test_who_may_write_an_event_may_write_no_right(names: list[str], scope: Scope) -> None:
    """I1, asked of the judge itself: over every set of roles that one account can be granted."""
    held = [role(name) for name in names]
    try:
        refuse_mixed(held)
    except DutiesMixedError:
        return
    who = Actor("a", "staff", "", "", None, tuple(Grant(each, about=VILLAGE) for each in held))
    events = any(may(who, "write", noun, scope).allowed for noun in EVENT_NOUNS)
    assert not (events and any(may(who, "write", noun, scope).allowed for noun in RIGHT_NOUNS))
