"""Whom does a step of a case tell, and what does it put on the notice board: in the transaction of the step, once?

A notice (`noticed`, `posted`) writes a message to everybody whom the case touches, and where its kind is posted, hangs the
public notice for the days of the rule. It comes down with the step that ends it. Ids follow from the case, the number of the
step and the person or village: the same step can't write them twice. Nobody is named: a message has a reference, a notice
the kind, the village and how many things it is about.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from registry.cases.kinds import book
from registry.cases.places import villages_of
from registry.cases.rules import last_day, notice_step
from registry.notices import outbox, posting
from registry.notices.outbox import Draft
from registry.notices.texts import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from registry.case_files import Case
    from registry.cases.kinds import Kind
    from registry.cases.rules import Facts
    from registry.ledger.commit import Desk
    from registry.notices.posting import HungKind
    from registry.notices.texts import MessageKind

TELLING = ("noticed", "posted")
ENDING = (*TELLING, "returned", "withdrawn", "refused", "revoked", "lapsed", "voided")
"""What takes a notice of the case down: a newer one, and whatever ends the case or leads it back."""
NOT_LISTED = "missing"
"""The difference of a household that the roster has left out (延包)."""
TELEPHONE = "12345"
"""The hotline of the government: which counter has which number is the county's to say, and stands on its own page."""
_REASON = "案件有了新的一步"


def tell(at: Desk, case: Case, kind: Kind, step: str, said: Mapping[str, Any], facts: Facts) -> None:
    """What a step that was just entered tells; `case` and `facts` are as they stood before it."""
    if step in ENDING or (step == "supplemented" and "request" in said):
        _take_down(at, case, facts.today)
    if step not in TELLING:
        return
    number, first = case.n + 1, dt.date.fromisoformat(facts.today)
    until = last_day(kind, first) if step == notice_step(kind) else None
    hung_as = book().notice_of(kind.kind, first) if until is not None else None
    if until is not None and hung_as is not None:
        _hang(at, case, kind, number, hung_as, facts.today, until)
    # Who is touched is read by this step where it says so, by the one before it (`noticed`) where it is `posted`.
    people = said.get("people", facts.touched.people)
    counter = "、".join(book().roles[role].zh for role in book().roles if role in facts.desks) or "登记机构"
    outbox.put(at.store, at.connection, list(_messages(at, case, number, people, facts, until, hung_as, f"{counter}柜台")))


def _messages(
    at: Desk,
    case: Case,
    number: int,
    people: Iterable[str],
    facts: Facts,
    until: str | None,
    hung_as: HungKind | None,
    counter: str,
) -> Iterator[Draft]:
    left_out = {
        person
        for row in facts.touched.rows or ()
        if any(each.key == NOT_LISTED for each in row.differences)
        for person in row.people
    }
    for person in sorted(people):
        kind: MessageKind = "step"
        if person in left_out:
            kind = "not-on-roster"
        elif until is not None:
            kind = "consent-asked" if person in facts.touched.consents else "notice-posted" if hung_as else "step"
        day = until or "" if kind in {"consent-asked", "notice-posted"} else ""
        words = Words(case.id, counter, TELEPHONE, day)
        yield Draft(_id(at, "case-message", case, number, person), person, "log", "", kind, words)


def _hang(at: Desk, case: Case, kind: Kind, number: int, hung_as: HungKind, today: str, until: str) -> None:
    for village in villages_of(at.connection, case.subject):
        body = (
            f"案件 {case.id}: {kind.zh}, 涉及登记簿 {len(case.subject)} 项。图和表看嘎查公示栏, 或者到登记机构看。\n"
            f"有异议的, 到 {until} 为止写给登记机构; 没有看到这张公示, 权利也不会少。"
        )
        posting.hang(
            at.store, at.connection, at.officer, notice_id=_id(at, "case-notice", case, number, village),
            kind=hung_as, village=village, title=f"{kind.zh} 公示", body=body, begins=today, ends=until,
        )  # fmt: skip


def _take_down(at: Desk, case: Case, today: str) -> None:
    numbers = [step.n for step in case.steps if step.step in TELLING]
    places = villages_of(at.connection, case.subject) if numbers else []
    ids = [_id(at, "case-notice", case, number, village) for number in numbers for village in places]
    posting.take_down_these(at.store, at.connection, at.officer, ids, today, _REASON)


def _id(at: Desk, what: str, case: Case, number: int, whom: str) -> str:
    return at.store.vault.blind(what, f"{case.id}/{number}/{whom}").hex()[:32]
