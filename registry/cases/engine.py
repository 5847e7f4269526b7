"""How is a case opened, looked at and moved on: each step one entry of the log, in one transaction with what it writes?

The append lock puts desks in order: whoever is second finds a newer step than the one they saw and is told what happened.
Whom a case touches is read from the register at each step, in the transaction of the step. The acts' own checks hold as
they do without a case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis.errors import GisError
from registry import case_files, china, parties, sources
from registry.cases import boundaries, dispute_facts, exit_facts, reports, steps, telling, vote
from registry.cases.beforehand import deciding, looked_at, looking
from registry.cases.boundaries import ABSENT
from registry.cases.kinds import BREACH, CASE, book, kind_of
from registry.cases.places import lie_within
from registry.cases.refusals import (
    ActRefusedError,
    CaseError,
    CaseMovedError,
    NoSuchCaseError,
    NotByYouError,
    SaidMalformedError,
    StepNotOpenError,
)
from registry.cases.rows import Objection, standings
from registry.cases.rules import DECIDING, DRAFTED, Facts, ended, next_steps, notice_until, phase, wills
from registry.cases.seeing import desks, may_see, request_of, seen_by, touched_now
from registry.cases.settlings import refuse_beside_settling
from registry.cases.touched import reached_with, stake_in
from registry.cases.writing import READERS, WRITERS
from registry.catalogue import heads, words_of
from registry.errors import SanquanError
from registry.holding import acts as holdings
from registry.law import causes
from registry.ledger.act import Act, ActFields, Will
from registry.ledger.commit import desk
from registry.looks.keeping import NOBODY, looked
from registry.papers import LONGEST_PURPOSE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.case_files import Case, Step
    from registry.cases.actors import Actor
    from registry.cases.kinds import Kind
    from registry.cases.rules import Next, Why
    from registry.cases.touched import Touched
    from registry.ledger.commit import Desk
    from registry.store.engines import Store

_PAPERS = ("source", "sheet")
"""The fields of a step that name a paper."""
_PRIVATE = ("person", "relative", "counsel")
_LEFT = ("membership-exited", "share-transferred")
"""What is given up beside the paid exits: nobody signs it on the day of their settlement (EXIT/E4)."""
_LAID = ("contributed", "leased", "mortgaged", "pledged", "subleased")
"""What is not begun on a right that is about to be given up."""


def open_case(
    store: Store,
    actor: Actor,
    kind: str,
    *,
    subject: Sequence[str] = (),
    challenges: str | None = None,
    request: Mapping[str, Any] | None = None,
    applicant: str = "",
) -> str:
    """A new draft, its author's until it is submitted; returns its id. `applicant`: the person who asks, where one does.

    Raises NoSuchKindError, NotByYouError, SaidMalformedError, NoSuchCaseError.
    """
    with desk(store, actor.officer) as at:
        case_id = _drafted(at, actor, kind, subject, challenges, request or {}, applicant)
        at.connection.commit()
    return case_id


def open_cases(
    store: Store, actor: Actor, drafts: Sequence[tuple[str, Sequence[str], Mapping[str, Any]]], check: Callable[[Desk], None]
) -> list[str]:
    """Several drafts at once, each by kind, subject and request: all of them or none. Raises what `open_case` and `check` raise.

    `check` is asked under the append lock: what it finds no other desk has changed before these are written.
    """
    with desk(store, actor.officer) as at:
        check(at)
        ids = [_drafted(at, actor, kind, subject, None, request, "") for kind, subject, request in drafts]
        at.connection.commit()
    return ids


def _drafted(
    at: Desk, actor: Actor, kind: str, subject: Sequence[str], challenges: str | None, request: Mapping[str, Any], applicant: str
) -> str:
    sort = kind_of(kind)
    if actor.role not in sort.applies:
        names = [book().roles[role] for role in sort.applies]
        raise NotByYouError(DRAFTED, [(f"由{'、'.join(r.zh for r in names)}申请", f"it is for {', '.join(r.en for r in names)}")])
    said = steps.drafted({"request": dict(request), "applicant": applicant or _applying(actor)})
    if _applying(actor) not in {"", said["applicant"]}:
        raise SaidMalformedError("applicant", "只能为自己, 或为委托您的人申请", "one applies for oneself, or for whom one acts")
    _refuse_other_things(at.connection, sort, subject, challenges, actor.within)
    if challenges is not None:
        contested = _visible(at, challenges, actor)
        if ended(contested, kind_of(contested.kind)):
            raise SaidMalformedError("challenges", "这个案件已经办结", "that case has ended")
        _refuse_no_row(at, contested, said["request"])
    step = {"step": DRAFTED, "desk": actor.desk(), "said": said}
    return case_files.enter_case(at, kind, subject, challenges, step)


def take(store: Store, case_id: str, step: str, actor: Actor, expected_n: int, said: Mapping[str, Any] | None = None) -> None:
    """Take a step of a case that stands at number `expected_n`.

    Raises NoSuchCaseError, CaseMovedError, StepNotOpenError, NotByYouError, SaidMalformedError, and for a registration
    whatever its acts refuse. Then nothing is written; a decision that was refused stands in the log of who looked, for
    everybody whom the case touches.
    """
    try:
        _take(store, case_id, step, actor, expected_n, said)
    except (NoSuchCaseError, CaseMovedError):
        raise
    except CaseError as refusal:
        if step in DECIDING:
            with store.reading() as connection:
                people = look(store, connection, case_id, actor)[2].touched.people
            looked(store, actor.officer, sorted(people) or [NOBODY], "refused", refusal.zh[:LONGEST_PURPOSE])
        raise


def _take(store: Store, case_id: str, step: str, actor: Actor, expected_n: int, said: Mapping[str, Any] | None) -> None:
    with desk(store, actor.officer) as at:
        with deciding(at, case_id):
            case = _visible(at, case_id, actor)
            kind = kind_of(case.kind)
            if case.n != expected_n:
                word = book().steps[case.steps[-1].step]
                raise CaseMovedError(case.steps[-1], word.zh, word.en)
            facts = facts_now(at, case, kind)
            _refuse_closed(step, next_steps(case, kind, actor, facts), phase(case, kind))
            stated = _stated(at, case, kind, step, dict(said or {}), facts)
        if step == "revoked" and actor.role == "person" and stated["person"] != actor.person:
            raise SaidMalformedError("person", "只能自己反悔", "each takes back their own will only")
        entry = {"step": step, "desk": actor.desk(), "said": stated}
        writes = step == "registered"
        case_files.enter_step(at, case.id, case.n + 1, entry, acts=writes)
        telling.tell(at, case, kind, step, stated, facts)
        if writes:
            subject = stated["rows"] if kind.by_rows else case.subject
            _write(at, case, kind, subject, facts.today)
            at.commit()
        else:
            if step == "answered" and BREACH in kind.about:
                reports.close(at, case, request_of(case), stated["outcome"])
            at.connection.commit()


def look(store: Store, connection: Connection, case_id: str, actor: Actor) -> tuple[Case, tuple[Next, ...], Facts]:
    """A case with the steps that come next for this actor. NoSuchCaseError, also where it is not theirs to see."""
    at = looking(store, connection)
    case = _visible(at, case_id, actor)
    kind = kind_of(case.kind)
    facts = facts_now(at, case, kind)
    looked_at(store, connection, case_id)
    return case, next_steps(case, kind, actor, facts), facts


def one(store: Store, connection: Connection, case_id: str, actor: Actor) -> Case:
    """A case, without what the register says of it. NoSuchCaseError, also where it is not theirs to see."""
    return _visible(looking(store, connection), case_id, actor)


def visible(
    store: Store, connection: Connection, actor: Actor, *, thing: str | None = None, since: str | None = None
) -> list[Case]:
    """Every case that this actor may see, about one thing or about any, oldest first; `since`: with a step of that day or later."""
    at = looking(store, connection)
    ids = None if thing is None else case_files.about(connection, thing)
    if since is not None:
        ids = case_files.moved_since(connection, since)
    return seen_by(at, case_files.cases(connection, store.vault, ids), actor)


def challenging(store: Store, connection: Connection, case_id: str, actor: Actor) -> list[Case]:
    """The cases against this one that this actor may see, oldest first."""
    return seen_by(looking(store, connection), case_files.challenging(connection, store.vault, case_id), actor)


def _applying(actor: Actor) -> str:
    """For whom somebody applies who is no office; "" where that is not known, or an office drafts it."""
    return actor.whose if actor.role in _PRIVATE else ""


def _visible(at: Desk, case_id: str, actor: Actor) -> Case:
    case = case_files.case_of(at.connection, at.store.vault, case_id)
    if case is None or not may_see(at, case, actor):
        raise NoSuchCaseError
    return case


def facts_now(at: Desk, case: Case, kind: Kind) -> Facts:
    """What the register says of a case at this moment."""
    touched, gone = touched_now(at, case, kind)
    looked = case.last("noticed") if kind.notifies else case.last("submitted")
    today = china.today(at.store)
    objections = tuple(_objections(at, case))
    objected, now = any(each.answer is None for each in objections), phase(case, kind)
    return Facts(
        today=today,
        desks=desks(at, case),
        touched=touched,
        stake=stake_in(at, touched, [case.steps[0].said.get("applicant", "")]),
        # What changes in a row holds that row; the others go on.
        changed=gone or (_changed(at, looked, touched) if looked and kind.kind in READERS and not kind.by_rows else None),
        objections=objections,
        notice_until=notice_until(case, kind),
        leaving=kind.cause in _LAID and any(_about_to_leave(at, right) for right in case.subject),
        exit=exit_facts.find(at, case, kind, request_of(case), now, wills(case), touched, objected=objected, today=today),
        dispute=dispute_facts.find(at, case, kind, today),
    )


def _about_to_leave(at: Desk, right: str) -> bool:
    """Whether an exit from a right has run its clocks, paid or not (policy-map 9.4)."""
    about = case_files.cases(at.connection, at.store.vault, case_files.about(at.connection, right, book().exits))
    exits = [case for case in about if case.last("submitted") is not None]
    found = [facts_now(at, case, kind_of(case.kind)).exit for case in exits]
    return any(each is not None and each.state in {"ready", "paid"} for each in found)


def _changed(at: Desk, looked: Step, touched: Touched) -> Why | None:
    """What was registered since the case last looked at what it touches."""
    then, now = looked.said["seen"], touched.seen
    for thing_id in sorted({*then, *now}):
        if then.get(thing_id) != now.get(thing_id):
            newest = heads(at.connection, [thing_id])[thing_id]
            kind = causes.kinds()[newest.cause_kind]
            return (
                f"告知以后这里登记了“{kind.zh}”({newest.act_day}): 要重新告知",
                f"since then {kind.en} ({newest.act_day}) was registered here: give notice again",
            )
    if looked.said["people"] != sorted(touched.people):
        return "受影响的人变了: 要重新告知", "other people are touched than were told: give notice again"
    return None


def _objections(at: Desk, case: Case) -> list[Objection]:
    found = []
    for objection in case_files.challenging(at.connection, at.store.vault, case.id):
        submitted = objection.last("submitted")
        now = phase(objection, kind_of(objection.kind))
        if submitted is None or now in {"withdrawn", "refused"}:
            continue
        answer = objection.steps[-1] if now == "answered" else None
        found.append(Objection(submitted, answer, str(request_of(objection).get("row", ""))))
    return found


def _refuse_no_row(at: Desk, contested: Case, request: Mapping[str, Any]) -> None:
    """An objection to one row names one that there is, or it would hold nothing; without a row it stops the whole case."""
    rows = touched_now(at, contested, kind_of(contested.kind))[0].rows or ()
    if "row" in request and request["row"] not in {row.id for row in rows}:
        raise SaidMalformedError("row", "那个案件里没有这一户", "that case has no such household")


def _stated(at: Desk, case: Case, kind: Kind, step: str, said: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """What the step says, held to its form; the notice and the submission say whom the case touches."""
    stated = steps.said_by(step, said, facts)
    _refuse_unkept(at, stated)
    if "people" in stated:
        guardians = reached_with(at, facts.touched.people)
        stated["people"] = [who for who, minor in sorted(facts.touched.people.items()) if not minor or who in guardians]
        stated["guardians"] = guardians
    if step == "consented":
        _refuse_later(at, stated["source"], facts.today)
    _refuse_unfit_will(at, case, kind, step, stated, facts)
    if step == "voted":
        stated = vote.counted(at, request_of(case)["collective"], stated, facts)
    if kind.by_rows and step in {"voted", "registered"}:
        of_case = standings(case, facts.touched.rows or (), facts.objections, voting=step == "voted")
        stated["rows"] = [each.row.id for each in of_case if each.ready]
    if case.challenges and "request" in stated:
        _refuse_no_row(at, case_files.cases(at.connection, at.store.vault, [case.challenges])[0], stated["request"])
    looks = step in {"submitted", "noticed"} or (step == "supplemented" and "request" in stated)
    if looks or step == "answered":
        reports.check(at, kind, case.subject, stated.get("request", request_of(case)))
    if not looks or kind.kind not in READERS:
        return stated
    if "request" not in stated and facts.changed is None:
        return stated | facts.touched.said()  # looked at for this very step, and nothing is in its way
    return stated | _looked(at, case, kind, stated, facts.today)


def _refuse_unfit_will(at: Desk, case: Case, kind: Kind, step: str, stated: Mapping[str, Any], facts: Facts) -> None:
    if "guardian" in stated:
        _refuse_no_guardian(at, stated["guardian"], facts.today)
    if facts.exit is not None:
        exit_facts.check(at, case, step, stated, facts.touched, facts.stake, facts.today)
    if step == ABSENT:
        boundaries.check(case, stated)
    if kind.cause in _LEFT and step == "consented":
        refuse_beside_settling(at, stated, facts.today)


def _looked(at: Desk, case: Case, kind: Kind, stated: Mapping[str, Any], day: str) -> dict[str, object]:
    """Whom and what the case touches at this step, as the step commits it."""
    try:
        return READERS[kind.kind].touched(at, case.subject, stated.get("request", request_of(case)), day).said()
    except CaseError:
        raise
    except (SanquanError, GisError) as refusal:
        raise ActRefusedError(refusal) from refusal


def _write(at: Desk, case: Case, kind: Kind, subject: Sequence[str], day: str) -> None:
    try:
        WRITERS[kind.kind].write(at, subject, request_of(case), day, _fields(case, kind))
        if kind.kind in book().exits:
            exit_facts.bring(at, case, request_of(case), day)
    except (SanquanError, GisError) as refusal:
        raise ActRefusedError(refusal) from refusal


def _refuse_unkept(at: Desk, stated: Mapping[str, Any]) -> None:
    """What a case rests on is kept first: a hash that leads nowhere proves nothing to a court."""
    for field in (each for each in _PAPERS if each in stated):
        try:
            sources.describe(at.store, at.connection, stated[field])
        except sources.SourceMissingError:
            raise SaidMalformedError(
                field,
                "要先把材料存进来(sanquan source add, POST /v1/sources), 再写它的内容摘要",
                "keep the paper first (sanquan source add, POST /v1/sources), then state its content hash",
            ) from None


def _refuse_later(at: Desk, paper: str, today: str) -> None:
    """The day of a will is that of its paper, stated when it was kept."""
    dated = sources.describe(at.store, at.connection, paper).dated
    if dated > today:
        zh, en = f"同意书的日期 {dated} 还没有到: 核对日期, 重新存入材料", f"the paper is dated {dated}, which has not come"
        raise SaidMalformedError("source", zh, f"{en}: check the day and keep it anew")


def _refuse_no_guardian(at: Desk, guardian: str, day: str) -> None:
    """A guardian is a person of age whom the register knows, and who lives."""
    known, act = parties.identities(at.connection, at.store.vault, [guardian]), Act(at, -1, "", day, ActFields())
    if not known or holdings.minors(act, [guardian])[guardian] or holdings.has_died(act, guardian):
        raise SaidMalformedError("guardian", "要是登记簿里在世的成年人", "an adult of the register who lives is wanted")


def _refuse_closed(step: str, following: Sequence[Next], now: str) -> None:
    """StepNotOpenError or NotByYouError, unless the step may be taken."""
    found = next((each for each in following if each.step == step), None)
    names = [each.step for each in following if each.open]
    if found is None:
        word = book().steps[now]
        raise StepNotOpenError(step, [(f"案件在“{word.zh}”", f"the case stands at {word.en}")], names)
    if found.not_you:
        raise NotByYouError(step, found.not_you)
    if found.missing:
        raise StepNotOpenError(step, found.missing, names)


def _refuse_other_things(
    connection: Connection, kind: Kind, subject: Sequence[str], challenges: str | None, within: frozenset[str]
) -> None:
    """A case is about what its kind is about: things of the register, or another case. What lies elsewhere is not there."""
    if (challenges is not None) != (CASE in kind.about):
        raise SaidMalformedError("challenges", "异议要写明对哪个案件, 别的案件不写", "an objection names the case it contests")
    known = words_of(connection, subject)
    fits = len(known) == len(set(subject)) and all(word in kind.about for word in known.values())
    elsewhere = bool(within) and not lie_within(connection, subject, within)
    if not fits or elsewhere or bool(subject) == (challenges is not None or BREACH in kind.about):
        zh = f"要写明登记簿里的{'、'.join(word for word in kind.about)}的编号"
        raise SaidMalformedError("subject", zh, f"ids of {', '.join(kind.about)} in the register are wanted")


def _fields(case: Case, kind: Kind) -> ActFields:
    """What the acts of a registration commit: the case, its papers and its wills."""
    papers = (step.said.get("source") for step in case.steps if step.step in {"evidence-added", "surveyed"})
    return ActFields(
        basis=f"{kind.zh} {case.id}",
        payment=str(request_of(case).get("payment", "")),
        sources=tuple(dict.fromkeys(paper for paper in papers if paper)),
        wills=tuple(
            Will(person, will.said["source"], will.said.get("guardian")) for person, will in sorted(wills(case).items())
        ),
    )
