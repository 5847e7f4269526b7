"""What does the register know about a paid exit that the case does not say, and what does its registration bring?

Signs of pressure: of a settlement only the days are looked at, never more, and only to stop or review the exit (I19).
Whether a signed paper is one: it is kept here, it is that signer's own, a witness from outside stood by.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry import parties
from registry.case_files import CASE_FILE, CASE_STEP, CASE_SUBJECT, beginning_of
from registry.cases.exits import Agreement, exit_of
from registry.cases.kinds import book
from registry.cases.refusals import SaidMalformedError
from registry.cases.settlings import refuse_beside_settling, settled_on, who_signs
from registry.cases.writing.exits import agreed
from registry.cases.writing.writer import looking
from registry.catalogue import words_of
from registry.holding import acts as holdings
from registry.holding.model import HOLDING_VERSION
from registry.law.book import book as rules_of_law
from registry.paid_exits import PAID_EXIT, of_case
from registry.rights.model import BA_UNIT, RIGHT, RIGHT_VERSION
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.case_files import Case, Step
    from registry.cases.exits import Exit
    from registry.cases.kinds import Kind
    from registry.cases.touched import Touched
    from registry.cases.writing.exits import Agreed
    from registry.ledger.commit import Desk


_OWN = sa.select(RIGHT_VERSION.c.unit_id).where(among(RIGHT_VERSION.c.thing_id, "subject"), RIGHT_VERSION.c.ver == 1)
# From the days to the cases: an exit that was handed in earlier is not looked at.
_OF_VILLAGE = Question(
    sa.select(sa.func.count(CASE_FILE.c.id.distinct()))
    .select_from(CASE_STEP)
    .join(CASE_FILE, CASE_FILE.c.id == CASE_STEP.c.case_id)
    .join(CASE_SUBJECT, CASE_SUBJECT.c.case_id == CASE_FILE.c.id)
    .join(RIGHT_VERSION, sa.and_(RIGHT_VERSION.c.thing_id == CASE_SUBJECT.c.thing_id, RIGHT_VERSION.c.ver == 1))
    .join(BA_UNIT, BA_UNIT.c.id == RIGHT_VERSION.c.unit_id)
    .where(
        CASE_STEP.c.step == "submitted",
        CASE_STEP.c.at >= sa.bindparam("since"),
        among(CASE_FILE.c.kind, "kinds"),
        BA_UNIT.c.issuer_id == sa.select(BA_UNIT.c.issuer_id).where(BA_UNIT.c.id.in_(_OWN)).scalar_subquery(),
    )
)


def find(  # noqa: PLR0913  (the case, where it stands, who signed and what is open)
    at: Desk,
    case: Case,
    kind: Kind,
    request: Mapping[str, Any],
    now: str,
    signed: Mapping[str, Step],
    touched: Touched,
    *,
    objected: bool,
    today: str,
) -> Exit | None:
    """Where the exit stands, with its signs of pressure; None for every other kind, and while its terms can't be read."""
    if kind.kind not in book().exits:
        return None
    try:
        terms = agreed(request)
    except SaidMalformedError:
        return None
    found = exit_of(case, now, _agreement(at, kind, terms), signed, touched, objected=objected, today=today)
    if found.state == "registered" and _restored_since(at, case):
        return replace(found, state="void")
    return replace(found, signs=_signs(at, case, terms, signed, today))


def check(at: Desk, case: Case, step: str, stated: Mapping[str, Any], touched: Touched, stake: frozenset[str], day: str) -> None:
    """Hold a step of an exit to what the register knows: each will is its signer's own, and a witness stood by.

    Raises SaidMalformedError.
    """
    if step == "consented" and stated["person"] in touched.signers:
        _check_will(at, case, stated, stake, day)
        refuse_beside_settling(at, stated, day)


def bring(at: Desk, case: Case, request: Mapping[str, Any], day: str) -> None:
    """The row that says for how much, with the act that was written last: the one that ended the right."""
    terms, act = agreed(request), at.acts[-1]
    (right,) = case.subject
    thing = words_of(at.connection, [right])[right]
    at.row(
        PAID_EXIT,
        {
            "right_id": right,
            "thing": thing,
            "case_id": case.id,
            "price": f"{terms.price:.2f}",
            "improvements": f"{terms.improvements:.2f}",
            "receiver_id": _receiving_party(at, terms),
            "exit_day": day,
            "cause_idx": act.idx,
            "cause_cls": "R",
            "cause_kind": act.kind,
        },
    )


def _check_will(at: Desk, case: Case, stated: Mapping[str, Any], stake: frozenset[str], day: str) -> None:
    """E2, E3: a paper of one's own, and a witness of age whom the register knows and who has no stake in it."""
    others = {
        step.said["source"] for step in case.steps if step.step == "consented" and step.said.get("person") != stated["person"]
    }
    if stated["source"] in others:
        raise SaidMalformedError("source", "每个人签自己的一份, 这份是别人的", "each signs a paper of their own: this is another's")
    witness = stated["witness"]
    if witness in stake or witness == stated.get("guardian"):
        raise SaidMalformedError("witness", "见证人不能是家里人或接手的一方", "a witness is of neither side")
    known = parties.identities(at.connection, at.store.vault, [witness])
    if not known or holdings.minors(looking(at, "", day), [witness])[witness]:
        raise SaidMalformedError("witness", "要是登记簿里的成年人", "an adult whom the register knows is wanted")


def _signs(at: Desk, case: Case, terms: Agreed, signed: Mapping[str, Step], today: str) -> frozenset[str]:
    law, day = rules_of_law(), date.fromisoformat(today)
    near = timedelta(days=law.whole("EXIT/apart-from-settling", "red_flag_days", day))
    found = set()
    for will in signed.values():
        on = date.fromisoformat(will.day)
        days = [date.fromisoformat(each) for person in who_signs(will.said) for each in settled_on(at, person)]
        if any(abs(on - each) <= near for each in days):
            found.add("near-settling")
        if will.said.get("identity") == "notarised-proxy":
            found.add("by-proxy")
    if Fraction(terms.price) < Fraction(terms.reference) * law.fraction("EXIT/red-flags", "fair_share", day):
        found.add("below-reference")
    if _of_village(at, case, day) >= law.whole("EXIT/red-flags", "village_exits", day):
        found.add("many-of-a-village")
    return frozenset(found)


def _of_village(at: Desk, case: Case, day: date) -> int:
    """How many exits from rights of the same collective were handed in within the days before."""
    since = day - timedelta(days=rules_of_law().whole("EXIT/red-flags", "village_days", day))
    values = {"subject": list(case.subject), "since": beginning_of(since.isoformat()), "kinds": sorted(book().exits)}
    ((found,),) = ask(at.connection, _OF_VILLAGE, values)
    return int(found)


def _agreement(at: Desk, kind: Kind, terms: Agreed) -> Agreement:
    gives = book().exits[kind.kind]
    # A household that receives the land hands nothing back: no half year (农村土地承包法 art. 30).
    return Agreement(gives, gives == "contract-land" and _household(at, terms) is None, terms.total)


def _household(at: Desk, terms: Agreed) -> str | None:
    """The contracting household whose list receives the right; None where the collective does."""
    query = sa.select(HOLDING_VERSION.c.household_id).where(HOLDING_VERSION.c.thing_id == terms.receiver).limit(1)
    return at.connection.scalar(query)


def _receiving_party(at: Desk, terms: Agreed) -> str:
    return _household(at, terms) or terms.receiver


def _restored_since(at: Desk, case: Case) -> bool:
    exited = of_case(at.connection, case.id)
    return exited is not None and any(
        version.cause_kind == "restored" and version.cause_idx > exited.cause_idx for version in at.chain(RIGHT, exited.right_id)
    )
