"""What could somebody do to a certificate so that it says something else? Every bit, and seeded changes of its structure.

A *mutant* is a certificate of the vectors with one to three changes, written in the canonical form again, so that it is not refused
for its spelling alone. The same numbers give the same mutants, to every verifier.
"""

from __future__ import annotations

import base64
import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from tests.vectors.small_register import written

Place = tuple[Any, Any]
"""A container and the key or index of a value in it."""


def every_bit(raw: bytes) -> Iterator[bytes]:
    """The bytes with one bit flipped, each in turn."""
    for at in range(len(raw)):
        for bit in range(8):
            yield raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]


def mutants(certificates: list[bytes], first: int, count: int) -> Iterator[bytes]:
    """Mutants number `first` to `first + count`; none is equal to the certificate that it was made of."""
    for number in range(first, first + count):
        rng = random.Random(number)
        which = rng.randrange(len(certificates))
        document = json.loads(certificates[which])
        other = json.loads(rng.choice(certificates))
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            rng.choice(_CHANGES)(document, other, rng)
        raw = written(document)
        if raw != certificates[which]:
            yield raw


def _children(value: object) -> list[Any]:
    return list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []


def _one(document: object, rng: random.Random, *kinds: type) -> Place | None:
    """A value of these kinds, found by walking down from the root; shallow ones more often, for they are fewer."""
    for _ in range(20):
        value: Any = document
        while keys := _children(value):
            key = rng.choice(keys)
            if (not kinds or type(value[key]) in kinds) and (rng.random() < 0.3 or not _children(value[key])):
                return value, key
            value = value[key]
    return None


def _places(value: Any) -> Iterator[Place]:  # noqa: ANN401  (JSON)
    for key in _children(value):
        yield value, key
        yield from _places(value[key])


def _bit_of_a_hash(document: Any, _: Any, rng: random.Random) -> None:  # noqa: ANN401  (JSON)
    place = _one(document, rng, str)
    if place is None:
        return
    text = place[0][place[1]]
    padded = "=" * (-len(text) % 4)
    try:
        raw = bytearray(base64.urlsafe_b64decode(text + padded))
    except ValueError:
        raw = bytearray()
    if not raw:
        place[0][place[1]] = text + "x"
        return
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    encode = base64.b64encode if set("+/=") & set(text) else base64.urlsafe_b64encode
    encoded = encode(bytes(raw)).decode()
    place[0][place[1]] = encoded if text.endswith("=") else encoded.rstrip("=")


def _other_number(document: Any, _: Any, rng: random.Random) -> None:  # noqa: ANN401
    place = _one(document, rng, int)
    if place is not None:
        place[0][place[1]] += rng.choice((-1, 1, 2, 1 << 12, 1 << 40))


def _other_text(document: Any, _: Any, rng: random.Random) -> None:  # noqa: ANN401
    place = _one(document, rng, str)
    if place is not None and place[0][place[1]]:
        text = place[0][place[1]]
        at = rng.randrange(len(text))
        place[0][place[1]] = text[:at] + rng.choice("0129-ABab陕 \n") + text[at + rng.randrange(2) :]


def _swapped(document: Any, _: Any, rng: random.Random) -> None:  # noqa: ANN401
    one, two = _one(document, rng), _one(document, rng)
    if one is None or two is None:
        return
    first, second = copy.deepcopy(one[0][one[1]]), copy.deepcopy(two[0][two[1]])
    one[0][one[1]], two[0][two[1]] = second, first


def _same_key_swapped(document: Any, other: Any, rng: random.Random) -> None:  # noqa: ANN401
    """A part is replaced by one of the same name, of this certificate or another: a proof, a version, an opening, an entry."""
    place = _one(document, rng)
    if place is None:
        return
    source = rng.choice((document, other))
    alike = [each for each in _places(source) if each[1] == place[1] and type(each[0]) is type(place[0])]
    if alike:
        taken = rng.choice(alike)
        place[0][place[1]] = copy.deepcopy(taken[0][taken[1]])


def _listed(change: Callable[[list[Any], random.Random], None]) -> Callable[[Any, Any, random.Random], None]:
    def changed(document: Any, _: Any, rng: random.Random) -> None:  # noqa: ANN401
        place = _one(document, rng, list)
        if place is not None and place[0][place[1]]:
            change(place[0][place[1]], rng)

    return changed


def _one_less(items: list[Any], rng: random.Random) -> None:
    del items[rng.randrange(len(items))]


def _one_twice(items: list[Any], rng: random.Random) -> None:
    items.insert(rng.randrange(len(items) + 1), copy.deepcopy(rng.choice(items)))


def _reordered(items: list[Any], rng: random.Random) -> None:
    rng.shuffle(items)


def _nothing(document: Any, _: Any, rng: random.Random) -> None:  # noqa: ANN401
    place = _one(document, rng)
    if place is not None:
        place[0][place[1]] = rng.choice((None, "", 0, [], {}))


def _version_replaced(document: Any, _: Any, rng: random.Random) -> None:  # noqa: ANN401
    """An older version as the newest, or the other way round, with or without its proof and what lies between."""
    things = document.get("things")
    whole = [
        each
        for each in (things if isinstance(things, list) else ())
        if isinstance(each, dict) and all(isinstance(each.get(name), dict) for name in ("act", "latest"))
    ]
    if not whole:
        return
    thing = rng.choice(whole)
    source, target = rng.sample(("act", "latest"), 2)
    proof = thing[target].get("proof")
    thing[target] = copy.deepcopy(thing[source])
    if rng.random() < 0.5:
        thing[target]["proof"] = proof
    if rng.random() < 0.5:
        thing["between"] = []


def _closed(document: Any, _: Any, rng: random.Random) -> None:  # noqa: ANN401
    """Something told is no longer told: lawful where it need not be open."""
    opened = [
        place[0]["open"]
        for place in _places(document)
        if place[1] == "open" and isinstance(place[0]["open"], list) and place[0]["open"]
    ]
    if opened:
        _one_less(rng.choice(opened), rng)


_CHANGES: tuple[Callable[[Any, Any, random.Random], None], ...] = (
    _bit_of_a_hash,
    _bit_of_a_hash,
    _other_number,
    _other_text,
    _swapped,
    _same_key_swapped,
    _same_key_swapped,
    _listed(_one_less),
    _listed(_one_twice),
    _listed(_reordered),
    _nothing,
    _version_replaced,
    _closed,
)
