"""How does an application to settle become a decision for each person, and one event for those who may and want to?

A *filing* is what is handed in together: a family at once, or one person. Each is decided alone, by the facts that the
register knows itself and by those for which there is a paper. Recorded are those who are eligible, or whom a named person
has looked at where the law leaves it open, and who applied themselves. Nothing about land is asked, read or written.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from registry import parties, residence
from registry.decisions.asking import QUESTIONS, as_shown
from registry.decisions.rural import RuralPlacement
from registry.errors import SanquanError
from registry.ledger.status import status_session
from registry.settlement.event import Application, Event, UnknownPersonError
from registry.settlement.known import Asking, with_known
from registry.settlement.recording import record_within
from registry.settlement.wills import by_guardian, check_application, identities_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection

    from registry.law.deciding import Decision
    from registry.particulars import Particulars
    from registry.parties import Identity
    from registry.residence import Registration
    from registry.settlement.event import Recorded
    from registry.store.engines import Store

State = Literal["recorded", "would be recorded", "did not apply", "not decided in favour", "a person must look"]
_KINDS = {
    "settle-in-banner": "settled-in-banner",
    "settle-from-outside": "settled-from-outside",
    "settle-along": "settled-from-outside",
    "collective-household": "collective-household-joined",
    "register-unregistered": "registered-first",
    "rural-placement": "placed-rural",
    "residence-permit": "permit-issued",
    "permit-endorsement": "permit-endorsed",
}
_PERMIT_STATUS = {"permit-issued": "issued", "permit-endorsed": "endorsed"}


class MixedFilingError(SanquanError):
    """Raised when one filing asks for events of two kinds, or for what no filing records."""

    def __init__(self) -> None:
        """What goes together."""
        super().__init__(
            "一次只能办一种事: 外来人和随迁家人可以一起, 别的分开交; 身份号码另有办法(sanquan identity)",
            "one filing is of one kind: people from outside and their family go together, others apart; identity numbers "
            "have a way of their own (sanquan identity)",
        )


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Who decided where the law leaves it open, and why. Kept with the event, sealed."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Filed:
    """One person of a filing: what is asked, on which facts, with which papers (content hashes by the fact's path).

    `application`: their own signed one, None when they did not apply. `along`: the person with whom they come;
    `receiving`: the spouse whose household they join. Both name somebody by id, or "new:0" of this filing. `particulars`:
    what the desk states of them with it; no decision reads it.
    """

    person: str
    question: str
    facts: Any = field(repr=False)
    papers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    application: Application | None = None
    relation: str = ""
    along: str = ""
    receiving: str = ""
    particulars: Particulars | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Filing:
    """What is handed in together. `place` is where they would be registered (person, day and relation are set for each)."""

    day: str
    people: tuple[Filed, ...]
    place: Registration
    newcomers: tuple[Identity, ...] = field(default=(), repr=False)
    looked_at: LookedAt | None = field(default=None, repr=False)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was decided for one person, what more is told, and what became of it."""

    person: str
    question: str
    decision: Decision
    told: Mapping[str, Any]
    state: State


def decide(store: Store, connection: Connection, filing: Filing) -> list[Answered]:
    """The decision for each person; nothing is recorded. MixedFilingError, UnknownPersonError, and as `wills` raises."""
    _kind(filing)
    _refuse_unknown(connection, filing)
    day = dt.date.fromisoformat(filing.day)
    shown = _facts(store, connection, filing)
    named = [p for one in filing.people for p in (one.person, one.application.signed_by if one.application else "") if p]
    who = identities_of(connection, store.vault, named, filing.newcomers)
    answers = []
    for one in filing.people:
        by = None if one.application is None else by_guardian(one.application, who, day)
        if by is not None and by.result != "eligible":
            answers.append(Answered(one.person, "guardian-signs", by, {}, "not decided in favour"))
            continue
        question = QUESTIONS[one.question]
        decision = question.decide(shown[one.person], day)
        if one.application is not None:
            check_application(one.application, who, day)
        told = question.told(shown[one.person], day)
        answers.append(Answered(one.person, one.question, decision, told, _state(filing, one, decision)))
    return answers


def settle(store: Store, filing: Filing, officer_name: str, bureau: str) -> tuple[list[Answered], Recorded | None]:
    """Decide and record: one event of those who may and want to; None where there is nobody. Raises as `decide` and `record`."""
    with status_session(store) as session:
        answers = decide(store, session.connection, filing)
        event = _event(store, session.connection, filing, answers)
        if event is None:
            return answers, None
        done = record_within(session, event, officer_name, bureau)
        session.connection.commit()
    ids = {f"new:{n}": person for n, person in enumerate(done.newcomers)}
    told: list[Answered] = []
    for each in answers:
        state: State = "recorded" if each.state == "would be recorded" else each.state
        told.append(replace(each, person=ids.get(each.person, each.person), state=state))
    return told, done


def _refuse_unknown(connection: Connection, filing: Filing) -> None:
    named = {name for one in filing.people for name in (one.person, one.along, one.receiving)}
    named |= {one.application.signed_by for one in filing.people if one.application is not None}
    if not all(name.startswith("new:") or parties.exists(connection, name) for name in named - {""}):
        raise UnknownPersonError


def _kind(filing: Filing) -> str:
    kinds = {_kind_of(one) for one in filing.people}
    if len(kinds) != 1 or "" in kinds:
        raise MixedFilingError
    return kinds.pop()


def _kind_of(one: Filed) -> str:
    if one.question == "register-unregistered" and one.facts.case == "declared-missing-or-dead":
        return "hukou-restored"
    if one.question == "rural-placement":
        wish = one.facts.wish
        if one.facts.event == "admission":
            return "study-move"
        if one.facts.event == "graduation" and wish == "origin":
            return "return-move"
        return "placed-rural" if wish == "rural" else "moved-within"
    return _KINDS.get(one.question, "")


def _facts(store: Store, connection: Connection, filing: Filing) -> dict[str, Any]:
    """What each decision rests on: shown by papers, or known to the register itself."""
    found: dict[str, Any] = {}
    # Whoever comes along rests on the facts of the person who leads.
    for one in sorted(filing.people, key=lambda each: bool(each.along)):
        facts = as_shown(one.facts, one.papers)
        if isinstance(facts, RuralPlacement) and one.application is not None:
            facts = replace(facts, own_will=True)  # the signed application is the paper of it
        if one.along in found and hasattr(facts, "principal"):
            facts = replace(facts, principal=found[one.along])
        asking = Asking(store, connection, filing.day, filing.newcomers, one.person, one.along, one.receiving)
        found[one.person] = with_known(asking, facts)
    return found


def _state(filing: Filing, one: Filed, decision: Decision) -> State:
    if decision.result == "review" and filing.looked_at is None:
        return "a person must look"
    if decision.result not in {"eligible", "review"}:
        return "not decided in favour"
    # To be registered at last is a duty of the office; everything else is somebody's own will.
    if one.application is None and one.question != "register-unregistered":
        return "did not apply"
    return "would be recorded"


def _event(store: Store, connection: Connection, filing: Filing, answers: list[Answered]) -> Event | None:
    going = {each.person: each for each in answers if each.state == "would be recorded"}
    people = [one for one in filing.people if one.person in going]
    if not people:
        return None
    kind = _kind(filing)
    coming = {f"new:{n}" for n in range(len(filing.newcomers))} & going.keys()
    newcomers, names = _renumbered(filing, coming)
    ids = [one.person for one in people if not one.person.startswith("new:")]
    papers = {paper for one in people for papers in one.papers.values() for paper in papers}
    papers |= {a.court_decision for one in people if (a := one.application) is not None and a.court_decision}
    applications = tuple(
        replace(a, person_id=names.get(a.person_id, a.person_id), signed_by=names.get(a.signed_by, a.signed_by))
        for one in people
        if (a := one.application) is not None
    )
    moves = kind not in _PERMIT_STATUS
    return Event(
        kind=kind,
        day=filing.day,
        people=tuple(ids),
        registrations=tuple(_registration(store, connection, filing, one, names) for one in people) if moves else (),
        permits={} if moves else dict.fromkeys(ids, (_PERMIT_STATUS[kind], filing.place.division_code)),
        newcomers=newcomers,
        basis="；".join(dict.fromkeys(going[one.person].decision.reasons[0].rule for one in people)),
        evidence=tuple(sorted(papers | {a.paper for a in applications})),
        key=filing.key,
        applications=applications,
        decided=tuple(_plain(filing, one, going[one.person], names) for one in people),
        particulars={
            names.get(one.person, one.person): one.particulars for one in people if one.particulars is not None
        },
    )


def _renumbered(filing: Filing, coming: set[str]) -> tuple[tuple[Identity, ...], dict[str, str]]:
    """Newcomers who are recorded, counted anew: one who is not decided in favour is not brought."""
    kept = [n for n in range(len(filing.newcomers)) if f"new:{n}" in coming]
    return tuple(filing.newcomers[n] for n in kept), {f"new:{old}": f"new:{new}" for new, old in enumerate(kept)}


def _registration(
    store: Store, connection: Connection, filing: Filing, one: Filed, names: dict[str, str]
) -> Registration:
    relation = one.relation
    if not relation and not one.person.startswith("new:"):
        before = residence.registration_at(connection, store.vault, one.person, filing.day)
        relation = before.relation if before else ""
    return replace(filing.place, person_id=names.get(one.person, one.person), valid_from=filing.day, relation=relation)


def _plain(filing: Filing, one: Filed, answer: Answered, names: dict[str, str]) -> dict[str, Any]:
    """A decision as it is kept with the event."""
    decision = answer.decision
    return {
        "person": names.get(one.person, one.person),
        "question": one.question,
        "result": decision.result,
        "rules": list(decision.rules),
        "open": sorted({reason.question for reason in decision.reasons if reason.question}),
        "beside": [[each.reasons[0].rule, each.result] for each in decision.beside],
        "facts": _json(asdict(one.facts)),
        "told": dict(answer.told),
        "looked_at": None if decision.result != "review" or filing.looked_at is None else asdict(filing.looked_at),
    }


def _json(value: Any) -> Any:  # noqa: ANN401  (plain values)
    if isinstance(value, dict):
        return {name: _json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_json(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value
