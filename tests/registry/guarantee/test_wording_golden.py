"""Every verdict × thing × cause as people read it, compared with the golden text byte for byte.

The golden text was read through once by eye. After a change of words run this file with SANQUAN_GOLDEN=write,
read the difference, and keep it only if every sentence of it may stand on a herder's paper.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from registry.guarantee.explain import FILE as WORDS
from registry.guarantee.explain import (
    VERDICTS,
    Change,
    Finding,
    Text,
    event_words,
    explain,
    explain_change,
    extension_due,
    field_words,
    read_wording,
    thing_words,
    verdict_words,
    vouched_since,
    what_is_compared,
    what_is_not_compared,
)
from registry.law.causes import Effect, kinds, lawful_causes, status_kinds, things

GOLDEN = Path(__file__).with_name("golden") / "wording.txt"
MOVE = ("settled-in-banner", date(2017, 5, 8))
NAMES = ("达楞太", "敖登")
# Kinds with which a chain may begin, so that a thing can be recorded by them after the move.
BEGINNINGS = (
    *("first-registration", "omission-corrected", "restored", "court-ordered", "arbitrated"),
    *("contract-divided", "exchanged", "assigned", "inherited", "leased", "subleased", "contributed"),
    *("mortgaged", "pledged", "seized", "objected", "disputed", "membership-confirmed"),
    *("membership-gained", "shares-allotted", "benefit-granted", "duty-set"),
)
# What an act is shown to have touched: by kind, else by thing. An act on a burden touches burdens alone.
TOUCHED_BY = {
    "clerical-slip": ("code",),
    "recoded": ("code",),
    "extended": ("term_start", "term_end", "extension"),
    "parcel-split": ("parcels", "contract_area"),
    "parcel-merged": ("parcels", "contract_area"),
    "expropriated": ("parcels", "contract_area"),
    "land-lost": ("parcels", "contract_area"),
    "representative-changed": ("representative",),
    "building-recorded": ("buildings",),
    "certificate-issued": ("certificates",),
    "certificate-reissued": ("certificates",),
    "certificate-cancelled": ("certificates",),
    "shares-allotted": ("share",),
    "shares-requantified": ("share",),
}
TOUCHED = {
    "holding": ("members",),
    "parcel": ("geometry", "surveyed_area"),
    "membership": ("status",),
    "restriction": ("status",),
    "duty": ("quantity",),
    "benefit": ("quantity", "unit"),
}
HELD = ("holder", "co_holders")


def _change(kind: str, thing: str, effect: Effect, *, consented: bool) -> Change:
    needs = kinds()[kind]
    own = TOUCHED_BY.get(kind, TOUCHED.get(thing, HELD))
    return Change(
        kind=kind,
        act_day=date(2014, 6, 3) if kind.endswith("before-2019") else date(2025, 6, 3),
        # 20:30 in London is the next morning in China, and the paper says the day in China.
        recorded_at=datetime(2025, 6, 30, 20, 30, tzinfo=UTC),
        fields=("burdens",) if effect == "follows" else own,
        evidence=("合同", "笔录") if consented else (),
        consents=NAMES if consented else (),
        payment="32,000 元" if consented and needs.needs_payment else None,
        effect=effect,
    )


def _pairs(effect: Effect) -> list[tuple[str, str]]:
    found = dict.fromkeys((c.thing, c.kind) for c in lawful_causes() if c.effect == effect)
    return sorted(found, key=lambda pair: (things().index(pair[0]), tuple(kinds()).index(pair[1])))


def _entry(title: str, text: Text) -> str:
    return f"## {title}\n{text.zh}\n{text.en}\n"


def _golden() -> str:
    day = date(2027, 12, 31)
    parts = ["# Every verdict, cause and thing as it is read. Made by test_wording_golden.py.\n"]
    parts += [_entry(f"verdict: {verdict}", verdict_words(verdict)) for verdict in VERDICTS]
    parts += [_entry(f"thing: {thing}", thing_words(thing)) for thing in things()]
    parts += [_entry(f"event: {kind}", event_words(kind, MOVE[1])) for kind in status_kinds()]
    for name in read_wording(WORDS).fields:
        thing, _, field = name.rpartition(".")
        parts.append(_entry(f"field: {name}", field_words(field, thing)))
    parts += [
        _entry("said: what is compared", what_is_compared(*MOVE)),
        _entry("said: what is not compared", what_is_not_compared()),
        _entry("said: vouched since", vouched_since(date(2026, 11, 23))),
        _entry("said: extension due", extension_due(day)),
    ]
    for thing in things():
        slip = (_change("clerical-slip", thing, "own", consented=False),)
        findings = {
            "unchanged": Finding("unchanged", thing, *MOVE),
            "unchanged, a slip mended": Finding("unchanged", thing, *MOVE, changes=slip),
            "violated": Finding("violated", thing, *MOVE, differs=TOUCHED.get(thing, HELD)),
            "violated, edited in place": Finding("violated", thing, *MOVE, row="第 311 条, R-7F3K"),
            "nothing recorded": Finding("nothing recorded", thing, *MOVE),
        }
        parts += [_entry(f"{title} · {thing}", explain(finding)) for title, finding in findings.items()]
    effects: tuple[Effect, ...] = ("own", "follows")
    for effect in effects:
        for thing, kind in _pairs(effect):
            acts = (_change(kind, thing, effect, consented=kinds()[kind].needs_consent),)
            finding = Finding("changed lawfully", thing, *MOVE, changes=acts)
            parts.append(_entry(f"changed lawfully · {thing} · {kind} · {effect}", explain(finding)))
    for thing, kind in _pairs("own"):
        if kind in BEGINNINGS:
            act = replace(_change(kind, thing, "own", consented=kinds()[kind].needs_consent), fields=())
            finding = Finding("recorded after the move", thing, *MOVE, changes=(act,))
            parts.append(_entry(f"recorded after the move · {thing} · {kind}", explain(finding)))
    first_thing = {kind: thing for thing, kind in reversed(_pairs("own"))}
    for kind, needs in kinds().items():
        thing = first_thing[kind]
        other = _change(kind, thing, "own", consented=not needs.needs_consent)
        title = "consent missing" if needs.needs_consent else "consent recorded though none is asked"
        parts.append(_entry(f"{title} · {thing} · {kind}", explain_change(other, thing)))
    return "\n".join(parts)


def test_the_words_of_every_verdict_are_the_ones_read_by_eye() -> None:
    """The wording of each verdict × cause × kind is a golden text, read once, diffed for ever (issue 3)."""
    said = _golden().encode()
    if os.environ.get("SANQUAN_GOLDEN") == "write":
        GOLDEN.write_bytes(said)
    assert said == GOLDEN.read_bytes()
