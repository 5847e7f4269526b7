"""Is there one sequence of bytes for a value, the one of RFC 8785, and is everything else refused?"""

from __future__ import annotations

import json
from enum import StrEnum
from hashlib import sha256
from typing import Any
from unicodedata import normalize

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from registry.ledger.entry import Base64urlError, NotCanonicalError, b64u, canonical, un_b64u

MAX_INT = 2**53 - 1
TEXTS = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: normalize("NFC", text))
KEYS = st.text("abcxyz019._-", min_size=1, max_size=6)
SCALARS = st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | TEXTS
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


class Word(StrEnum):
    """A subclass of str: what it writes need not be what it holds."""

    EXITED = "exited"


@given(DOCUMENTS)
def test_canonical_value_is_what_an_independent_jcs_writes(document: Any) -> None:  # noqa: ANN401  # any JSON
    """In our domain orjson with sorted keys and the rfc8785 package agree, and reading goes back."""
    assert canonical(document) == rfc8785.dumps(document)
    assert json.loads(canonical(document)) == document


def test_canonical_published_document_is_refused_for_its_floats() -> None:
    """The vector of RFC 8785 (3.2.2) has floats: the oracle writes it as published, the ledger refuses."""
    text = (
        r'{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],'
        r'"string":"\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}'
    )
    published = rfc8785.dumps(json.loads(text))
    assert len(published) == 118
    assert sha256(published).hexdigest() == "2d5e01a318d0f0879ab568c4be289c8b1f64ef8921a53c6277d5e069978baacb"
    with pytest.raises(NotCanonicalError, match=r"at \$\.numbers\[0\]: the type float is not taken"):
        canonical(json.loads(text))
    without_floats = {name: value for name, value in json.loads(text).items() if name != "numbers"}
    assert canonical(without_floats) == rb'{"literals":[null,true,false],"string":"' + "€".encode() + (
        rb"$\u000f\nA'B\"\\\\\"/" + b'"}'
    )


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (1.0, r"at \$: the type float"),
        ({"a": {"b": [1, {"c": float("nan")}]}}, r"at \$\.a\.b\[1\]\.c: the type float"),
        ([MAX_INT + 1], r"at \$\[0\]: an integer outside"),
        (-MAX_INT - 1, r"at \$: an integer outside"),
        (b"bytes", "the type bytes"),
        ({"a": Word.EXITED}, r"at \$\.a: the type Word"),
        ({Word.EXITED: 1}, r"at \$: a key takes"),
        ({"A": 1}, r"at \$: a key takes"),
        ({"名": 1}, r"at \$: a key takes"),
        ({"": 1}, r"at \$: a key takes"),
        ({1: 1}, r"at \$: a key takes"),
        ({"a": "e\u0301"}, r"at \$\.a: text that is not in NFC"),
        (["\ud800"], r"at \$\[0\]: a lone surrogate"),
        ({"a": {1, 2}}, r"at \$\.a: the type set"),
    ],
)
def test_value_outside_the_domain_is_refused_by_place(value: object, says: str) -> None:
    """Floats, wide integers, other types and keys, text not in NFC, lone surrogates: each with its place."""
    with pytest.raises(NotCanonicalError, match=says) as refusal:
        canonical(value)
    assert str(refusal.value) == f"{refusal.value.zh} / {refusal.value.en}"


def test_value_refused_is_never_shown() -> None:
    """A value may be a name: the message has its place and type only."""
    with pytest.raises(NotCanonicalError) as refusal:
        canonical({"holder": [b"Erdeni"]})
    assert "Erdeni" not in str(refusal.value)


def test_value_at_the_edges_of_the_domain_is_written() -> None:
    """Both ends of the integers, 16 levels, tuples as arrays; one level more is refused."""
    assert canonical([MAX_INT, -MAX_INT, (True, None)]) == b"[9007199254740991,-9007199254740991,[true,null]]"
    nested: Any = 0
    for _ in range(16):
        nested = [nested]
    assert canonical(nested) == b"[" * 16 + b"0" + b"]" * 16
    with pytest.raises(NotCanonicalError, match="nested deeper than 16 levels"):
        canonical([nested])


@given(st.binary(max_size=70))
def test_base64url_goes_there_and_back(raw: bytes) -> None:
    """RFC 4648 section 5 without padding, both ways."""
    text = b64u(raw)
    assert un_b64u(text) == raw
    assert not set(text) & set("+/=")


@given(st.text("AQgw+/=_- \n٣", max_size=6))
def test_base64url_text_is_taken_only_as_it_is_written(text: str) -> None:
    """Whatever is taken is what `b64u` writes: no padding, no junk, no spare bits."""
    try:
        assert b64u(un_b64u(text)) == text
    except Base64urlError as refusal:
        assert "RFC 4648" in refusal.en  # noqa: PT017  # either outcome is right; a third would fail


@pytest.mark.parametrize("text", ["AB", "A", "AA==", "+A", "AA\n", "A A", "٣٣"])
def test_base64url_not_strict_is_refused(text: str) -> None:
    """Spare bits, one character, padding, the other alphabet, white space and foreign digits."""
    with pytest.raises(Base64urlError):
        un_b64u(text)


def test_good_values_before_a_bad_one_are_walked_past_to_say_where_it_stands() -> None:
    """A refusal names the place of what is outside the domain, not of what merely stands before it."""
    with pytest.raises(NotCanonicalError, match=r"\$\[6\]"):
        canonical(["中文", 7, None, True, ["好"], {"a": "好", "b": {}}, 0.5])
