"""What does the page of a case show: facts, steps as sentences, papers, people, and the next steps as forms?

From the same answer as `/v1/cases` gives (names masked there) and the engine's own facts; only its author reads a draft as it
was typed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.answers import cases as answers
from api.desk import filled
from api.desk.forms import forms
from registry import cases
from registry.cases.boundaries import BOUNDARY, rule
from registry.cases.choosing import Somebody
from registry.cases.rules import DRAFTED
from registry.cases.slips import slip
from registry.catalogue import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from api.desk.forms import Field, Option
    from registry.case_files import Case
    from registry.cases import Actor, Asked, Changing, Choices, Facts, Kind
    from registry.cases.kinds import Word
    from registry.law.book import Rule
    from registry.store.engines import Store

_ASIDE = ("returned", "refused", "withdrawn", "supplement-asked", "consent-withdrawn", "voided", "lapsed", "revoked")
"""What leads back or out stands behind what leads on."""


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step that comes next: its form where it is open, or why it is not."""

    answer: Mapping[str, Any]
    fields: tuple[Field, ...]
    given: Mapping[str, Sequence[str]]
    on_route: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper that a step brought: its content hash, what it is called (zh, en), whom the step was about, the day of the step."""

    hash: str
    called: tuple[str, str]
    person: str
    day: str


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """Everything that the page says of a case. `line`: the corners that it asks for, one a line, until it has ended.

    `slip`: what is written now and what it should be, in clear, for who decides it. `asked`: the words of a question or a report,
    for who answers it. `absence`: of a boundary, what holds of who does not come.
    """

    answer: Mapping[str, Any]
    kind: Kind
    choices: Choices
    changing: Changing
    told: tuple[tuple[Field, str | Option], ...]
    papers: tuple[tuple[tuple[Word, ...], bool], ...]
    next: tuple[StepForm, ...]
    people: Mapping[str, Mapping[str, Any]]
    guardians: tuple[Somebody, ...]
    gaining: tuple[str, ...]
    kept: tuple[Kept, ...]
    absence: Rule | None
    objections: tuple[str, ...]
    line: str
    slip: tuple[str, str] | None
    asked: Asked | None
    is_draft: bool
    can_undo: bool

    @property
    def lacking(self) -> int:
        """How many papers are still wanted."""
        return sum(not there for _, there in self.papers)

    @property
    def wanted(self) -> tuple[Word, ...]:
        """Which papers are still wanted, those that stand first on the form."""
        return tuple(word for any_of, there in self.papers if not there for word in any_of)


def seen(
    store: Store, connection: Connection, case_id: str, actor: Actor, given: Mapping[str, Mapping[str, Sequence[str]]]
) -> CaseSeen:
    """A case as this actor sees it; `given`: what was typed into the form of a step, by step. NoSuchCaseError."""
    looked_at = case, following, facts = cases.look(store, connection, case_id, actor)
    answer = answers.told(store, connection, looked_at, actor)
    kind, draft = cases.kind_of(case.kind), answer["phase"]["word"] == DRAFTED
    offered = cases.choices(store, connection, case.subject, case.kind)
    fields = forms().kinds.get(kind.kind, ())
    asked = cases.request_of(case) if draft else answer["request"]
    there = {step.said.get("paper") for step in case.steps if step.step in {"evidence-added", "surveyed"}}
    words = cases.book().papers
    people = {person["id"]: person for person in answer["people"]}
    challenging = [each.id for each in cases.challenging(store, connection, case_id, actor)]
    minors = [person for person, will in cases.wills(case).items() if will.said.get("guardian") in facts.touched.gains]
    opened = [each["step"] for each in answer["next"] if each["open"]]
    steps = tuple(
        _form(each, word.step, kind, facts, given.get(word.step, {}), filled.shown(fields, asked), on_route=n == 0)
        for n, (each, word) in enumerate(zip(answer["next"], following, strict=True))
    )
    return CaseSeen(
        answer=answer,
        kind=kind,
        choices=offered,
        changing=changing_of(connection, kind, offered, facts.touched.seen, facts.today),
        told=() if draft else tuple(told(fields, filled.shown(fields, asked), offered)),
        papers=tuple((tuple(words[paper] for paper in any_of), bool(there & set(any_of))) for any_of in kind.evidence),
        next=tuple(sorted(steps, key=lambda each: (not each.on_route, each.answer["step"] in _ASIDE))),
        people=people,
        guardians=_adults(offered.people, people),
        gaining=tuple(minors),
        kept=_kept(case, kind),
        absence=absence_of(kind, facts.today),
        objections=tuple(challenging),
        line=_line(cases.request_of(case)) if following else "",
        slip=slip(store, connection, case, opened),
        asked=None if draft else cases.asked(case, actor, opened),
        is_draft=draft,
        can_undo=draft and len([step for step in case.steps if step.step == DRAFTED]) > 1,
    )


def _form(
    answer: Mapping[str, Any], step: str, kind: Kind, facts: Facts, given: Mapping[str, Sequence[str]],
    request: Mapping[str, Sequence[str]], *, on_route: bool,
) -> StepForm:  # fmt: skip
    if step == DRAFTED:
        return StepForm(answer, forms().kinds.get(kind.kind, ()), given or request, on_route)
    fields = forms().of_step(kind.kind, step)
    return StepForm(answer, fields, given or usual(fields, facts.today), on_route)


def usual(fields: Sequence[Field], today: str) -> dict[str, list[str]]:
    """What stands in a form at first."""
    return {field.name: [today if field.usual == "today" else field.usual] for field in fields if field.usual}


def told(fields: Sequence[Field], given: Mapping[str, Sequence[str]], offered: Choices) -> Iterable[tuple[Field, str | Option]]:
    """What a case asks for, as people read it: names for ids, codes for parcels, the names of words."""
    names = {one.id: f"{one.name} {one.born}".strip() for one in offered.people}
    names |= {line.parcel: line.code for line in offered.lines} | dict(offered.issuers)
    names |= {each.id: each.code for each in offered.subjects}
    for field in fields:
        texts = given.get(field.name, ())
        if field.sort == "word":
            yield from ((field, option) for option in field.options if option.word in texts)
        elif field.sort == "shares":
            of_heirs = [(name.partition(".")[2], share) for name, share in given.items() if name.startswith(f"{field.name}.")]
            yield field, ", ".join(f"{names.get(heir, '*')} {share[0]}" for heir, share in of_heirs)
        elif field.sort == "somebody":
            prefix = f"{field.name}." if field.name else ""
            known = given.get(f"{prefix}person") or given.get(f"{prefix}name") or ()
            yield from ((field, names.get(text, "*")) for text in known)
        elif texts:
            yield field, ", ".join(" → ".join(names.get(part, part) for part in text.split()) for text in texts)


def changing_of(connection: Connection, kind: Kind, offered: Choices, seen_things: Iterable[str], today: str) -> Changing:
    """会改什么, 不会改什么: of a kind about what was chosen, with what the case's reader says that it touches."""
    about = {each.word.word for each in offered.subjects}
    touched = set(words_of(connection, seen_things).values())
    return cases.changing(kind, about, touched, dt.date.fromisoformat(today))


def _line(request: Mapping[str, Any]) -> str:
    vertices = request.get("line") or request.get("shape") or ()
    return "\n".join(" ".join(vertex) for vertex in vertices)


def absence_of(kind: Kind, today: str) -> Rule | None:
    """What holds of a neighbour who does not come to show a boundary; None in a case of another kind."""
    return rule(today) if kind.kind == BOUNDARY else None


def _adults(listed: Iterable[Somebody], people: Mapping[str, Mapping[str, Any]]) -> tuple[Somebody, ...]:
    """Who may act for somebody: of those on the list, and of all whom the case touches, who is of age."""
    touched = [Somebody(one["id"], one["name"], one["born"]) for one in people.values()]
    every = {one.id: one for one in (*listed, *touched)}
    return tuple(one for one in every.values() if not people.get(one.id, {}).get("minor"))


def _kept(case: Case, kind: Kind) -> tuple[Kept, ...]:
    """The papers that the case rests on so far, each once, called as the form called them."""
    papers = cases.book().papers
    found: dict[str, Kept] = {}
    for step in case.steps:
        for each in forms().of_step(kind.kind, step.step) if step.step in forms().steps else ():
            paper = step.said.get(each.name)
            if each.sort == "file" and paper and paper not in found:
                called = papers[step.said["paper"]] if "paper" in step.said else each
                found[paper] = Kept(paper, (called.zh, called.en), step.said.get("person", ""), step.day)
    return tuple(found.values())
