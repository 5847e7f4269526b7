"""What did a collective write back when it was asked about a newborn, and how does one object to a "no"?

An answer is a paper with its day and reason; it makes no member and takes nothing from anybody. A "yes" is still followed by
the act that makes the member (`membership-confirmed`); a "no" stays beside the question, which stays open, with the way to
object. A later answer stands before an earlier one, and both stay. The reason can name people: it is read one answer at a
time, for a purpose, and each reading is logged.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import orjson
import sqlalchemy as sa

from registry import papers, parties
from registry.errors import SanquanError
from registry.law.book import RuleNotInForceError, book
from registry.ledger.position import position
from registry.ledger.status import status_session
from registry.looks.keeping import looked
from registry.membership_queries import MEMBERSHIP_ANSWER, queries
from registry.store.bulk import insert_rows
from registry.store.sealing import opened_row, sealed_row

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Officer
    from registry.settlement.life import Desk
    from registry.store.engines import Store

DISPUTES, CONFIRMED = "COL/57", "COL/12"
LONGEST_REASON = 400
Said = Literal["yes", "no"]


class NoSuchQuestionError(SanquanError):
    """Raised when a collective's answer is to no question that stands, or is dated before it was asked."""

    def __init__(self) -> None:
        """Where to look."""
        super().__init__(
            "没有问过集体这件事, 或者答复的日期早于提问: 看 sanquan events asked",
            "this collective was not asked about this person, or the answer is dated before the question: see sanquan events asked",
        )


class AnswerUngroundedError(SanquanError):
    """Raised when a collective's "no" gives no reason, or one that is too long."""

    def __init__(self) -> None:
        """What is wanted."""
        super().__init__(
            f"集体说“不是成员”, 要写明理由(1 到 {LONGEST_REASON} 个字)和书面答复的日期; 什么都没有记",
            f'a collective\'s "no" says why (1 to {LONGEST_REASON} characters), on a paper with its day; nothing was recorded',
        )


class NoSuchAnswerError(SanquanError):
    """Raised when no answer of a collective has an id."""

    def __init__(self) -> None:
        """Where to look."""
        super().__init__(
            "没有这个编号的答复: 看 sanquan events asked --json", "no answer has this id: see sanquan events asked --json"
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a collective said on a day; `paper` is the content hash of what it wrote. `reason` can name people."""

    id: str
    said: Said
    dated: str
    paper: str
    reason: str = field(repr=False)


def answer(
    store: Store,
    question: tuple[int, str, str],
    said: Said,
    *,
    dated: str,
    paper: str,
    reason: str,
    desk: Desk,
) -> str:
    """Keep what a collective wrote back to a question (event, person, collective); the answer's id, the same if sent twice.

    Raises NoSuchQuestionError, AnswerUngroundedError. No right, no membership and no event is written.
    """
    told = {"paper": paper, "reason": reason.strip(), "officer": desk.officer, "bureau": desk.bureau}
    if len(told["reason"]) > LONGEST_REASON or (said == "no" and not told["reason"]):
        raise AnswerUngroundedError
    with status_session(store) as session:
        asked = {query.key: query for query in queries(session.connection)}
        if question not in asked or dated < asked[question].asked_on:
            raise NoSuchQuestionError
        for known in answers(store, session.connection).get(question, []):
            if (known.said, known.dated, known.paper) == (said, dated, paper):
                return known.id
        event, person, collective = question
        row: dict[str, Any] = {
            "id": store.randomness.new_id(),
            "event_idx": event,
            "person_id": person,
            "collective_id": collective,
            "said": said,
            "dated": dated,
            "log_size": position(session.connection).size,
        }
        sealed = sealed_row(store.vault, MEMBERSHIP_ANSWER, row, told, store.randomness.nonce())
        insert_rows(session.connection, MEMBERSHIP_ANSWER, [*row, "sealed"], [(*row.values(), sealed)])
        session.connection.commit()
    return str(row["id"])


def answers(
    store: Store, connection: Connection, *, valid_at: str | None = None, known_at: int | None = None
) -> dict[tuple[int, str, str], list[Answer]]:
    """What was written back to each question up to a day, as known at a size of the log; the last one is the one that stands."""
    query = sa.select(MEMBERSHIP_ANSWER)
    if known_at is not None:
        query = query.where(MEMBERSHIP_ANSWER.c.log_size <= known_at)
    found: dict[tuple[int, str, str], list[Answer]] = {}
    ordered = query.order_by(MEMBERSHIP_ANSWER.c.dated, MEMBERSHIP_ANSWER.c.log_size, MEMBERSHIP_ANSWER.c.id)
    for row in connection.execute(ordered).mappings():
        if valid_at is not None and row["dated"] > valid_at:
            continue
        told = opened_row(store.vault, MEMBERSHIP_ANSWER, dict(row))
        key = (row["event_idx"], row["person_id"], row["collective_id"])
        found.setdefault(key, []).append(Answer(row["id"], row["said"], row["dated"], told["paper"], told["reason"]))
    return found


def in_full(store: Store, officer: Officer, answer_id: str, purpose: str) -> dict[str, Any]:
    """One answer with its reason and names, logged first (kind `answer`): who read it, about whom, for what.

    Raises PurposeMissingError, NoSuchAnswerError.
    """
    papers.stated(purpose)
    with store.reading() as connection:
        row = connection.execute(sa.select(MEMBERSHIP_ANSWER).where(MEMBERSHIP_ANSWER.c.id == answer_id)).mappings().first()
        if row is None:
            raise NoSuchAnswerError
        told = opened_row(store.vault, MEMBERSHIP_ANSWER, dict(row))
        who = parties.identities(connection, store.vault, [row["person_id"]])[row["person_id"]]
        unit = parties.organisations(connection, [row["collective_id"]])[row["collective_id"]]
    answer = {
        "id": row["id"],
        "event": row["event_idx"],
        "person": {"id": row["person_id"], "name": who.name, "id_number": who.id_number},
        "collective": {"code": unit.code, "name": unit.name},
        "said": row["said"],
        "dated": row["dated"],
        "paper": told["paper"],
        "reason": told["reason"],
        "taken_in_by": {"officer": told["officer"], "bureau": told["bureau"]},
    }
    digest = hashlib.sha256(orjson.dumps(answer)).digest()
    logged = papers.enter(store, officer, papers.ANSWER, answer_id, digest, purpose, {"person": row["person_id"]})
    looked(store, officer, row["person_id"], "membership-answer", purpose.strip())
    return {**answer, "logged": logged}


def way_to_object(dated: str) -> dict[str, Any]:
    """How to object to a "no" of a day, in words, by the law of that day."""
    day = dt.date.fromisoformat(dated)
    try:
        years = book().whole(DISPUTES, "years_to_set_aside", day)
        at_most = book().whole(DISPUTES, "years_to_set_aside_at_most", day)
    except RuleNotInForceError:
        return {
            "zh": "集体说不是成员, 家里的地和别的权利不变。不服的, 可以请苏木镇政府调解, 也可以向法院起诉。",
            "en": "The collective's no changes no right. Whoever disagrees may ask the town for mediation, or go to court.",
            "rule": None,
        }
    return {
        "zh": "集体说不是成员, 家里的地和别的权利不变。不服的, 先请苏木镇、旗里调解, 再仲裁、起诉; "
        f"知道以后 {years} 年之内可以请求撤销, 最长 {at_most} 年。成员的孩子, 集体应当确认(农村集体经济组织法第12条)。",
        "en": "The collective's no changes no right. Whoever disagrees asks for mediation, then arbitration, then a court; "
        f"it can be set aside within {years} year of knowing it, {at_most} years at most. Members' born children shall be "
        "confirmed (art. 12).",
        "rule": DISPUTES,
    }
