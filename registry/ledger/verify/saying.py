"""How is a verdict said to whoever holds the paper: true or not, whose, what, until when, by whom, and what is not proved?

Each line is (Chinese, English). The order is that of the page `/verify`; the technical part comes last and only when asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from registry.ledger.verify.certificate import Verdict
from registry.ledger.verify.replay import CLASS_R_KINDS
from registry.ledger.verify.single import ProvedEntry, code_of
from registry.ledger.verify.steps import CertificateError
from registry.ledger.verify.strict import VerifyError
from registry.ledger.verify.verdict import CHANGED, RIGHTS, Change, ThingVerdict
from registry.ledger.verify.words import EVENTS, HAPPENED, SAID, THINGS, VERDICTS, Words

_CHINA: Final = dt.timezone(dt.timedelta(hours=8))


def refusal(error: CertificateError) -> Iterator[Words]:
    """Why a paper is not believed, or can't be judged here."""
    word, sign = (SAID["undecided"], "?") if error.undecided else (SAID["false"], "✗")
    yield f"{word[0]} {sign}", word[1].upper()
    yield f"{error.zh}(第 {int(error.step) - 10} 步 {error.step.name})", f"{error.en} (step {error.step.name})"


def nothing_inside(nothing: VerifyError) -> Iterator[Words]:
    """Why there is nothing to judge in a file."""
    word = SAID["undecided"]
    yield f"{word[0]} ?", word[1].upper()
    yield nothing.zh, nothing.en


def lines(verdict: Verdict, *, details: bool = False) -> Iterator[Words]:
    """What a certificate proves."""
    yield _genuine()
    yield from _whose(verdict)
    word = VERDICTS[verdict.word]
    yield f"{word[0]}: {since(verdict)[0]}以来", f"{word[1].upper()} since {since(verdict)[1]}"
    for thing in verdict.things:
        if stands_alone(verdict, thing):
            yield from _of_thing(verdict, thing)
    yield from _until(verdict)
    yield SAID["unproved"]
    yield SAID["left-out"]
    if details:
        yield from _details(verdict)


def entry_lines(proved: ProvedEntry) -> Iterator[Words]:
    """What a proof of one entry proves."""
    entry, checkpoint = proved.entry, proved.signed.checkpoint
    yield _genuine()
    zh, en = (f": {word}" for word in HAPPENED.get(entry.kind, (entry.kind, entry.kind))) if entry.kind else ("", "")
    yield (
        f"第 {proved.index} 条账目({entry.cls}{zh}, {hour(entry.at)})在账本 {checkpoint.origin} 的前 {checkpoint.size} 条里",
        f"entry {proved.index} ({entry.cls}{en}) stands among the first {checkpoint.size} of {checkpoint.origin}",
    )
    for each in proved.signed.cosigned:
        yield f"监督签名: {each.key.name} {_moment(each.time)}", f"cosigned by {each.key.name}"


def happened(change: Change) -> Words:
    """What an act did, and that a will stands behind it where its kind asks for one."""
    words = [HAPPENED[change.kind], *([SAID["will"]] if CLASS_R_KINDS[change.kind] else [])]
    return "，".join(zh for zh, _ in words), ", ".join(en for _, en in words)


def _genuine() -> Words:
    return f"{SAID['genuine'][0]} ✓", SAID["genuine"][1].upper()


def _whose(verdict: Verdict) -> Iterator[Words]:
    named = [opened["act.people"] for opened in verdict.opened.values() if isinstance(opened.get("act.people"), list)]
    people = [person for each in named for person in each if isinstance(person, list)]
    names = [person[1] for person in people if len(person) > 1 and isinstance(person[1], str)]
    if names:
        yield f"姓名(登记时记下的): {'、'.join(names)}", "names as they were registered"
    else:
        yield SAID["nameless"]


def since(verdict: Verdict) -> Words:
    """The move since which is compared, or the hour of the state."""
    opened = verdict.opened.get(verdict.act, {})
    kind, on = opened.get("event.kind"), opened.get("event.day")
    if isinstance(kind, str) and kind in EVENTS and isinstance(on, str):
        return f"{day(on)}{EVENTS[kind][0]}", f"{on}, {EVENTS[kind][1]}"
    return f"{hour(verdict.act_at)}的登记", f"what was registered at {verdict.act_at}"


def _of_thing(verdict: Verdict, thing: ThingVerdict) -> Iterator[Words]:
    name, word = THINGS[thing.thing], VERDICTS[thing.whole]
    facts = _facts(verdict, thing)
    ended = SAID["ended"] if thing.status == "ended" else ("", "")
    told = " ".join(part for part in (name[0], facts, word[0], ended[0]) if part)
    yield f"  {told}", f"  {name[1]}: {word[1]} {ended[1]}".rstrip()
    for each in (thing, *parts_of(verdict, thing)):
        for change in each.changes:
            zh, en = happened(change)
            yield f"    {hour(change.at)} 第 {change.entry} 条：{zh}", f"    entry {change.entry}: {en}"
    if thing.rests_on is None or thing.not_shown:
        zh, en = SAID["alone"]
        yield f"    {zh}", f"    {en}"


def _facts(verdict: Verdict, thing: ThingVerdict) -> str:
    """亩 of the parcels that are shown, and the end of the term."""
    facts = thing.latest.get("facts")
    if not isinstance(facts, dict):
        return ""
    areas = [_area(each.latest.get("facts")) for each in parts_of(verdict, thing) if each.thing == "parcel"]
    told = []
    if areas and None not in areas:
        told.append(f"{sum(area for area in areas if area is not None):,} 亩")
    end = facts.get("term_end")
    if isinstance(end, str) and end:
        told.append(f"到 {day(end)}")
    return " ".join(told)


def _area(facts: Any) -> Decimal | None:  # noqa: ANN401  (what a stranger says was committed)
    try:
        return Decimal(facts["surveyed_area_mu"])
    except (KeyError, TypeError, ValueError, InvalidOperation):
        return None


def _until(verdict: Verdict) -> Iterator[Words]:
    checkpoint = verdict.signed.checkpoint
    zh, en = until(verdict)
    yield f"截至{zh}, 账本第 {checkpoint.size} 条", f"as of {en}, entry {checkpoint.size}"
    yield f"签名: {verdict.signed.log.name}", "signed by the register"
    if not verdict.signed.cosigned:
        yield SAID["uncosigned"]
    for each in verdict.signed.cosigned:
        yield f"监督签名: {each.key.name} {_moment(each.time)}", "cosigned by the witness"
    if verdict.signed.cosigned:
        zh, en = SAID["cosigned"]
        yield f"  {zh}", f"  {en}"


def _details(verdict: Verdict) -> Iterator[Words]:
    checkpoint = verdict.signed.checkpoint
    yield f"文件 SHA-256 {verdict.digest.hex()}", "digest of the file"
    yield f"码 {code_of(verdict)}", "code on paper"
    yield f"根 {checkpoint.root.hex()}", f"root of {checkpoint.size} entries"
    for thing in verdict.things:
        word = VERDICTS[CHANGED if thing.word == CHANGED else thing.word]
        yield f"  {thing.thing} {thing.thing_id} {word[0]}", word[1]


def until(verdict: Verdict) -> Words:
    """The moment of the earliest cosignature; without one the hour of the last entry."""
    if verdict.as_of is None:
        return hour(verdict.latest_at), verdict.latest_at
    return _moment(verdict.as_of), dt.datetime.fromtimestamp(verdict.as_of, dt.UTC).isoformat()


def parts_of(verdict: Verdict, thing: ThingVerdict) -> list[ThingVerdict]:
    """What a right rests on, as far as it is shown."""
    return [each for each in verdict.things if each.thing_id in (thing.rests_on or ())]


def stands_alone(verdict: Verdict, thing: ThingVerdict) -> bool:
    """Whether a thing is told by itself, not with a right that rests on it."""
    return thing.thing in RIGHTS or not any(thing.thing_id in (each.rests_on or ()) for each in verdict.things)


def day(text: str) -> str:
    """A day as people write it; what is no day as it stands."""
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return f"{found.year}年{found.month}月{found.day}日"


def hour(at: str) -> str:
    """An hour of the log in China's time."""
    found = dt.datetime.fromisoformat(at).astimezone(_CHINA)
    return f"{found.year}年{found.month}月{found.day}日{found.hour}时"


def _moment(time: int | None) -> str:
    found = dt.datetime.fromtimestamp(time or 0, _CHINA)
    return f"{found.year}年{found.month}月{found.day}日 {found:%H:%M}"
