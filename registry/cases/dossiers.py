"""What does the 卷宗 of a case hold: every step in the order of time, every paper with its digest, a page for a judge?

A court reads who they are, so names stand in it and numbers don't; where names are masked, the words that a step says in its
own way are left out, too. Only a desk that keeps the book, or the supervision bureau, has it made, for a
purpose, and everybody whom the case touches reads afterwards who did.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry import masks, parties, sources
from registry.cases.boundaries import absent_until
from registry.cases.engine import look
from registry.cases.inspecting import INSPECTS, inspected
from registry.cases.kinds import book, kind_of
from registry.cases.refusals import NotByYouError
from registry.cases.rules import ended, phase, told, wills
from registry.catalogue import NOUN_OF_THING
from registry.dossier import Dossier, Exhibit, dossier_pdf, exhibits_of
from registry.dossier import Step as Told
from registry.law import causes
from registry.ledger.chain import read_chains
from registry.ledger.position import position
from registry.ledger.tables import THING
from registry.looks.keeping import looked
from registry.papers import stated
from registry.store.among import among

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.engine import Connection

    from registry.case_files import Case, Step
    from registry.cases.actors import Actor
    from registry.cases.kinds import Kind
    from registry.cases.rules import Facts, Next
    from registry.masks import Reader
    from registry.store.engines import Store

_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


def dossier_of(store: Store, case_id: str, actor: Actor, purpose: str, *, reader: Reader) -> bytes:
    """The dossier of a case as PDF, written down before it is handed out. The supervision bureau's is masked, whatever the reader.

    Raises NoSuchCaseError, NotByYouError (it is for the desk and the bureau), PurposeMissingError.
    """
    reason = stated(purpose)
    with store.reading() as connection:
        find = inspected if actor.role == INSPECTS else look
        case, following, facts = find(store, connection, case_id, actor)
        if actor.role == INSPECTS:
            reader = "desk"
        elif actor.role not in facts.desks:
            desks = [book().roles[role] for role in sorted(facts.desks)]
            zh, en = "、".join(desk.zh for desk in desks), ", ".join(desk.en for desk in desks)
            raise NotByYouError("dossier", [(f"由{zh}调取", f"it is for {en}")])
        names = _names(store, connection, _people(case, facts), reader=reader)
        made = _dossier(store, connection, case, following, facts, actor, names, reader=reader)
    looked(store, actor.officer, sorted(_people(case, facts)) or [case.id], "dossier", reason)
    return dossier_pdf(made)


def _people(case: Case, facts: Facts) -> set[str]:
    words = ("person", "guardian", "proxy", "applicant")
    named = {str(step.said[word]) for step in case.steps for word in words if step.said.get(word)}
    return {*named, *facts.touched.people}


def _names(store: Store, connection: Connection, people: set[str], *, reader: Reader) -> dict[str, str]:
    known = parties.identities(connection, store.vault, people)
    return {person: masks.shown("name", who.name, reader) for person, who in known.items()}


def _dossier(
    store: Store,
    connection: Connection,
    case: Case,
    following: tuple[Next, ...],
    facts: Facts,
    actor: Actor,
    names: Mapping[str, str],
    *,
    reader: Reader,
) -> Dossier:
    kind = kind_of(case.kind)
    end = position(connection)
    now = book().steps[phase(case, kind)]
    applicant = names.get(str(case.steps[0].said.get("applicant", "")), "")
    waiting = [] if ended(case, kind) else [zh for each in following[:1] for zh, _ in each.missing]
    cited = [paper for step in case.steps for paper in _cited(step)]
    return Dossier(
        title=kind.zh,
        number=case.id,
        summary=_summary(case, kind, now.zh, facts),
        facts=[
            *([("申请人", applicant)] if applicant else []),
            *_about(connection, case),
            ("经过", f"{case.n} 步，现在：{now.zh}"),
            *_concerned(case, facts, names),
        ],
        steps=[_step(step, names, reader=reader) for step in case.steps],
        exhibits=list(_exhibits(store, connection, cited)),
        made_at=store.clock().astimezone(dt.UTC).strftime(_INSTANT),
        made_by=f"{masks.shown('name', actor.name, reader)} {actor.bureau}",
        log_size=end.size,
        root=end.st or "",
        law=_law(kind, facts.today),
        open_questions=waiting,
    )


def _summary(case: Case, kind: Kind, now: str, facts: Facts) -> list[str]:
    written = next((step.act_idx for step in case.steps if step.act_idx is not None), None)
    lines = [f"{case.steps[0].at[:10]} 提出“{kind.zh}”，现在是“{now}”。"]
    if written is not None:
        lines.append(f"登记在账本第 {written} 条。")
    else:
        lines.append("还没有登记，登记簿没有因为这个案件改动。")
    refused = case.last("refused", "returned", "withdrawn", "answered")
    if refused is not None and refused.said.get("reasons"):
        lines.append(f"{book().steps[refused.step].zh}的理由：{refused.said['reasons']}")
    if facts.objections:
        lines.append(f"有 {len(facts.objections)} 件异议。")
    return lines


def _about(connection: Connection, case: Case) -> Iterator[tuple[str, str]]:
    """Each thing of the register that the case is about, by the code that people know it by, or the case that it contests."""
    if case.challenges is not None:
        yield "针对的案件", case.challenges
    query = sa.select(THING.c.id, THING.c.thing).where(among(THING.c.id, "things")).order_by(THING.c.id)
    for thing_id, word in connection.execute(query, {"things": list(case.subject)}):
        columns = read_chains(connection, NOUN_OF_THING[word], [thing_id])[thing_id][-1].columns
        code = columns.get("code") or columns.get("unit_code") or ""
        yield causes.thing_words()[word].zh, f"{code}（{thing_id}）"


def _concerned(case: Case, facts: Facts, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each person whom the case touches now, or who was told: told or not, agreed or not."""
    informed, agreed, absent, people = told(case), wills(case), absent_until(case), facts.touched.people
    for person in sorted({*people, *informed}):
        words = ["未成年"] if people.get(person) else []
        words.append("已告知" if person in informed else "没有告知")
        if person in facts.touched.consents or person in agreed:
            words.append("已同意" if person in agreed else "没有同意")
        if person in absent:
            words.append(f"缺席指界，异议到 {absent[person]}")
        yield names.get(person, person), "，".join(words)


def _step(step: Step, names: Mapping[str, str], *, reader: Reader) -> Told:
    _, name, bureau, _, _ = step.desk or ("", "", "", "", "")
    said = step.said
    words = [book().steps[step.step].zh]
    if said.get("paper"):
        words.append(book().papers[said["paper"]].zh)
    if said.get("person"):
        words.append(names.get(said["person"], said["person"]))
    if step.step == "told" and said.get("people"):
        words.append(f"{len(said['people'])} 人")
    if said.get("guardian"):
        words.append(f"监护人 {names.get(said['guardian'], said['guardian'])}")
    if said.get("proxy"):
        words.append(f"代理人 {names.get(said['proxy'], said['proxy'])}")
    told_in = ("where", "day", "opinion", "reasons", "note") if masks.sees("remarks", reader) else ("day", "reasons")
    words += [str(said[word]) for word in told_in if said.get(word)]
    who = masks.shown("name", name, reader)
    what = "：".join(words[:2]) + "".join(f"；{word}" for word in words[2:])
    return Told(step.at, who, bureau, what, step.entry_idx, _cited(step))


def _cited(step: Step) -> tuple[str, ...]:
    return tuple(str(step.said[field]) for field in ("source", "letter") if step.said.get(field))


def _exhibits(store: Store, connection: Connection, cited: list[str]) -> Iterator[Exhibit]:
    """Papers of cases that were opened before papers had to be kept first may be missing: they are listed as that."""
    for content_hash in dict.fromkeys(cited):
        try:
            yield from exhibits_of(store, connection, [content_hash])
        except sources.SourceMissingError:
            yield Exhibit(content_hash, "没有存档", "")


def _law(kind: Kind, day: str) -> list[str]:
    """On what the kind rests, as the closed list of causes says it."""
    on = dt.date.fromisoformat(day)
    resting = [cause.basis for cause in causes.lawful_causes() if cause.kind == kind.cause and cause.holds_on(on)]
    return list(dict.fromkeys(resting))
