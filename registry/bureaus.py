"""What may a bureau ask about one person, and what is it told: yes or no and since when, with a purpose, logged?

Policy-map sections 7 and 10. What is answered comes from registrations, permits, the birth date and memberships alone: nobody is
told here what somebody holds, and no service can be made to hang on it (I19). Membership is asked before a plot is granted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from registry import papers, parties
from registry.born import ADULT, age, birth_day
from registry.entitlements import status_of
from registry.errors import SanquanError
from registry.law.book import book
from registry.law.strict import LawFileError, read_law_file
from registry.looks.keeping import looked
from registry.membership.standing import ASK_FOR, Standing, standings
from registry.same_person import same_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Officer
    from registry.parties import Identity
    from registry.store.engines import Store

BUREAUS = Path(__file__).with_name("bureaus.toml")
QUESTIONS = {
    "settled": ("户口在本旗镇上的社区", "registered in a community of a town of the banner"),
    "permit": ("持有本旗有效的居住证", "holds a residence permit of the banner in force"),
    "minor": ("这一天不满 18 周岁", "under 18 on the day"),
    "member": ("集体经济组织成员", "a member of a collective"),
}


class BureauFileError(LawFileError):
    """Raised when the file of bureaus is malformed."""


class NoSuchBureauError(SanquanError):
    """Raised when a bureau is named that is not in the file."""

    def __init__(self) -> None:
        """Name those that there are."""
        known = ", ".join(f"{one.id}({one.zh})" for one in bureaus().values())
        super().__init__(f"没有这个部门。有: {known}", f"there is no such bureau; there are {known}")


class AggregatesOnlyError(SanquanError):
    """Raised when a bureau asks about one person that is owed aggregates only."""

    def __init__(self, bureau: Bureau) -> None:
        """Say where they are."""
        super().__init__(
            f"{bureau.zh}只看汇总数, 不看单个人(读写权限: A): 用 /v1/statistics 或 sanquan statistics",
            f"{bureau.en} is owed aggregates only: see /v1/statistics or sanquan statistics",
        )


class UnknownPersonAskedError(SanquanError):
    """Raised when nobody of the id that a bureau asks about is in the register."""

    def __init__(self) -> None:
        """Nothing of the question is repeated."""
        super().__init__("登记库里没有这个人: 核对编号", "no such person in the register: check the id")


@dataclass(frozen=True, slots=True)
class Bureau:
    """A bureau, the rule that gives it its duty, and what it may ask about one person."""

    id: str
    zh: str
    en: str
    rule: str
    asks: tuple[str, ...]


class Told(NamedTuple):
    """One answer: yes or no, and the first day of a yes."""

    question: str
    zh: str
    en: str
    answer: bool
    since: str | None


@lru_cache(maxsize=1)
def bureaus() -> dict[str, Bureau]:
    """Every bureau by its id, in the order of the file."""
    return read_bureaus(BUREAUS)


def read_bureaus(path: Path) -> dict[str, Bureau]:
    """Read a file of bureaus strictly. Raises BureauFileError naming file and row."""
    file = read_law_file(path, BureauFileError)
    found: dict[str, Bureau] = {}
    for row in file.rows("bureau"):
        name = row.text("id")
        row.named(name)
        rule = row.text("rule")
        if rule not in book().ids():
            row.refuse(f"规则库里没有 {rule}", f"{rule} is no rule of the book")
        if name in found:
            row.refuse(f"{name} 已经有了", f"{name} is there already")
        found[name] = Bureau(name, row.text("zh"), row.text("en"), rule, row.words("asks", tuple(QUESTIONS), empty=True))
        row.done()
    file.done()
    return found


def named_by_plan(day: dt.date) -> dict[str, tuple[str, ...]]:
    """What the plan calls each bureau on a day, by its id here: a record of 2016 still says who was asked (III.2).

    Raises RuleNotInForceError before the plan.
    """
    plan = book()
    return {
        "planning": plan.words("WS-2016/III.2.2", "bureaus", day),
        "finance": plan.words("WS-2016/III.2.3", "bureaus", day),
        "human-resources": plan.words("WS-2016/III.2.4", "bureaus", day),
        "health": plan.words("WS-2016/III.2.5", "bureaus", day),
        "housing": plan.words("WS-2016/III.2.6", "bureaus", day),
        "land": plan.words("WS-2016/III.2.7", "bureaus", day),
        "agriculture": plan.words("WS-2016/III.2.8", "bureaus", day),
        "forestry": plan.words("WS-2016/III.2.9", "bureaus", day),
        "education": plan.words("WS-2016/III.2.10", "bureaus", day),
        "civil-affairs": plan.words("WS-2016/III.2.11", "bureaus", day),
        "statistics": plan.words("WS-2016/III.2.12", "bureaus", day),
    }


def ask(
    store: Store,
    bureau_id: str,
    person_id: str,
    *,
    officer: Officer,
    purpose: str,
    valid_at: str,
    known_at: int,
    questions: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Answer a bureau about one person, and log it first: who, for which bureau, for what, what was told.

    `questions`: of those that it may ask, these alone; none named is all of them.

    Raises NoSuchBureauError, AggregatesOnlyError, PurposeMissingError, UnknownPersonAskedError.
    """
    bureau = bureaus().get(bureau_id)
    if bureau is None:
        raise NoSuchBureauError
    if not bureau.asks:
        raise AggregatesOnlyError(bureau)
    papers.stated(purpose)
    with store.reading() as connection:
        who = parties.identities(connection, store.vault, [person_id]).get(person_id)
        if who is None:
            raise UnknownPersonAskedError
        same = same_as(connection, person_id, known_at, valid_at)
        member = standings(connection, same, valid_at=valid_at, known_at=known_at) if "member" in bureau.asks else []
        told = _told(store, connection, bureau, person_id, who, member, valid_at, known_at)
    told = [one for one in told if not questions or one.question in questions]
    answer = {
        "bureau": {"id": bureau.id, "zh": bureau.zh, "en": bureau.en, "rule": bureau.rule},
        "as_of": {"valid_at": valid_at, "known_at": known_at},
        "person": person_id,
        "answers": [one._asdict() for one in told],
    }
    if any(one.question == "member" for one in told):
        answer["memberships"] = [_membership(one) for one in member]
        answer["ask_for"] = None if member else {"zh": ASK_FOR[0], "en": ASK_FOR[1]}
    digest = hashlib.sha256(orjson.dumps(answer)).digest()
    logged = papers.enter(store, officer, papers.ANSWER, bureau.id, digest, purpose, {"person": person_id})
    looked(store, officer, person_id, "answer", purpose.strip())
    return {**answer, "logged": logged}


def _told(
    store: Store, connection: Connection, bureau: Bureau, person_id: str, who: Identity, member: Sequence[Standing],
    valid_at: str, known_at: int,
) -> list[Told]:  # fmt: skip
    status = status_of(store, connection, person_id, valid_at=valid_at, known_at=known_at)
    birth = birth_day(who.id_type, who.id_number)
    years = age(birth, valid_at)
    yes = {
        "settled": (status.kind == "settled", status.since),
        "permit": (status.kind == "permit", status.since),
        # Since when somebody is a minor would be the birth date.
        "minor": (years is not None and years < ADULT, None),
        "member": (bool(member), member[0].since if member else None),
    }
    return [
        Told(question, *QUESTIONS[question], yes[question][0], yes[question][1] if yes[question][0] else None)
        for question in bureau.asks
    ]


def _membership(one: Standing) -> dict[str, Any]:
    zh, en = one.act
    return {
        "code": one.code,
        "collective": one.collective,
        "since": one.since,
        "act": {"zh": zh, "en": en},
        "basis": one.basis,
        "recorded_at": one.recorded_at,
        "entry": one.entry,
    }
