"""One meaning, one spelling: what Python's own readers let pass is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.ledger.verify.strict import MalformedError, b64, b64u, b64u_text, json_value, number

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.binary())
def test_bytes_come_back_from_their_one_spelling(raw: bytes) -> None:
    """Round trip of base64url."""
    assert b64u(b64u_text(raw)) == raw


@pytest.mark.parametrize("text", ["AB==", "AA", "AA==\n", "A A=", "AA=A", "é", "AA==="])
def test_base64_with_slack_junk_or_wrong_padding_is_refused(text: str) -> None:
    """`b64decode` would take some of these for a zero byte."""
    with pytest.raises(MalformedError):
        b64(text)


@pytest.mark.parametrize("text", ["AB", "AA==", "A", "A+", "AA\n"])
def test_base64url_with_slack_or_padding_is_refused(text: str) -> None:
    """Two spellings of one hash would be two papers."""
    with pytest.raises(MalformedError):
        b64u(text)


def test_bytes_of_another_length_are_refused() -> None:
    """A hash has 32 bytes."""
    with pytest.raises(MalformedError, match="32"):
        b64u("AAAA", 32)


@pytest.mark.parametrize("text", ["", "01", "+1", "-1", "1_000", " 8", "8\n", "٣", "1.0", "1" * 20])
def test_number_in_another_spelling_is_refused(text: str) -> None:
    """`int` takes most of them."""
    with pytest.raises(MalformedError):
        number(text)


@given(VALUES)
def test_json_reads_as_the_library_does_where_it_is_strict(value: object) -> None:
    """What is canonical is read as it stands."""
    assert json_value(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "raw",
    [b'{"a":1,"a":2}', b"NaN", b"[1.5]", b"[1e3]", b"9007199254740992", b"-0", b"{", b"\xff", b"[" * 17 + b"]" * 17,
     b"[" * 100_000, b'"' + b"x" * (1 << 20) + b'"', b"[Infinity]"],
)  # fmt: skip
def test_json_that_two_readers_could_read_apart_is_refused(raw: bytes) -> None:
    """A key twice, a number beyond 53 bits, NaN, too deep, too long, no UTF-8."""
    with pytest.raises(MalformedError):
        json_value(raw)


def test_sixteen_levels_are_taken() -> None:
    """On the other side of the bound."""
    assert json_value(b"[" * 16 + b"]" * 16) is not None
    assert json_value(b"[" * 16 + b"1" + b"]" * 16) is not None
