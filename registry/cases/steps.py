"""What does each step say, and in which form? One function a step; what a step does not ask for is refused.

A will names one person: an adult signs alone, for a minor a guardian. Whose will is given, or who is told, is one of those
whom the case touches now; a name stands nowhere, an id does.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from registry.cases.disputes import MEDIATED
from registry.cases.exits import GROUNDS, SIGNS
from registry.cases.kinds import book
from registry.cases.refusals import SaidMalformedError
from registry.cases.rows import MENDED
from registry.cases.rules import OUTCOMES
from registry.cases.saying import Said
from registry.law import causes
from registry.law.deciding import decides
from registry.ledger.entry import EntryError, canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from registry.cases.rules import Facts

HOW = ("in-person", "by-letter", "by-telephone")
_LONGEST_REQUEST = 200_000


def said_by(step: str, said: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """What a step states, without what was left empty. SaidMalformedError."""
    fields = Said(dict(said))
    stated = FORMS[step](fields, facts)
    fields.done()
    return {name: value for name, value in stated.items() if value != ""}


def drafted(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft states: what is asked for, and the person who asks."""
    fields = Said(dict(said))
    stated = _draft(fields)
    fields.done()
    return stated


def _draft(said: Said) -> dict[str, Any]:
    return {"request": _request(said), "applicant": said.id("applicant", empty=True)}


def _request(said: Said) -> dict[str, Any]:
    """What is asked for, in the plain values that the log takes; the kind's writer takes it apart."""
    request = dict(said.any("request"))
    try:
        length = len(canonical(request))
    except EntryError as malformed:
        raise SaidMalformedError(
            "request", "只能有文字、整数、列表; 小数和坐标写成文字", "texts, whole numbers and lists only; decimals as text"
        ) from malformed
    if length > _LONGEST_REQUEST:
        raise SaidMalformedError("request", f"最多 {_LONGEST_REQUEST} 字节", f"at most {_LONGEST_REQUEST} bytes")
    return request


def _supplement(said: Said, _facts: Facts) -> dict[str, Any]:
    changed = {"request": _request(said)} if said.has("request") else {}
    return {"note": said.text("note", empty=bool(changed))} | changed


def _evidence(said: Said, _facts: Facts) -> dict[str, Any]:
    paper = said.word("paper", tuple(book().papers))
    return {"paper": paper, "source": said.hash("source"), "note": said.text("note", empty=True)}


def _survey(said: Said, _facts: Facts) -> dict[str, Any]:
    return {"paper": "survey", "source": said.hash("source"), "note": said.text("note", empty=True)}


def _notice(said: Said, _facts: Facts) -> dict[str, Any]:
    return {"where": said.text("where"), "source": said.hash("source", empty=True)}


def _told(said: Said, facts: Facts) -> dict[str, Any]:
    """One person, or with `everybody` all whom the case touches: then the list of who was reached is a paper (`source`)."""
    if said.has("everybody"):
        said.word("everybody", ("yes",))
        how, day = said.word("how", HOW), said.day("day", empty=True)
        return {"people": sorted(facts.touched.people), "how": how, "day": day, "source": said.hash("source")}
    person, guardian = _somebody(said, facts)
    how, day, source = said.word("how", HOW), said.day("day", empty=True), said.hash("source", empty=True)
    return {"person": person, "guardian": guardian, "how": how, "day": day, "source": source}


def _explained(said: Said, facts: Facts) -> dict[str, Any]:
    """One difference of one row, by a kind of act of the closed list that could have made it, or the roster is mended."""
    row, key = said.id("row"), said.text("difference")
    cause, note, source = said.text("cause"), said.text("note", empty=True), said.hash("source")
    of_row = next((each for each in facts.touched.rows or () if each.id == row), None)
    if of_row is None:
        said.refuse("row", "没有这一户", "there is no such household")
    difference = next((each for each in of_row.differences if each.key == key), None)
    if difference is None:
        said.refuse("difference", "这一户没有这处不同", "the household has no such difference")
    if cause not in {MENDED, *difference.causes}:
        lawful = [word for word in causes.kinds() if word in difference.causes]
        said.refuse(
            "cause",
            f"只能是合法原因 {'、'.join(lawful)}, 或 {MENDED} (补到名册上); 户口迁走、进城住、嫁出去都不是原因 (承包法27、31)",
            f"a lawful cause is wanted ({', '.join(lawful)}), or {MENDED}; a registration, a move to town or a marriage is none",
        )
    return {"row": row, "difference": key, "cause": cause, "note": note, "source": source}


def _vote(said: Said, _facts: Facts) -> dict[str, Any]:
    """Counted against the members of the register by `vote`."""
    attended, agreed = said.whole("attended"), said.whole("agreed")
    return {"day": said.day("day"), "attended": attended, "agreed": agreed, "source": said.hash("source")}


def _will(said: Said, facts: Facts) -> dict[str, Any]:
    person, guardian = _somebody(said, facts)
    will = {"person": person, "guardian": guardian, "source": said.hash("source")}
    return will | (_informed(said) if person in facts.touched.signers else {}) | (_sent(said, person) if facts.touched.lies else {})


def _sent(said: Said, person: str) -> dict[str, Any]:
    """Whom somebody sends to the boundary: the letter that they signed names them (民法典 165), the register may know them."""
    proxy, letter = said.id("proxy", empty=True), said.hash("letter", empty=True)
    if proxy == person:
        said.refuse("proxy", "本人来的, 不写代理人", "whoever comes themselves sends nobody")
    if proxy and not letter:
        said.refuse("letter", "有代理人的, 要有本人签字的委托书", "a proxy brings a letter that the person signed")
    return {"proxy": proxy, "letter": letter}


@decides("EXIT/E3")
def _informed(said: Said) -> dict[str, Any]:
    """How somebody was told what an exit costs and what it leaves, before they signed it (policy-map 9.3).

    `sheet`: the paper that they were given, in Chinese and Mongolian; `witness`: who stood by, of neither side.
    """
    return {
        "sheet": said.hash("sheet"),
        "language": said.word("language", ("zh", "mn")),
        "read": said.word("read", ("alone", "aloud")),
        "identity": said.word("identity", ("in-person", "notarised-proxy")),
        "mark": said.word("mark", ("signature", "fingerprint")),
        "witness": said.id("witness"),
    }


def _will_taken_back(said: Said, _facts: Facts) -> dict[str, Any]:
    # Whoever was touched when they signed may take it back, whoever is touched now; no reason is asked for.
    return {"person": said.id("person"), "reasons": said.text("reasons", empty=True)}


def _somebody(said: Said, facts: Facts) -> tuple[str, str]:
    """One of those whom the case touches, and who acts for them where they are a minor."""
    person, guardian = said.id("person"), said.id("guardian", empty=True)
    minor = facts.touched.people.get(person)
    if minor is None:
        said.refuse("person", "不是本案要告知的人", "not one of those whom the case touches")
    if minor and (not guardian or guardian == person):
        said.refuse("guardian", "未成年人由监护人签, 写明监护人", "a guardian acts for a minor: name them")
    if not minor and guardian:
        said.refuse("guardian", "成年人自己签, 谁也不能代", "an adult signs alone: nobody signs for them")
    return person, guardian


def _opinion(said: Said, _facts: Facts) -> dict[str, Any]:
    return {"opinion": said.text("opinion")}


def _review(said: Said, facts: Facts) -> dict[str, Any]:
    return _opinion(said, facts) | {"findings": said.pairs("findings")}


def _review_of_exit(said: Said, facts: Facts) -> dict[str, Any]:
    signs = {} if facts.exit is None else {"signs": said.by_word("signs", tuple(SIGNS))}
    return _review(said, facts) | signs


def _issuer_told(said: Said, facts: Facts) -> dict[str, Any]:
    return {"day": _past(said, facts), "source": said.hash("source")}


def _paid(said: Said, facts: Facts) -> dict[str, Any]:
    to, amount = said.id("to"), said.amount("amount")
    if facts.touched.people.get(to, True) or to not in facts.touched.signers:
        said.refuse("to", "钱只能付给成年的权利人本人", "it is paid to an adult who holds the right, and to nobody else")
    return {"to": to, "amount": amount, "day": _past(said, facts), "source": said.hash("source")}


def _revoked(said: Said, facts: Facts) -> dict[str, Any]:
    # No reason is asked for (EXIT/E11).
    person = said.id("person")
    if person not in facts.touched.signers:
        said.refuse("person", "不是签字的人", "not one of those who sign")
    return {"person": person, "source": said.hash("source", empty=True)}


def _voided(said: Said, facts: Facts) -> dict[str, Any]:
    return {"ground": said.word("ground", GROUNDS), "source": said.hash("source"), **_reasons(said, facts)}


def _absent(said: Said, facts: Facts) -> dict[str, Any]:
    """缺席指界: who did not come, and when the result was delivered to them."""
    person = said.id("person")
    if person not in facts.touched.consents:
        said.refuse("person", "不是要来指界的人", "not one of those who show the boundary")
    return {"person": person, "day": _past(said, facts), "source": said.hash("source")}


def _mediated(said: Said, facts: Facts) -> dict[str, Any]:
    return {"outcome": said.word("outcome", MEDIATED), "day": _past(said, facts), "source": said.hash("source")}


def _decided(said: Said, facts: Facts) -> dict[str, Any]:
    """An award with the day on which it was served, a judgment with the day since which it holds."""
    return {"document": said.text("document"), "day": _past(said, facts), "source": said.hash("source")}


def _sued(said: Said, facts: Facts) -> dict[str, Any]:
    day, until = _past(said, facts), facts.dispute.until if facts.dispute is not None else ""
    if "" < until < day:
        zh = f"裁决书送达后只能在 {until} 以前起诉; 法院另有判决的, 记 judged"
        said.refuse("day", zh, f"a suit against the award was open until {until}; what a court decided all the same is judged")
    return {"day": day, "source": said.hash("source")}


def _dropped(said: Said, facts: Facts) -> dict[str, Any]:
    return {"source": said.hash("source"), **_reasons(said, facts)}


def _past(said: Said, facts: Facts) -> str:
    day = said.day("day")
    if day > facts.today:
        said.refuse("day", "日期还没有到", "the day is still to come")
    return day


def _reasons(said: Said, _facts: Facts) -> dict[str, Any]:
    return {"reasons": said.text("reasons")}


def _answer(said: Said, facts: Facts) -> dict[str, Any]:
    return {"outcome": said.word("outcome", OUTCOMES), **_reasons(said, facts)}


def _note(said: Said, _facts: Facts) -> dict[str, Any]:
    return {"note": said.text("note", empty=True)}


FORMS: Mapping[str, Callable[[Said, Facts], dict[str, Any]]] = MappingProxyType(
    {
        "drafted": lambda said, _facts: _draft(said),
        "submitted": _note,
        "accepted": _note,
        "supplement-asked": _reasons,
        "supplemented": _supplement,
        "evidence-added": _evidence,
        "surveyed": _survey,
        "noticed": _notice,
        "explained": _explained,
        "told": _told,
        "consented": _will,
        "consent-withdrawn": _will_taken_back,
        "posted": _notice,
        "voted": _vote,
        "reviewed": _review_of_exit,
        "approved": _opinion,
        "registered": _note,
        "delivered": _note,
        "answered": _answer,
        "returned": _reasons,
        "withdrawn": _reasons,
        "issuer-told": _issuer_told,
        "paid": _paid,
        "revoked": _revoked,
        "lapsed": _note,
        "voided": _voided,
        "absent": _absent,
        "mediated": _mediated,
        "awarded": _decided,
        "sued": _sued,
        "judged": _decided,
        "dropped": _dropped,
        "refused": _reasons,
    }
)
"""How each step is taken apart, by its word."""
