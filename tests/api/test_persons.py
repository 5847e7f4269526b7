"""What is told of a person, and in which form."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from api.v1 import models
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

_NUMBER = made_up.id_number(*made_up.PEOPLE[0][1:])


def test_lookup_by_number_answers_the_masked_person(caller: Caller, village: Village) -> None:
    """An ID number finds its person; name and number come back masked, the birth date not at all."""
    got = caller.post("/v1/persons/lookup", json={"id_number": _NUMBER.lower()})
    found = models.Persons.model_validate(got.json()).persons
    assert [(p.id, p.name, p.id_number) for p in found] == [(village.people[0], "**太", "*" * 16 + _NUMBER[-2:])]
    assert got.headers["cache-control"] == "no-store"


def test_lookup_of_an_unknown_number_answers_alike_and_as_late(caller: Caller) -> None:
    """Neither the form nor the time of the answer tells whether a number is known."""
    found = {}
    for number in (_NUMBER, "150699199001011234", "护照G12345678"):
        began = time.monotonic()
        got = caller.post("/v1/persons/lookup", json={"id_number": number})
        assert time.monotonic() - began >= 0.05
        assert got.status_code == 200
        assert list(got.json()) == ["persons"]
        found[number] = len(got.json()["persons"])
    assert list(found.values()) == [1, 0, 0]


def test_statement_of_a_settled_person_is_unchanged_in_the_documented_form(caller: Caller, village: Village) -> None:
    """The heart: status before and now, every right with its verdict, size and root of the log (plan II.3.1)."""
    got = caller.answer(f"/v1/persons/{village.people[0]}/statement")
    statement = models.Statement.model_validate(got)
    assert statement.verdict == "unchanged"
    assert {t.verdict for t in statement.things} == {"unchanged"}
    now, before = statement.registration.now, statement.registration.before
    assert now is not None
    assert before is not None
    assert (now.division_name, before.division_name) == ("嘎鲁图镇文苑社区", "嘎鲁图镇呼和陶勒盖嘎查")
    assert statement.ledger.root == caller.answer("/v1/ledger")["root"]


def test_statement_as_known_before_the_move_tells_of_no_move(caller: Caller, village: Village) -> None:
    """Known_at goes back in knowledge: at the size before the settlement's entry there is no settlement."""
    moved = caller.answer(f"/v1/persons/{village.people[0]}/statement")["event"]["idx"]
    before = caller.answer(f"/v1/persons/{village.people[0]}/statement", params={"known_at": moved})
    assert (before["event"], before["verdict"]) == (None, None)
    assert before["registration"]["now"]["division_code"] == "150626100210"
    assert before["ledger"]["size"] == moved


def test_statement_as_of_an_instant_equals_that_of_its_size(caller: Caller, village: Village) -> None:
    """An instant means all entries recorded by then, that second included."""
    head = caller.answer("/v1/ledger")
    path = f"/v1/persons/{village.people[1]}/statement"
    by_instant = caller.answer(path, params={"known_at": head["recorded_at"], "valid_at": "2020-01-01"})
    assert by_instant == caller.answer(path, params={"known_at": head["size"], "valid_at": "2020-01-01"})


def test_right_whose_term_ran_out_stands_and_is_due_for_extension(caller: Caller, village: Village) -> None:
    """A term that ran out ends nothing: on 2028-01-01 the arable contract stands, marked 延包 due (law EXT-1)."""
    got = caller.answer(f"/v1/persons/{village.people[0]}/rights", params={"valid_at": "2028-01-01"})
    arable = next(r for r in models.PersonRights.model_validate(got).rights if r.thing == "contract-arable")
    assert (arable.status, arable.extension_due) == ("live", True)


def test_registrations_never_show_the_address(caller: Caller, village: Village) -> None:
    """Where a person is registered is told by division; the address is not."""
    got = models.Registrations.model_validate(caller.answer(f"/v1/persons/{village.people[3]}/registrations"))
    assert [r.address for r in got.registrations] == ["***", "***"]
    assert [e.kind for e in got.events] == ["type-unified", "settled-in-banner"]


def test_guarantee_across_a_chosen_event_compares_that_event(caller: Caller, village: Village) -> None:
    """`event` chooses the household event; by default it is the latest settlement."""
    path = f"/v1/persons/{village.people[0]}/guarantee"
    default = models.GuaranteeAnswer.model_validate(caller.answer(path))
    chosen = models.GuaranteeAnswer.model_validate(caller.answer(path, params={"event": default.event.idx - 1}))
    assert (default.event.kind, chosen.event.kind) == ("settled-in-banner", "type-unified")


def test_event_of_nobody_here_is_not_found(caller: Caller, village: Village) -> None:
    """Asking across an entry that is no household event of this person is an error, not an empty verdict."""
    for part in ("guarantee", "statement"):
        got = caller.get(f"/v1/persons/{village.people[0]}/{part}", params={"event": 0})
        assert (got.status_code, got.json()["type"]) == (404, "urn:sanquan:problem:event-not-found")


def test_guarantee_without_any_event_says_so(store: Store, caller: Caller, village: Village) -> None:
    """Without a household event there is nothing to compare across: 404 with a word of its own."""
    got = caller.get(f"/v1/persons/{village.people[0]}/guarantee", params={"known_at": 2})
    assert (got.status_code, got.json()["type"]) == (404, "urn:sanquan:problem:no-event")


def test_unknown_person_is_not_found_on_every_route(caller: Caller) -> None:
    """An id of nobody gives the same 404 everywhere."""
    for part in ("statement", "rights", "registrations", "guarantee"):
        got = caller.get(f"/v1/persons/{'0' * 32}/{part}")
        assert got.status_code == 404
        assert got.json()["type"] == "urn:sanquan:problem:person-not-found"


def test_collective_is_no_person(caller: Caller, village: Village) -> None:
    """The id of an organisation finds no person."""
    assert caller.get(f"/v1/persons/{village.collective}/statement").status_code == 404
