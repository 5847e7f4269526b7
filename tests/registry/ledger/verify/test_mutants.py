"""Nobody can make a certificate say something else: every bit, and 40,000 structured mutants (hazards C8)."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pytest

from registry.ledger.verify.certificate import Verdict, verify
from registry.ledger.verify.note import Policy, parse_policy
from registry.ledger.verify.steps import CertificateError
from registry.ledger.verify.verdict import UNCHANGED
from tests.registry.ledger.verify.test_certificate import NAMES, read
from tests.vectors.mutants import every_bit, mutants
from tests.vectors.small_register import POLICY

GOOD = [name for name in NAMES if "word" in read(name)[2] and read(name)[1] == POLICY]
SHARES = 8
EACH = 40_000 // SHARES


@cache
def policy() -> Policy:
    """The policy of the vectors."""
    return parse_policy(POLICY)


@cache
def originals() -> list[Verdict]:
    """What the certificates say as they were made."""
    return [verify(read(name)[0], policy()) for name in GOOD]


def tells_nothing_else(mutant: Verdict) -> bool:
    """Whether a mutant tells only what certificates of the same log, under the same checkpoint, tell.

    Who has two of them may show things of both, and who has one may show less: both are sound. Since which entry is compared is
    said by a certificate that was made: state 3 and move 4 of the small register have one state, and so the same proofs.
    """
    alike = [one for one in originals() if (one.signed, one.as_of) == (mutant.signed, mutant.as_of)]
    if (mutant.act, mutant.act_at, mutant.latest_at) not in {(one.act, one.act_at, one.latest_at) for one in alike}:
        return False
    for thing in mutant.things:
        known = [each for one in alike for each in one.things if each.thing_id == thing.thing_id]
        told = [(each.thing, each.status, each.changes) for each in known]
        if (thing.thing, thing.status, thing.changes) not in told:
            return False
        if thing.word == UNCHANGED and UNCHANGED not in {each.word for each in known}:
            return False
        if not told_by(thing.act, [each.act for each in known]) or not told_by(thing.latest, [e.latest for e in known]):
            return False
    return all(told_by(opened, [one.opened.get(i, {}) for one in alike]) for i, opened in mutant.opened.items())


def told_by(told: Mapping[str, Any], wholes: Sequence[Mapping[str, Any]]) -> bool:
    """Whether everything told is told by one of these, and alike to the byte."""
    return all(
        any(path in whole and json.dumps(whole[path]) == json.dumps(value) for whole in wholes)
        for path, value in told.items()
    )


def refused(raw: bytes) -> bool:
    """Whether bytes are refused, and in words."""
    try:
        verify(raw, policy())
    except CertificateError:
        return True
    return False


@pytest.mark.parametrize("quarter", range(4))
def test_no_flipped_bit_of_a_certificate_is_accepted(quarter: int) -> None:
    """The bytes are canonical and everything in them is bound: not one bit is free. Split over four runs."""
    raw = read("since-a-state")[0]
    step = -(-len(raw) // 4)
    head, part, tail = raw[: quarter * step], raw[quarter * step : (quarter + 1) * step], raw[(quarter + 1) * step :]
    assert part
    assert not [mutant for mutant in every_bit(part) if not refused(head + mutant + tail)]


@pytest.mark.parametrize("name", ["three-acts", "area-and-term-without-a-name"])
def test_no_flipped_bit_of_a_large_certificate_is_accepted(name: str) -> None:
    """Of certificates with a chain and with names: one bit of each byte."""
    raw = read(name)[0]
    rng = random.Random(8)
    for at, byte in enumerate(raw):
        assert refused(raw[:at] + bytes([byte ^ 1 << rng.randrange(8)]) + raw[at + 1 :]), at


@pytest.mark.parametrize("share", range(SHARES))
def test_no_structured_mutant_is_accepted_with_another_meaning(share: int) -> None:
    """Whoever can write canonical JSON and has other certificates to take parts from gets nothing but less."""
    raw = [read(name)[0] for name in GOOD]
    accepted = 0
    for mutant in mutants(raw, share * EACH, EACH):
        try:
            found = verify(mutant, policy())
        except CertificateError:
            continue
        accepted += 1
        assert tells_nothing_else(found), mutant.decode()
    # What is closed or left out stays a sound certificate: a run in which nothing is accepted compares nothing.
    assert accepted > EACH // 500
