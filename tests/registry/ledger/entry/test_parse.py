"""Is a leaf read only as the writers write it, and does hostile input meet one kind of refusal?"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from registry.ledger.entry import (
    Entry,
    EntryError,
    EntryFieldError,
    EntryTooLongError,
    NotCanonicalError,
    b64u,
    c_leaf,
    canonical,
    e_leaf,
    h_leaf,
    k_leaf,
    parse_entry,
    r_leaf,
    s_leaf,
)
from tests.registry.ledger.entry.test_canonical import DOCUMENTS, TEXTS

AT = "2026-01-15T08:00:00Z"
ONE, TWO = bytes(31) + b"\x01", b"\xf8" + bytes(31)
CONTROL = re.compile("[\x00-\x1f\x7f]")
LEAVES = {
    "R": r_leaf(AT, "exited", [ONE, TWO], [TWO], [ONE] * 4),
    "H": h_leaf(AT, b64u(ONE), [TWO] * 12),
    "S": s_leaf(AT, b64u(ONE)),
    "K": k_leaf(AT, ['a"b\\c 草']),
    "E": e_leaf(AT, [ONE, TWO]),
    "C": c_leaf(AT, [ONE] * 12),
}

HASHES = st.binary(min_size=32, max_size=32)
SETS = st.lists(HASHES, min_size=1, max_size=5, unique=True)
HOURS = st.datetimes(min_value=datetime(1000, 1, 1)).map(lambda at: at.strftime("%Y-%m-%dT%H:00:00Z"))  # noqa: DTZ001
LINES = st.lists(TEXTS.filter(lambda text: text and not CONTROL.search(text)), min_size=1, max_size=4)
ENTRIES = (
    st.builds(
        lambda at, kind, rv, c, ev: Entry("R", at, kind, rv=tuple(sorted(rv)), c=tuple(c), ev=tuple(ev) * 4),
        HOURS,
        st.sampled_from(["exited", "handed-back-before-2019"]),
        SETS,
        st.lists(HASHES, max_size=3),
        st.lists(HASHES, max_size=3),
    )
    | st.builds(lambda at, st_, c: Entry("H", at, st=b64u(st_), c=(c,) * 12), HOURS, HASHES, HASHES)
    | st.builds(lambda at, st_: Entry("S", at, st=b64u(st_)), HOURS, HASHES)
    | st.builds(lambda at, lines: Entry("K", at, vkeys=tuple(lines)), HOURS, LINES)
    | st.builds(lambda at, subjects: Entry("E", at, subjects=tuple(sorted(subjects))), HOURS, SETS)
    | st.builds(lambda at, c: Entry("C", at, c=(c,) * 12), HOURS, HASHES)
)


def written(entry: Entry) -> bytes:
    """The leaf of an entry, by the writer of its class."""
    return {
        "R": lambda: r_leaf(entry.at, entry.kind or "", entry.rv, entry.c, entry.ev),
        "H": lambda: h_leaf(entry.at, entry.st or "", entry.c),
        "S": lambda: s_leaf(entry.at, entry.st or ""),
        "K": lambda: k_leaf(entry.at, entry.vkeys),
        "E": lambda: e_leaf(entry.at, entry.subjects),
        "C": lambda: c_leaf(entry.at, entry.c),
    }[entry.cls]()


def changed(cls: str, /, **fields: Any) -> bytes:  # noqa: ANN401  # whatever may stand in JSON
    """The leaf of this class with other fields, in canonical form; a field set to `...` is left out."""
    document = {**orjson.loads(LEAVES[cls]), **fields}
    return canonical({name: value for name, value in document.items() if value is not ...})


@given(ENTRIES)
def test_entry_written_and_read_is_the_same_and_canonical(entry: Entry) -> None:
    """Both ways, for every class; the bytes spelled by hand are those of the canonical writer."""
    leaf = written(entry)
    assert parse_entry(leaf) == entry
    assert leaf == rfc8785.dumps(json.loads(leaf))


@given(st.binary(max_size=200))
@example(b"[" * 65_000)
@example(b'{"cls":"R"')
@example(b'{"cls":NaN}')
@example(b"\xff\xfe")
@example(b'{"cls":"\\ud800"}')
@example(b"1e999")
@example(b'{"cls":["R"]}')
@example(b"")
def test_any_bytes_are_read_or_refused_by_one_class(leaf: bytes) -> None:
    """Nothing but an `EntryError`, which is a ValueError, ever leaves the parser."""
    with pytest.raises(EntryError):
        parse_entry(leaf)


@given(st.sampled_from(sorted(LEAVES)), st.data())
def test_any_field_changed_is_read_or_refused_by_one_class(cls: str, data: st.DataObject) -> None:
    """Any JSON in any field: what is taken is written back the same, the rest is an `EntryError`."""
    field = data.draw(st.sampled_from([*orjson.loads(LEAVES[cls]), "x"]))
    value = data.draw(DOCUMENTS | st.lists(HASHES.map(b64u), max_size=13))
    leaf = changed(cls, **{field: value})
    try:
        entry = parse_entry(leaf)
    except EntryError:
        return
    assert written(entry) == leaf


@given(st.sampled_from(sorted(LEAVES)), st.data())
def test_any_byte_changed_is_read_or_refused_by_one_class(cls: str, data: st.DataObject) -> None:
    """One byte of a sound leaf replaced, dropped or doubled: taken only where a writer writes just that."""
    leaf = LEAVES[cls]
    at = data.draw(st.integers(0, len(leaf) - 1))
    middle = data.draw(st.binary(max_size=2))
    leaf = leaf[:at] + middle + leaf[at + 1 :]
    try:
        entry = parse_entry(leaf)
    except EntryError:
        return
    assert written(entry) == leaf


@pytest.mark.parametrize(
    "leaf",
    [
        LEAVES["S"] + b" ",
        b" " + LEAVES["S"],
        LEAVES["S"].replace(b'"cls":"S"', b'"cls":"R","cls":"S"'),
        LEAVES["S"].replace(b'"v":1', b'"v":2,"v":1'),
        LEAVES["S"].replace(b":1}", b":1.0}"),
        LEAVES["S"].replace(b":1}", b": 1}"),
        LEAVES["S"].replace(b"2026", b"202\\u0036"),
        LEAVES["S"][:-1] + b',"at":"x"}',
        json.dumps(orjson.loads(LEAVES["S"])).encode(),
        b"\xef\xbb\xbf" + LEAVES["S"],
        LEAVES["S"].replace(b":1}", b":NaN}"),
        LEAVES["S"].replace(b":1}", b":" + b"[" * 17 + b"]" * 17 + b"}"),
    ],
)
def test_leaf_that_is_not_canonical_is_refused_not_repaired(leaf: bytes) -> None:
    """A space, a key twice, a float, an escape, another order, a byte order mark, NaN, 17 levels."""
    with pytest.raises(NotCanonicalError):
        parse_entry(leaf)


@pytest.mark.parametrize(
    ("leaf", "says"),
    [
        (b"[]", "field cls: expected an object of class R, H, S, K, E or C"),
        (b"{}", "field cls"),
        (changed("S", cls="X"), "field cls"),
        (changed("S", cls=["S"]), "field cls"),
        (changed("S", kind="exited"), r"field \*: expected the fields at, cls, st, v, got 5 fields"),
        (changed("S", st=...), r"field \*: .* got 3 fields"),
        (changed("H", st=...), r"field \*: expected the fields at, c, cls, rv, st, v, got 5 fields"),
        (changed("S", v=2), "field v: expected 1"),
        (changed("S", v=True), "field v: expected 1"),
        (changed("S", v="1"), "field v: expected 1"),
        (changed("S", at=1), "field at: expected a string, got int"),
        (changed("S", at="2026-01-15T08:00:01Z"), "field at: expected a whole hour"),
        (changed("S", st=None), "field st: expected a string, got NoneType"),
        (changed("S", st=b64u(ONE[1:])), "field st: expected values of 32 bytes, got 31"),
        (changed("R", kind="Exited"), "field kind"),
        (changed("R", rv=[]), "field rv: expected 1 to 1000 digests, got 0"),
        (changed("R", rv=[b64u(TWO), b64u(ONE)]), "field rv: expected ascending bytes"),
        (changed("R", rv=[b64u(ONE), b64u(ONE)]), "field rv: expected ascending bytes"),
        (changed("R", rv="x"), "field rv: expected a list of strings, got str"),
        (changed("R", rv=[1]), "field rv: expected a list of strings"),
        (changed("R", ev=[b64u(ONE)] * 3), "field ev: expected a multiple of 4, got 3"),
        (changed("R", c=[b64u(ONE + b"x")]), "field c: expected values of 32 bytes, got 33"),
        (changed("H", rv=[b64u(ONE)]), "field rv: expected an empty list, got 1"),
        (changed("C", rv=[b64u(ONE)]), "field rv: expected an empty list, got 1"),
        (changed("H", c=[b64u(ONE)] * 11), "field c: expected exactly 12 commitments, got 11"),
        (changed("C", c=[b64u(ONE)] * 13), "field c: expected exactly 12 commitments, got 13"),
        (changed("K", vkeys=[]), "field vkeys: expected at least one line"),
        (changed("K", vkeys=["a", None]), "field vkeys: expected a list of strings"),
        (changed("E", subjects=[]), "field subjects: expected 1 to 1000"),
        (changed("S", st=b64u(ONE) + "="), "not strict base64url"),
    ],
)
def test_field_that_its_class_does_not_have_is_refused_by_name(leaf: bytes, says: str) -> None:
    """Each refusal names the field, what must stand there and what did."""
    with pytest.raises(EntryError, match=says):
        parse_entry(leaf)


def test_entry_of_65536_bytes_is_refused_before_it_is_read() -> None:
    """The length of an entry is written as 16 bits."""
    with pytest.raises(EntryTooLongError, match="at most 65535 bytes, got 65536"):
        parse_entry(b" " * 65_536)


def test_refusal_of_an_entry_is_a_value_error() -> None:
    """Callers that know nothing of the registry catch ValueError."""
    with pytest.raises(ValueError, match="账目字段 v：应为 1，实为"):
        parse_entry(changed("S", v=0))
    assert issubclass(EntryFieldError, EntryError)
