"""Does every kind of case come to each of its ends through the service, and leave a register that agrees with its log?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from api.v1 import case_models as models
from registry import cases
from registry.audit import audit
from registry.ledger.tables import LEDGER_ENTRY
from tests.api.conftest import TOKEN
from tests.registry.cases.walking import EXAMPLES, Example, Walker, role_for

if TYPE_CHECKING:
    from registry.cases import Actor
    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


def actor_in(actor: Actor) -> dict[str, Any]:
    """An actor as the service takes one."""
    return {
        "account": actor.id,
        "name": actor.name,
        "bureau": actor.bureau,
        "role": actor.role,
        "person": actor.person or None,
    }


class ServiceWalker(Walker):
    """Opens cases and takes steps by POST; each answer has its documented form, and names nobody."""

    def __init__(self, store: Store, village: Village, caller: Caller, canaries: tuple[str, ...]) -> None:
        super().__init__(store, village)
        caller.app.state.store.clock = self.clock
        self.caller, self.canaries = caller, canaries
        self.answered: dict[str, dict[str, Any]] = {}

    def post(self, path: str, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
        """What a POST answers."""
        got = self.caller.post(path, json=body, headers=HEADERS)
        assert got.status_code == status, got.text
        assert not [canary for canary in self.canaries if canary in got.text]
        found: dict[str, Any] = got.json()
        return found

    def open(self, kind: str, example: Example, actor: Actor | None = None) -> str:
        """A new draft."""
        case = {
            "kind": kind,
            "subject": example.subject,
            "challenges": example.challenges,
            "request": example.request,
            "applicant": (actor or self.first).person or self.village.people[0],
        }
        answer = self.post("/v1/cases", {"case": case, "actor": actor_in(actor or self.first)})
        self.answered[answer["id"]] = answer
        return models.CaseAnswer.model_validate(answer).id

    def step(self, case_id: str, word: str, actor: Actor | None = None, **said: Any) -> None:  # noqa: ANN401  (what a step says)
        """One step."""
        who = actor_in(actor or self.first)
        step = {"step": word, "seen": self.answered[case_id]["n"], "said": said}
        answer = self.post(f"/v1/cases/{case_id}/steps", {"step": step, "actor": who})
        models.CaseAnswer.model_validate(answer)
        self.answered[case_id] = answer

    def look_up(self, case_id: str) -> None:
        """Who only looks is answered as who took the last step was, but for the words that they have to answer."""
        asked = self.post(f"/v1/cases/{case_id}/lookup", {"actor": actor_in(self.first)}, 200)
        models.CaseAnswer.model_validate(asked)
        assert {**asked, "words": None} == self.answered[case_id]


def versions(store: Store) -> int:
    """How many acts are on the log."""
    with store.reading() as connection:
        query = sa.select(sa.func.count()).where(LEDGER_ENTRY.c.cls == "R")
        return int(connection.scalar(query) or 0)


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_kind_is_returned_refused_withdrawn_and_registered(
    store: Store, village: Village, caller: Caller, canaries: tuple[str, ...], kind: str
) -> None:
    """Three ends write no act; the fourth writes acts of the kind's own cause, right after its own entry on the log."""
    walker = ServiceWalker(store, village, caller, canaries)
    walker.first = replace(walker.first, role=role_for(kind))
    walker.second = replace(walker.second, role=role_for(kind))
    sort = cases.kind_of(kind)
    example = walker.example(kind)
    acts = versions(store)
    for end in ("returned", "refused", "withdrawn"):
        case_id = walker.walk(kind, example, sort.route[1] if len(sort.route) > 3 else "submitted")
        walker.look_up(case_id)
        walker.step(case_id, end, reasons="材料不齐")
        walker.look_up(case_id)
        case, following, _ = walker.look(case_id)
        assert cases.phase(case, sort) == ("drafted" if end == "returned" else end)
        assert bool(following) == (end == "returned")
        if end == "returned" and sort.writes:
            walker.step(case_id, "withdrawn", reasons="不办了")
        elif end == "returned":
            walker.go_on(case_id)
            example = walker.example(kind)
    assert versions(store) == acts
    if not sort.writes:
        return
    case_id = walker.walk(kind, example)
    walker.look_up(case_id)
    case, following, _ = walker.look(case_id)
    assert (following, cases.phase(case, sort)) == ((), sort.route[-1])
    registered = case.last("registered")
    assert registered is not None
    with store.reading() as connection:
        entries = {row.idx: row for row in connection.execute(sa.select(LEDGER_ENTRY))}
    assert {entries[step.entry_idx].cls for step in case.steps} == {"C"}
    assert registered.act_idx == registered.entry_idx + 1
    assert entries[registered.act_idx].kind == sort.cause
    assert audit(store).findings == ()
