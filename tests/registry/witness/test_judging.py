"""P4 and the rest: is each unlawful entry found by the witness, at its place, and nothing in a sound log?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.ledger.entry import b64u, canonical
from registry.witness.judging import Judged, judge
from registry.witness.material import Handed
from registry.witness.state import EMPTY_ROOTS, StateMap
from tests.registry.witness.made_up_log import Log, key_of, sound

if TYPE_CHECKING:
    from collections.abc import Callable

OTHER = bytes([5]) * 32


def judged(handed: list[Handed]) -> Judged:
    """A whole log before a witness that has seen nothing yet."""
    return judge(None, StateMap(lambda _: {}, bytearray(EMPTY_ROOTS)), handed)


def broken(handed: list[Handed]) -> list[tuple[int, str]]:
    """Which entry breaks which rule."""
    return [(failure.index, failure.rule) for failure in judged(handed).failures]


def changed(handed: list[Handed], index: int, *, pairs: tuple[tuple[bytes, bytes], ...]) -> list[Handed]:
    """The same with other pairs at one entry."""
    return [Handed(one.leaf, pairs) if at == index else one for at, one in enumerate(handed)]


def test_sound_log_is_judged_lawful_with_its_counts() -> None:
    """Nothing is found, every class is counted, the root is the log's."""
    log = sound()
    found = judged(log.handed())
    assert found.failures == ()
    assert found.classes == {"S": 3, "R": 3, "H": 3}
    assert (found.root, found.standing.size) == (log.root(log.size), log.size)


@given(st.data())
def test_judging_in_parts_finds_what_judging_at_once_finds(data: st.DataObject) -> None:
    """A witness that comes back on another day goes on where it stood: same root, same copy of the map, no failure."""
    log = sound().act("right-1").state().event()
    cut = data.draw(st.sampled_from([1, 4, 5, 6, 8, 9, 11, 12]))
    held = StateMap(lambda _: {}, bytearray(EMPTY_ROOTS))
    first = judge(None, held, log.handed(0, cut))
    kept = dict(held.changed)
    again = StateMap(lambda n: {k: v for k, v in kept.items() if (k[0] << 4 | k[1] >> 4) == n}, held.roots)
    second = judge(first.standing, again, log.handed(cut))
    assert (first.failures, second.failures) == ((), ())
    assert second.root == log.root(log.size)
    assert kept | again.changed == log.heads


PLANTED: dict[str, tuple[Callable[[], list[Handed]], tuple[int, str]]] = {
    "an event that moves the state": (lambda: sound().event(b64u(OTHER)).handed(), (9, "P2")),
    "an event between an act and its state": (lambda: sound().act("right-1").event().state().handed(), (10, "P2")),
    "an act of an unknown kind": (lambda: sound().act("right-1", kind="moved-to-town").state().handed(), (9, "P5")),
    "an act without the wills it needs": (lambda: sound().act("right-1", kind="exited").state().handed(), (9, "P6")),
    "a state that changes without an act": (lambda: sound().state(b64u(OTHER)).handed(), (9, "P3")),
    "a state that does not follow from its acts": (
        lambda: sound().act("right-1").state(b64u(OTHER)).handed(),
        (10, "P4"),
    ),
    "a state that leaves an act out": (lambda: sound().act("right-1").state(sound().st).handed(), (10, "P4")),
    "a head after an act that no state has closed": (lambda: sound().act("right-1").handed(), (9, "P4")),
    "a head at a step of a case": (lambda: sound().step().handed(), (9, "P4")),
    "a head at a change of keys": (lambda: sound().keys().handed(), (9, "P4")),
    "a version kept from the witness": (lambda: changed(sound().handed(), 1, pairs=sound().handed()[1].pairs[:1]), (1, "P4")),
    "a version that the entry does not name": (
        lambda: changed(sound().handed(), 6, pairs=((key_of("right-2"), OTHER),)),
        (6, "P4"),
    ),
    "the same version twice": (
        lambda: changed(sound().handed(), 6, pairs=sound().handed()[6].pairs * 2),
        (6, "P4"),
    ),
    "a version under another thing": (
        lambda: changed(sound().handed(), 6, pairs=((key_of("right-9"), sound().handed()[6].pairs[0][1]),)),
        (7, "P4"),
    ),
    "versions behind a household event": (
        lambda: changed(sound().handed(), 4, pairs=((key_of("right-1"), OTHER),)),
        (4, "P4"),
    ),
    "a log that begins with another": (lambda: Log().keys().begin().handed(), (0, "START")),
    "what is no entry": (lambda: [*sound().handed(), Handed(b"{}")], (9, "FORM")),
    "an event that carries a version": (lambda: [*sound().handed(), Handed(_with_version(sound()))], (9, "P1")),
}


@pytest.mark.parametrize("plant", PLANTED)
def test_each_unlawful_entry_is_found_at_its_place(plant: str) -> None:
    """P1 to P6 and the form: the rule that it breaks, at the entry that breaks it."""
    handed, expected = PLANTED[plant]
    assert expected in broken(handed())


@given(st.data())
def test_order_of_versions_of_one_thing_decides_its_state(data: st.DataObject) -> None:
    """Two versions of a thing in one act: the state follows from the later one, and the other order is found."""
    log = sound()
    pairs = log.handed()[2].pairs
    order = data.draw(st.permutations(pairs))
    mine = [digest for key, digest in order if key == key_of("right-1")]
    found = broken(changed(log.handed(), 2, pairs=tuple(order)))
    lawful = mine == [digest for key, digest in pairs if key == key_of("right-1")]
    assert (found == []) is lawful
    if not lawful:
        assert found[0] == (3, "P4")


def _with_version(log: Log) -> bytes:
    return canonical({**orjson.loads(log.leaves[-1]), "rv": [b64u(OTHER)]})
