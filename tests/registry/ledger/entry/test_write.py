"""Are the bytes of each class of entry the ones of the format's page, and nothing that it forbids?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from registry.ledger.entry import (
    C_COMMITMENTS,
    H_COMMITMENTS,
    MAX_ENTRY_BYTES,
    Base64urlError,
    ClockError,
    EntryFieldError,
    EntryTooLongError,
    NotCanonicalError,
    b64u,
    c_leaf,
    e_leaf,
    h_leaf,
    hour,
    k_leaf,
    r_leaf,
    s_leaf,
)

AT = "2026-01-15T08:00:00Z"
ONE, TWO = bytes(31) + b"\x01", b"\xf8" + bytes(31)
MANY = [number.to_bytes(32, "big") for number in range(1_001)]


def listed(*digests: bytes) -> str:
    """A JSON array of base64url texts."""
    return "[" + ",".join(f'"{b64u(one)}"' for one in digests) + "]"


def test_leaf_of_each_class_is_spelled_as_agreed() -> None:
    """Keys sorted, no space, v = 1: these bytes are hashed for ever."""
    four, twelve = listed(*[ONE] * 4), listed(*[ONE] * 12)
    assert r_leaf(AT, "exited", [ONE], [TWO], [ONE] * 4).decode() == (
        f'{{"at":"{AT}","c":{listed(TWO)},"cls":"R","ev":{four},"kind":"exited","rv":{listed(ONE)},"v":1}}'
    )
    assert r_leaf(AT, "handed-back-before-2019", [ONE], [], []).decode() == (
        f'{{"at":"{AT}","c":[],"cls":"R","ev":[],"kind":"handed-back-before-2019","rv":{listed(ONE)},"v":1}}'
    )
    assert h_leaf(AT, b64u(TWO), [ONE] * H_COMMITMENTS).decode() == (
        f'{{"at":"{AT}","c":{twelve},"cls":"H","rv":[],"st":"{b64u(TWO)}","v":1}}'
    )
    assert s_leaf(AT, b64u(TWO)).decode() == f'{{"at":"{AT}","cls":"S","st":"{b64u(TWO)}","v":1}}'
    assert c_leaf(AT, [ONE] * C_COMMITMENTS).decode() == f'{{"at":"{AT}","c":{twelve},"cls":"C","rv":[],"v":1}}'
    assert k_leaf(AT, ['a"b+草']).decode() == f'{{"at":"{AT}","cls":"K","v":1,"vkeys":["a\\"b+草"]}}'
    assert e_leaf(AT, [TWO, ONE]).decode() == f'{{"at":"{AT}","cls":"E","subjects":{listed(ONE, TWO)},"v":1}}'


def test_act_lists_versions_in_the_order_of_their_bytes() -> None:
    """Byte 0xf8 begins with "-" in base64url, before "A": sorting the texts would give the other order."""
    assert ONE < TWO
    assert b64u(TWO) < b64u(ONE)
    for given in ([ONE, TWO], [TWO, ONE]):
        assert f'"rv":{listed(ONE, TWO)}'.encode() in r_leaf(AT, "exited", given, [], [])


def test_act_with_a_thousand_versions_fits_and_one_more_is_refused() -> None:
    """1 to 1,000 versions an act."""
    assert len(r_leaf(AT, "first-registration", MANY[:1000], [], [])) < MAX_ENTRY_BYTES
    for count in (0, 1001):
        with pytest.raises(EntryFieldError, match=f"field rv: expected 1 to 1000 digests, got {count}"):
            r_leaf(AT, "first-registration", MANY[:count], [], [])


def test_act_with_one_version_twice_is_refused() -> None:
    """Two versions never have one digest: their salts differ."""
    with pytest.raises(EntryFieldError, match="field rv: expected ascending bytes, each once"):
        r_leaf(AT, "exited", [ONE, TWO, ONE], [], [])


def test_act_whose_evidence_is_not_filled_up_is_refused() -> None:
    """A length that is no multiple of 4 would tell a family's size."""
    with pytest.raises(EntryFieldError, match="field ev: expected a multiple of 4, got 3"):
        r_leaf(AT, "exited", [ONE], [], [ONE] * 3)


def test_entry_longer_than_a_bundle_can_write_is_refused() -> None:
    """65,535 bytes at most, for acts and for keys."""
    with pytest.raises(EntryTooLongError, match="at most 65535 bytes, got 92128"):
        r_leaf(AT, "exited", [ONE], MANY[:1000] * 2, [])
    room = MAX_ENTRY_BYTES - len(k_leaf(AT, ["x"])) + 1
    assert len(k_leaf(AT, ["x" * room])) == MAX_ENTRY_BYTES
    with pytest.raises(EntryTooLongError, match="got 65536"):
        k_leaf(AT, ["x" * (room + 1)])


def test_status_act_or_case_step_with_another_number_of_commitments_is_refused() -> None:
    """The count would tell the kind: every H and every C carries the same number."""
    for count in (0, 11, 13):
        with pytest.raises(EntryFieldError, match=f"field c: expected exactly 12 commitments, got {count}"):
            h_leaf(AT, b64u(ONE), MANY[:count])
        with pytest.raises(EntryFieldError, match=f"field c: expected exactly 12 commitments, got {count}"):
            c_leaf(AT, MANY[:count])


def test_state_that_is_no_root_is_refused() -> None:
    """A state root is strict base64url of 32 bytes."""
    with pytest.raises(EntryFieldError, match="field st: expected values of 32 bytes, got 31"):
        s_leaf(AT, b64u(ONE[1:]))
    with pytest.raises(Base64urlError):
        h_leaf(AT, b64u(ONE) + "=", [ONE] * 12)


def test_digest_of_another_length_is_refused() -> None:
    """Every digest and commitment is 32 bytes."""
    with pytest.raises(EntryFieldError, match="field c: expected values of 32 bytes, got 33"):
        r_leaf(AT, "exited", [ONE], [ONE + b"x"], [])
    with pytest.raises(EntryFieldError, match="field subjects: expected values of 32 bytes, got 1 bytes"):
        e_leaf(AT, [b"x"])


def test_erasure_of_nothing_is_refused() -> None:
    """An erasure names what it erases."""
    with pytest.raises(EntryFieldError, match="field subjects: expected 1 to 1000"):
        e_leaf(AT, [])


@pytest.mark.parametrize("lines", [[], [""], ["a\nb"], ["a", "\x7f"]])
def test_key_change_without_proper_lines_is_refused(lines: list[str]) -> None:
    """At least one line, none empty, no control character that would make two lines of one."""
    with pytest.raises(EntryFieldError, match=f"field vkeys: .* got {len(lines)} lines"):
        k_leaf(AT, lines)


def test_key_change_that_is_not_canonical_is_refused() -> None:
    """Text is in NFC."""
    with pytest.raises(NotCanonicalError, match="not in NFC"):
        k_leaf(AT, ["e\u0301"])


@pytest.mark.parametrize("kind", ["", "Exited", "exited-", "-exited", "2019", "a b", 'a"', "退出"])
def test_kind_that_is_no_word_of_the_list_is_refused(kind: str) -> None:
    """The kind is written as it is: lower-case words with hyphens."""
    with pytest.raises(EntryFieldError, match="field kind: expected a kind such as contract-divided"):
        r_leaf(AT, kind, [ONE], [], [])


@pytest.mark.parametrize(
    "at",
    [
        "2026-01-15T08:30:00Z",
        "2026-02-30T08:00:00Z",
        "2026-01-15T24:00:00Z",
        "0000-01-15T08:00:00Z",
        "2026-01-15 08:00:00Z",
        "2026-1-15T08:00:00Z",
        "２０２６-01-15T08:00:00Z",
        "",
    ],
)
def test_time_that_is_no_whole_hour_is_refused(at: str) -> None:
    """A public minute names whoever stood at the desk; a day that the calendar lacks orders wrongly."""
    with pytest.raises(EntryFieldError, match="field at: expected a whole hour"):
        s_leaf(at, b64u(ONE))


def test_hour_is_the_later_of_the_last_and_now_in_utc() -> None:
    """Cut to the hour, never back: a clock that was set back waits at the last entry's hour."""
    beijing = timezone(timedelta(hours=8))
    now = datetime(2026, 1, 15, 16, 59, 59, tzinfo=beijing)
    assert hour(None, now) == AT
    assert hour("2026-01-15T07:00:00Z", now) == AT
    assert hour("2026-01-15T09:00:00Z", now) == "2026-01-15T09:00:00Z"
    assert hour(AT, now.astimezone(UTC)) == AT


def test_hour_of_a_clock_without_zone_is_refused() -> None:
    """Beijing or UTC: eight hours apart, and nobody could tell."""
    with pytest.raises(ClockError, match="no time zone"):
        hour(None, datetime(2026, 1, 15, 8))  # noqa: DTZ001  # the fault under test
