"""Is a sample drawn as the page says, each family as likely as any other, and are only its own lines read as such?"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.ledger import drawing
from registry.ledger.drawing import Reveal, Seal, draw, listed, read_lines, read_list
from registry.ledger.entry import b64u

CHECKPOINT = b"log.example/sanquan\n60\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
NUMBER = "ab" * 32
VECTOR = [890, 529, 298, 353, 849]
numbers = st.binary(min_size=32, max_size=32).map(bytes.hex)


def by_hand(checkpoint: bytes, number: str, n: int, k: int) -> list[int]:
    """The draw of docs/supervision.md, written again from its words, by taking out of a list that shrinks."""
    seed = sha256(sha256(checkpoint).digest() + bytes.fromhex(number)).digest()
    drawn: list[int] = []
    left, i = list(range(n)), 0
    while left and len(drawn) < k:
        block = int(sha256(seed + i.to_bytes(8, "big")).hexdigest(), 16)
        i += 1
        if block >= 2**256 - 2**256 % len(left):
            continue
        place = block % len(left)
        # The one that is drawn is replaced by the first that is left; the others stay where they are.
        drawn.append(left[place])
        left[place] = left[0]
        left.pop(0)
    return drawn


@given(st.binary(max_size=200), numbers, st.integers(0, 300), st.integers(1, 9))
def test_a_draw_is_what_the_page_says(checkpoint: bytes, number: str, n: int, k: int) -> None:
    """Written twice, by other means; all different, as many as there are."""
    found = draw(checkpoint, number, n, k)
    assert found == by_hand(checkpoint, number, n, k)
    assert len(set(found)) == len(found) == min(n, k)


def test_a_draw_of_a_vector_stays_what_it_is() -> None:
    """Whoever wrote a verifier of their own can compare: these places, from these bytes."""
    assert draw(CHECKPOINT, NUMBER, 1000, 5) == by_hand(CHECKPOINT, NUMBER, 1000, 5) == VECTOR


def test_no_order_is_likelier_than_another() -> None:
    """Six orders of two out of three, 6,000 numbers: chi-square with 5 degrees stays under its 1-in-10,000 bound."""
    found = Counter(tuple(draw(CHECKPOINT, sha256(str(i).encode()).hexdigest(), 3, 2)) for i in range(6_000))
    assert set(found) == set(permutations(range(3), 2))
    assert sum((times - 1_000) ** 2 / 1_000 for times in found.values()) < 25.7


@given(numbers, st.integers(0, 255))
def test_one_bit_of_number_or_head_gives_another_draw(number: str, bit: int) -> None:
    """Neither side alone settles the draw: of 100,000 families five are the same by chance in less than one of 10**20."""
    other = f"{int(number, 16) ^ (1 << bit):064x}"
    first = draw(CHECKPOINT, number, 100_000, 5)
    assert draw(CHECKPOINT, other, 100_000, 5) != first
    assert draw(CHECKPOINT + b"x", number, 100_000, 5) != first


@given(numbers, st.integers(0, 10**8), numbers, st.integers(1, 999), st.integers(1, 10**18))
def test_lines_are_read_as_they_are_written(number: str, n: int, digest: str, k: int, size: int) -> None:
    """Both ways; a line with anything before, behind or otherwise spelled is none of ours."""
    seal = Seal(7, "2026-11-03T08:00:00Z", "2026-12", number, n, digest, k)
    reveal = Reveal(9, "2026-12-03T08:00:00Z", "2026-12", number, size)
    assert list(read_lines(7, seal.at, [seal.line, "log x", f" {seal.line}", f"{seal.line} ", seal.line.upper()])) == [seal]
    assert list(read_lines(9, reveal.at, [reveal.line, f"{reveal.line}\n", "sample 2026-13 reveal"])) == [reveal]


@pytest.mark.parametrize(
    ("at", "in_time"),
    [
        ("2026-10-31T15:00:00Z", False),  # 31 October, 23:00 in China
        ("2026-10-31T16:00:00Z", True),
        ("2026-11-30T15:00:00Z", True),
        ("2026-11-30T16:00:00Z", False),  # 1 December, 00:00 in China
    ],
)
def test_a_seal_counts_in_the_month_before_by_the_hours_of_china(at: str, *, in_time: bool) -> None:
    """One hour either side of both ends."""
    assert Seal(7, at, "2026-12", NUMBER, 9, NUMBER, 5).in_time == in_time


@pytest.mark.parametrize(
    ("change", "opens"),
    [
        ({}, True),
        ({"number": "cd" * 32}, False),
        ({"at": "2026-11-30T15:00:00Z"}, False),
        ({"at": "2026-12-31T16:00:00Z"}, False),
        ({"month": "2027-01"}, False),
        ({"size": 7}, False),  # a head without the seal in it
        ({"size": 10}, False),  # a head that is newer than the reveal
    ],
)
def test_a_reveal_opens_its_own_seal_alone(change: dict[str, object], *, opens: bool) -> None:
    """The number, the month and the head: each of them."""
    seal = Seal(7, "2026-11-03T08:00:00Z", "2026-12", drawing.hash_of(NUMBER), 9, NUMBER, 5)
    told = {"idx": 9, "at": "2026-12-03T08:00:00Z", "month": "2026-12", "number": NUMBER, "size": 8}
    assert Reveal(**told | change).opens(seal) == opens  # type: ignore[arg-type]  # a table of changes


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=20))
def test_a_list_is_the_sealed_one_byte_for_byte(ids: list[bytes]) -> None:
    """Sorted, each once; another byte, another order, one less: it is another list."""
    names = sorted({drawing_id(each) for each in ids})
    raw = listed(names)
    seal = Seal(7, "2026-11-03T08:00:00Z", "2026-12", NUMBER, len(names), sha256(raw).hexdigest(), 5)
    assert read_list(raw, seal) == names
    for other in (raw + b"\n", b"\xff" + raw, listed(names[1:]) if names else b"x\n"):
        assert read_list(other, seal) is None


def drawing_id(raw: bytes) -> str:
    """32 bytes as an id of the list."""
    return b64u(raw)
