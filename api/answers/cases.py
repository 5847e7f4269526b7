"""How is a case opened, looked at and moved on: the same for `/v1/cases` and `sanquan case`?

Who acts is stated by the caller (`ActorIn`), here and nowhere else, until sign-in states it. What a case asks for and what
its steps say can name people: an answer holds ids, days, amounts and words of ours, and the reasons that an officer gave
(written without names); whatever else was said stays sealed, but what was asked to whoever has to answer it (`read`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from api.answers import case_rows
from api.answers.events import PersonId, Strict, Words
from registry import cases, masks, parties
from registry.cases import Actor
from registry.cases.kinds import Word
from registry.looks.keeping import listed, looked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.case_files import Case, Step
    from registry.cases import Facts, Next
    from registry.cases.kinds import Wait
    from registry.store.engines import Store

Answer = dict[str, Any]
ThingId = PersonId
CaseId = PersonId
MOST_THINGS = 4_000
Role = Annotated[str, Field(pattern="^[a-z-]{1,40}$", examples=["agriculture"])]
_ISSUER = 14
_TOLD = (
    *("paper", "source", "person", "guardian", "proxy", "letter", "how", "day", "outcome", "reasons", "row", "difference", "cause"),
    *("to", "amount", "sheet", "language", "read", "identity", "mark", "witness", "ground"),
    *("attended", "agreed", "of", "attend", "agree", "rule", "carried"),
)


class ActorIn(Strict):
    """Who acts: the account, who stands behind it, and as what. `person` is their own id in the register, where known."""

    account: Words = Field(min_length=1, max_length=100, examples=["zhang-01"])
    name: Words = Field(min_length=1)
    bureau: Words = Field(min_length=1, examples=["农牧局"])
    role: Role
    person: PersonId | None = None

    def actor(self) -> Actor:
        """As the engine takes it."""
        return Actor(self.account, self.name, self.bureau, self.role, self.person or "")


class CaseIn(Strict):
    """What is applied for. `subject` are the things that it is about; `challenges` the case that an objection contests."""

    kind: Annotated[str, Field(pattern="^[a-z0-9-]{1,40}$", examples=["representative-changed"])]
    # 延包 is about every contract of a village.
    subject: list[ThingId] = Field(default_factory=list, max_length=MOST_THINGS)
    challenges: CaseId | None = None
    request: dict[str, Any] = Field(default_factory=dict, max_length=50)
    applicant: PersonId | None = None


class CaseOrder(Strict):
    """A new case, and who drafts it."""

    case: CaseIn
    actor: ActorIn


class CaseQuestion(Strict):
    """Who asks; `thing`: about which guarded thing, all that the asker may see where none is named."""

    actor: ActorIn
    thing: ThingId | None = None


class StepIn(Strict):
    """A step: `seen` is the number of the last step that the caller saw; `said` is what the step states."""

    step: Annotated[str, Field(pattern="^[a-z-]{1,40}$", examples=["accepted"])]
    seen: int = Field(ge=1, le=100_000)
    said: dict[str, Any] = Field(default_factory=dict, max_length=50)


class StepOrder(Strict):
    """A step, and who takes it."""

    step: StepIn
    actor: ActorIn


class DossierQuestion(Strict):
    """Who has the dossier of a case made, and for what; written down before it is handed out."""

    actor: ActorIn
    purpose: Words = Field(min_length=1, max_length=200, examples=["法院调卷"])


def all_kinds() -> Answer:
    """Every kind with its route, and whose turn each step is."""
    book = cases.book()
    return {
        "roles": [_word(role) for role in book.roles.values()],
        "papers": [_word(paper) for paper in book.papers.values()],
        "steps": [
            {"word": step.word, "zh": step.zh, "en": step.en, "by": list(step.by), "not_by": list(step.not_by), "apart": step.apart}
            for step in book.steps.values()
        ],
        "kinds": [
            {
                "word": kind.kind,
                "zh": kind.zh,
                "en": kind.en,
                "cause": kind.cause or None,
                "about": list(kind.about),
                "applies": list(kind.applies),
                "route": list(kind.route),
                "same_day": kind.same_day,
                "evidence": [list(any_of) for any_of in kind.evidence],
                "notices": _stretches(book.waits, kind.kind),
                "answers": _stretches(book.dues, kind.kind),
            }
            for kind in book.kinds.values()
        ],
    }  # fmt: skip


def _stretches(waits: Iterable[Wait], kind: str) -> list[Answer]:
    return [
        {
            "value": wait.value,
            "unit": wait.unit,
            "from": wait.in_force_from.isoformat(),
            "until": wait.in_force_until.isoformat(),
            "confirmed": wait.confirmed,
            "basis": wait.basis,
        }
        for wait in waits
        if kind in wait.kinds
    ]


def open_(store: Store, sent: CaseIn, actor: Actor) -> Answer:
    """A new draft."""
    case_id = cases.open_case(
        store,
        actor,
        sent.kind,
        subject=sent.subject,
        challenges=sent.challenges,
        request=sent.request,
        applicant=sent.applicant or "",
    )
    return show(store, case_id, actor)


def step(store: Store, case_id: str, sent: StepIn, actor: Actor) -> Answer:
    """One step; the case as it is then. What `registry.cases.take` raises: then nothing was written."""
    cases.take(store, case_id, sent.step, actor, sent.seen, sent.said)
    return show(store, case_id, actor)


def read(store: Store, case_id: str, actor: Actor) -> Answer:
    """`show` to who only looks: an office that does is told to all whom the case touches, as one row where it is a village.

    Whose turn it is to answer reads the words, too, and whoever wrote them is told.
    """
    with store.reading() as connection:
        looked_at = case, following, _ = cases.look(store, connection, case_id, actor)
        answer = told(store, connection, looked_at, actor)
    asked = cases.asked(case, actor, [each.step for each in following if each.open])
    answer["words"] = None if asked is None else asked.words
    if actor.whose:
        return answer
    why = f"{answer['zh']} {case_id}"
    if answer["rows"] is None:
        asker = [asked.by] if asked is not None and asked.by else []
        looked(store, actor.officer, [*(each["id"] for each in answer["people"]), *asker], "case", why)
    for issuer in sorted({row["code"][:_ISSUER] for row in (answer["rows"] or {}).get("rows", ())}):
        listed(store, actor.officer, issuer, "case", why)
    return answer


def show(store: Store, case_id: str, actor: Actor) -> Answer:
    """A case, its steps, whom it touches and which steps come next for this actor. NoSuchCaseError."""
    with store.reading() as connection:
        return told(store, connection, cases.look(store, connection, case_id, actor), actor)


def told(
    store: Store, connection: Connection, looked_at: tuple[Case, tuple[Next, ...], Facts], actor: Actor
) -> Answer:
    """`show` of what `cases.look` found."""
    case, following, facts = looked_at
    kind = cases.kind_of(case.kind)
    seen = case_rows.own(kind, actor, facts)
    return {
        **summary(case),
        "request": masks.anonymous(case_rows.request(cases.request_of(case))),
        "words": None,
        "steps": [_step(each) for each in case_rows.steps(case, facts, seen)],
        "people": _people(store, connection, looked_at, case_rows.people(facts, seen), actor),
        "rows": case_rows.rows(case, facts, seen) if kind.by_rows else None,
        "exit": _exit(facts),
        "dispute": _dispute(facts),
        "notice_until": cases.notice_until(case, kind),
        "answer_until": cases.answer_until(case, kind),
        "next": [_next(each) for each in following],
    }


def _exit(facts: Facts) -> Answer | None:
    """The state of a paid exit, and its signs of pressure; None for every other case."""
    if facts.exit is None:
        return None
    zh, en = cases.STATES[facts.exit.state]
    signs = [_word(Word(sign, *cases.SIGNS[sign])) for sign in sorted(facts.exit.signs)]
    return {"word": facts.exit.state, "zh": zh, "en": en, "signs": signs}


def _dispute(facts: Facts) -> Answer | None:
    """Where a dispute stands whose lock was registered; None for every other case."""
    if facts.dispute is None:
        return None
    zh, en = cases.DISPUTE_STATES[facts.dispute.state]
    until = facts.dispute.until or None
    return {"word": facts.dispute.state, "zh": zh, "en": en, "until": until, "locked": facts.dispute.locked}


def of_roster(
    store: Store, path: Path, *, collective: str, land: str, until: str, years: int | None = None
) -> Answer:
    """The case that a village's roster asks for, as it is drafted or supplemented; nothing is written, nobody is named."""
    from registry.cases import roster  # tables are read by few commands

    return roster.read_roster(store, path, collective, land, until, years)


def of_leases(store: Store, path: Path, actor: Actor, *, check_only: bool, only_good: bool) -> Answer:
    """Each row of a ledger of leases with its verdict, and the drafts that were opened: all, or none. Nobody is named.

    `only_good`: drafts of the rows without a fault, whatever the others are.
    """
    from registry.cases import lease_list  # tables are read by few commands

    rows = lease_list.read_leases(store, path)
    opened = [] if check_only else lease_list.open_leases(store, actor, rows, only_good=only_good)
    return {
        "rows": [
            {
                "row": row.number,
                "contract": row.called[0],
                "lease": row.called[1],
                "from": row.start,
                "until": row.end,
                "case": row.case or None,
                "faults": [
                    {"field": each.field, "zh": each.zh, "en": each.en, "hint_zh": each.hint_zh, "hint_en": each.hint_en}
                    for each in row.faults
                ],
            }
            for row in rows
        ],
        "opened": opened,
    }


def every(store: Store, actor: Actor, thing: str | None) -> Answer:
    """The cases that this actor may see, oldest first."""
    with store.reading() as connection:
        return {"cases": [summary(case) for case in cases.visible(store, connection, actor, thing=thing)]}


def summary(case: Case) -> Answer:
    """A case in a line: what it is, what it is about, where it stands."""
    kind = cases.kind_of(case.kind)
    phase = cases.book().steps[cases.phase(case, kind)]
    return {
        "id": case.id,
        "kind": kind.kind,
        "zh": kind.zh,
        "en": kind.en,
        "subject": list(case.subject),
        "challenges": case.challenges,
        "opened_at": case.steps[0].at,
        "n": case.n,
        "phase": {"word": phase.word, "zh": phase.zh, "en": phase.en},
    }


def _step(step: Step) -> Answer:
    word = cases.book().steps[step.step]
    _, name, bureau, role, _ = step.desk or ("", "", "", "", "")
    return {
        "n": step.n,
        "step": word.word,
        "zh": word.zh,
        "en": word.en,
        "at": step.at,
        "by": {"name": masks.shown("name", name), "bureau": bureau, "role": role},
        "entry": step.entry_idx,
        "act": step.act_idx,
        "said": {name: step.said[name] for name in _TOLD if name in step.said},
    }


def _people(
    store: Store, connection: Connection, looked_at: tuple[Case, tuple[Next, ...], Facts], people: Mapping[str, bool], actor: Actor
) -> list[Answer]:
    case, _, facts = looked_at
    told, wills, absent, invited = cases.told(case), cases.wills(case), cases.absent_until(case), cases.invitations(case)
    # A neighbour is not told another's year of birth, nor the code of their household.
    lies, born = ({}, False) if actor.whose else (facts.touched.lies, True)
    known = parties.identities(connection, store.vault, people)
    return [
        {
            "id": person,
            "name": masks.shown("name", known[person].name) if person in known else "*",
            "born": masks.shown("birth_year", known[person].id_number) if born and person in known else "",
            "minor": minor,
            "told": person in told,
            "needs_consent": person in facts.touched.consents,
            "consented": person in wills,
            "invited": invited.get(person, []) if person in facts.touched.consents else [],
            "absent_until": absent.get(person),
            "lies": [
                {"parcel": each.parcel, "sides": list(each.sides), "household": each.household} for each in lies.get(person, ())
            ],
        }
        for person, minor in sorted(people.items())
    ]


def _next(each: Next) -> Answer:
    word = cases.book().steps[each.step]
    return {
        "step": word.word,
        "zh": word.zh,
        "en": word.en,
        "open": each.open,
        "missing": [{"zh": zh, "en": en} for zh, en in each.missing],
        "not_you": [{"zh": zh, "en": en} for zh, en in each.not_you],
    }


def _word(word: Word) -> Mapping[str, str]:
    return {"word": word.word, "zh": word.zh, "en": word.en}
