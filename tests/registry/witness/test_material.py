"""Are entries and pairs read in the one form that they have, both ways?"""

from __future__ import annotations

import pytest

from registry.witness.material import Handed, handed, pairs_line, parse_body
from registry.witness.refusals import MaterialError
from tests.registry.witness.made_up_log import sound

B = "A" * 43


def read(start: int, entries: list[bytes], pairs: list[bytes]) -> list[Handed]:
    """Everything, not streamed."""
    return list(handed(start, entries, pairs))


@pytest.mark.parametrize("start", range(10))
def test_files_read_back_as_what_was_handed_over(start: int) -> None:
    """From any index on, with the pairs at their entries in their order."""
    entries, pairs = sound().material(start)
    assert read(start, entries.splitlines(keepends=True), pairs.splitlines(keepends=True)) == sound().handed(start)


def test_body_read_back_as_both_files() -> None:
    """Start, entries, pairs; without pairs too."""
    entries, pairs = sound().material()
    begun, first, second = parse_body(b"start 0\n" + entries + b"\n" + pairs)
    assert (begun, b"".join(first), b"".join(second)) == (0, entries, pairs)
    assert parse_body(b"start 7\n{}\n\n") == (7, [b"{}\n"], [])


@pytest.mark.parametrize(
    ("entries", "pairs"),
    [
        ([b"{}"], []),
        ([b"\n"], []),
        ([b"x" * 65_536 + b"\n"], []),
        ([b"{}\n"], [f"1 {B} {B}\n".encode()]),
        ([b"{}\n", b"{}\n"], [f"1 {B} {B}\n".encode(), f"0 {B} {B}\n".encode()]),
        ([b"{}\n"], [f"0 {B} {B}".encode()]),
        ([b"{}\n"], [f"0 {B}\n".encode()]),
        ([b"{}\n"], [f"00 {B} {B}\n".encode()]),
        ([b"{}\n"], [f"0 {B} {B[1:]}\n".encode()]),
        ([b"{}\n"], [f"0 {B[:-1]}B {B}\n".encode()]),
        ([b"{}\n"], [b"\xff\n"]),
        ([b"{}\n"], [pairs_line(0, B, B).encode()] * 1_001),
    ],
)
def test_another_form_is_refused(entries: list[bytes], pairs: list[bytes]) -> None:
    """No newline, too long, a pair of no entry or out of order, another spelling, more versions than an entry may have."""
    with pytest.raises(MaterialError):
        read(0, entries, pairs)
