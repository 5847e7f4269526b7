"""Does `replay` find every broken public rule, and nothing in a sound log, from the entries alone?"""

from __future__ import annotations

import base64
import subprocess
import sys
import tomllib
from pathlib import Path

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry.ledger import entry, merkle, state_map
from registry.ledger.entry import b64u, c_leaf, canonical, e_leaf, h_leaf, k_leaf, r_leaf, s_leaf
from registry.ledger.verify import replay as strangers
from registry.ledger.verify.replay import CLASS_R_KINDS, RULES, UNPROVED, Walk, replay
from tests.registry.ledger.entry.test_parse import ENTRIES, LEAVES, changed, written

CAUSES = Path(strangers.__file__).parents[2] / "law" / "causes.toml"
EMPTY_ST = b64u(state_map.state_root(state_map.EMPTY_ROOTS))
ONE, TWO, THREE = (bytes([number]) * 32 for number in (1, 2, 3))
H08, H09 = "2026-01-15T08:00:00Z", "2026-01-15T09:00:00Z"
BEGIN = s_leaf(H08, EMPTY_ST)
ACT = r_leaf(H08, "first-registration", [ONE], [TWO], [])
CLOSE = s_leaf(H08, b64u(TWO))
MOVE = h_leaf(H09, b64u(TWO), [THREE] * 12)
# A family is registered, settles in town, later gives up its plot for payment; keys change, a case goes on.
SOUND = [
    BEGIN,
    ACT,
    CLOSE,
    MOVE,
    c_leaf(H09, [THREE] * 12),
    k_leaf(H09, ["witness jiancha jiancha.example+5bf352b7+BCms"]),
    e_leaf(H09, [ONE]),
    s_leaf(H09, b64u(TWO)),
    r_leaf(H09, "exited", [THREE], [ONE], [ONE] * 4),
    s_leaf(H09, b64u(THREE)),
]


def with_rv(leaf: bytes, *digests: bytes) -> bytes:
    """The entry with versions that its writer would refuse."""
    return canonical({**orjson.loads(leaf), "rv": [b64u(one) for one in digests]})


def found(leaves: list[bytes]) -> list[tuple[int, str]]:
    """Where which rule fails."""
    return [(failure.index, failure.rule) for failure in replay(leaves).failures]


def test_sound_log_passes_every_rule_with_its_counts() -> None:
    """No failure, every rule tried, the size and root that the tree has, and what stays unproved is said."""
    report = replay(iter(SOUND))
    assert report.ok
    assert report.failures == ()
    assert {one.rule: one.checked for one in report.rules} == {
        "FORM": 10,
        "START": 1,
        "P1": 2,
        "P2": 1,
        "P3": 3,
        "P5": 12,
        "P6": 1,
    }
    assert (report.size, report.root) == (10, merkle.root([merkle.leaf_hash(leaf) for leaf in SOUND]))
    assert (report.losses, report.open_since, report.unproved) == ((), None, UNPROVED)
    assert [(one.rule, one.zh, one.en) for one in report.rules] == list(RULES)


@pytest.mark.parametrize("size", range(40))
def test_root_at_every_size_is_the_root_of_the_tree(size: int) -> None:
    """Peaks folded from the right give the root of RFC 9162, and nothing is the empty root."""
    leaves = [str(number).encode() for number in range(size)]
    assert replay(leaves).root == merkle.root([merkle.leaf_hash(leaf) for leaf in leaves])


@pytest.mark.parametrize("cut", [1, 3, 4, 5, 8, 10])
def test_walk_that_goes_on_another_day_finds_the_same(cut: int) -> None:
    """From where an earlier walk stood: same root, same standing, and what is wrong later is found at its own place."""
    broken = [*SOUND, s_leaf(H09, b64u(ONE)), s_leaf(H08, b64u(ONE))]
    first = Walk()
    for leaf in broken[:cut]:
        first.take(leaf)
    second = Walk.after(first.standing)
    for leaf in broken[cut:]:
        second.take(leaf)
    whole = replay(broken)
    assert (second.root, second.report().failures) == (whole.root, whole.failures)


LOSS = [
    f"succeeds old.example/sanquan 13 {base64.b64encode(ONE).decode()}",
    "lost 10-12",
    "signed old.example/sanquan AAAAAAAA",
    "because 磁盘坏了",
    "log new.example/sanquan+00000000+AAAA",
]
AT_10 = "2026-12-31T23:00:00Z"
AFTER_LOSS = s_leaf(AT_10, b64u(THREE))


def test_log_that_goes_on_after_a_loss_says_what_was_lost() -> None:
    """A K in the midst names the old log, its last signed head, the missing range from here on, the reason; an S follows."""
    assert len(SOUND) == 10
    report = replay([*SOUND, k_leaf(AT_10, LOSS), AFTER_LOSS])
    assert report.ok, report.failures
    (loss,) = report.losses
    assert (loss.origin, loss.first, loss.last, loss.size, loss.root) == ("old.example/sanquan", 10, 12, 13, ONE)
    assert loss.note.decode().split("\n")[-2:] == ["— old.example/sanquan AAAAAAAA", ""]
    assert loss.facts()["because"] == "磁盘坏了"
    assert replay([k_leaf(AT_10, LOSS), AFTER_LOSS], first=10).losses == report.losses


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        (0, "succeeds old.example/sanquan 13"),
        (0, LOSS[0].replace(" 13 ", " 013 ")),
        (1, "lost 9-12"),
        (1, "lost 11-12"),
        (1, "lost 10-11"),
        (1, "lost 10-9"),
        (2, "signed old.example/sanquan"),
        (2, "witness jiancha"),
        (3, "because  "),
        (4, "revoked old"),
        (4, "succeeds"),
    ],
)
def test_loss_that_is_not_told_as_it_must_be_fails_start(line: int, instead: str) -> None:
    """One form, and a range from this very entry up to the head: nothing else passes for a loss."""
    lines = [*LOSS[:line], instead, *LOSS[line + 1 :]]
    if not any(each.startswith("succeeds ") for each in lines):
        lines.append(LOSS[0])
    assert found([*SOUND, k_leaf(AT_10, lines), AFTER_LOSS]) == [(10, "START")]


def test_range_that_would_be_empty_is_no_loss() -> None:
    """A head that the log has whole is not lost."""
    lines = [LOSS[0].replace(" 13 ", " 10 "), "lost 10-9", *LOSS[2:]]
    assert found([*SOUND, k_leaf(AT_10, lines), AFTER_LOSS]) == [(10, "START")]


@pytest.mark.parametrize("after", [[], [k_leaf(AT_10, ["log more"])]])
def test_after_a_loss_there_is_a_state(after: list[bytes]) -> None:
    """Nothing else may stand between."""
    assert found([*SOUND, k_leaf(AT_10, LOSS), *after]) == [(11, "START")]


def test_rule_of_the_witness_is_said_to_be_unproved() -> None:
    """P4 needs the pairs behind the acts, not in the log: a false state root passes here, and is said to."""
    leaves = [BEGIN, ACT, s_leaf(H08, EMPTY_ST)]
    assert replay(leaves).ok
    assert [en[:3] for _, en in replay(leaves).unproved].count("P4:") == 1
    assert "P4" not in [rule for rule, _, _ in RULES]


@pytest.mark.parametrize(
    ("leaves", "where"),
    [
        ([], 0),
        ([k_leaf(H08, ["old"])], 0),
        ([CLOSE], 0),
        ([c_leaf(H08, [ONE] * 12), BEGIN], 0),
        ([k_leaf(H08, ["old"]), s_leaf(H08, b64u(ONE))], 0),
    ],
)
def test_log_that_does_not_begin_as_it_must_fails_start(leaves: list[bytes], where: int) -> None:
    """Entry 0 is an S with the root of the empty map; an empty log proves nothing."""
    assert found(leaves) == [(where, "START")]


@pytest.mark.parametrize(
    ("fault", "leaves", "failures"),
    [
        ("an H makes a version", [BEGIN, ACT, CLOSE, with_rv(MOVE, ONE)], [(3, "P1")]),
        ("a C makes two versions", [BEGIN, with_rv(LEAVES["C"], ONE, TWO)], [(1, "P1")]),
        ("an H carries another state", [BEGIN, h_leaf(H08, b64u(TWO), [ONE] * 12)], [(1, "P2")]),
        ("an H carries an older state", [BEGIN, ACT, CLOSE, h_leaf(H08, EMPTY_ST, [ONE] * 12)], [(3, "P2")]),
        ("an R lies before an H", [BEGIN, ACT, h_leaf(H08, EMPTY_ST, [ONE] * 12), CLOSE], [(2, "P2")]),
        ("the state moves with no act", [BEGIN, CLOSE], [(1, "P3")]),
        ("the state moves over a household act", [*SOUND[:4], s_leaf(H09, b64u(ONE))], [(4, "P3")]),
        (
            "a cause that is on no list",
            [BEGIN, r_leaf(H08, "settled-in-banner", [ONE], [], []), CLOSE],
            [(1, "P5")],
        ),
        ("time goes back", [BEGIN, s_leaf(H09, EMPTY_ST), s_leaf(H08, EMPTY_ST)], [(2, "P5")]),
        ("an exit without a will", [BEGIN, r_leaf(H08, "exited", [ONE], [], []), CLOSE], [(1, "P6")]),
        ("no JSON", [BEGIN, b"{}", BEGIN], [(1, "FORM")]),
    ],
)
def test_planted_fault_is_found_where_it_lies(fault: str, leaves: list[bytes], failures: list[tuple[int, str]]) -> None:
    """One fault a rule, and no other rule complains; the sentences name the entry in both languages."""
    assert found(leaves) == failures, fault
    for failure in replay(leaves).failures:
        assert failure.zh.startswith(f"第 {failure.index} 条：")
        assert failure.en.startswith(f"entry {failure.index}: ")


def test_status_act_before_any_state_fails_both_start_and_state() -> None:
    """There is no S whose root it could carry."""
    assert found([h_leaf(H08, EMPTY_ST, [ONE] * 12)]) == [(0, "START"), (0, "P2")]


def test_act_that_no_state_closes_is_reported_as_open() -> None:
    """A log never ends inside an act: the report says from where it is open."""
    assert replay(SOUND[:2]).open_since == 1
    assert replay([*SOUND[:2], ACT]).open_since == 1
    assert replay(SOUND[:3]).open_since is None


def test_fault_found_does_not_hide_the_next() -> None:
    """The replay goes on: three faults, three findings."""
    leaves = [
        BEGIN,
        b"",
        r_leaf(H08, "moved-out", [ONE], [], []),
        CLOSE,
        with_rv(h_leaf(H08, b64u(ONE), [ONE] * 12), ONE),
    ]
    assert found(leaves) == [(1, "FORM"), (4, "P1"), (4, "P2"), (2, "P5")]


def test_kinds_given_replace_the_table() -> None:
    """Whoever has a newer list checks with that."""
    leaves = [BEGIN, r_leaf(H08, "given-by-comet", [ONE], [], []), CLOSE]
    assert [one.rule for one in replay(leaves, {"given-by-comet": True}).failures] == ["P6"]
    assert replay(leaves, {"given-by-comet": False}).ok


def kind_of_reading(leaf: bytes) -> bool:
    """Whether `replay` takes the leaf as an entry."""
    return "FORM" not in [failure.rule for failure in replay([leaf]).failures]


def parsed(leaf: bytes) -> bool:
    """Whether the registry's own parser takes it."""
    try:
        entry.parse_entry(leaf)
    except entry.EntryError:
        return False
    return True


@given(ENTRIES)
def test_every_entry_that_is_written_is_read(one: entry.Entry) -> None:
    """The stranger's reader takes what the registry writes."""
    assert kind_of_reading(written(one))


@given(st.binary(max_size=100))
@example(b"[" * 65_535)
@example(b"\xff")
@example(b'"cls":"K"' * 7_000)
def test_replay_of_any_bytes_reports_and_never_raises(leaf: bytes) -> None:
    """Hostile leaves are a finding, not a crash."""
    report = replay([leaf])
    assert not report.ok
    assert report.size == 1


@given(st.sampled_from(sorted(LEAVES)), st.data())
def test_two_readers_agree_on_every_damaged_leaf(cls: str, data: st.DataObject) -> None:
    """The parsers of registry and stranger were written apart: neither takes what the other refuses."""
    leaf = LEAVES[cls]
    at = data.draw(st.integers(0, len(leaf) - 1))
    leaf = (
        leaf[:at]
        + data.draw(st.binary(max_size=2) | st.sampled_from([b'"', b",", b"\\", b"\xcc\x81"]))
        + leaf[at + 1 :]
    )
    assert kind_of_reading(leaf) == parsed(leaf)


@pytest.mark.parametrize(
    "leaf",
    [
        changed("R", ev=[b64u(ONE)] * 3),
        changed("R", rv=[]),
        changed("R", rv=[b64u(TWO), b64u(ONE)]),
        changed("R", rv=[b64u(ONE), b64u(ONE)]),
        changed("R", rv=[b64u(number.to_bytes(32, "big")) for number in range(1001)]),
        changed("E", subjects=[]),
        changed("E", subjects=[b64u(TWO), b64u(ONE)]),
        changed("K", vkeys=[]),
        changed("K", vkeys=[""]),
        changed("K", vkeys=["a\nb"]),
        LEAVES["K"].replace("草".encode(), "e\u0301".encode()),
        changed("H", c=[b64u(ONE)] * 11),
        changed("C", c=[b64u(ONE)] * 13),
        changed("S", at="2026-02-30T08:00:00Z"),
        changed("S", at="2026-02-28T24:00:00Z"),
        changed("S", at="0000-02-28T08:00:00Z"),
        changed("S", v=True),
        changed("S", v=2),
        LEAVES["S"] + b"\n",
        LEAVES["K"][:-2] + b',"' + b"x" * 65_500 + b'"]}',
    ],
)
def test_two_readers_refuse_what_no_writer_writes(leaf: bytes) -> None:
    """The list of what each field must be stands in both readers."""
    assert not parsed(leaf)
    assert not kind_of_reading(leaf)


def test_longest_entry_is_read_by_both() -> None:
    """65,535 bytes."""
    leaf = LEAVES["K"][:-2]
    leaf += b',"' + b"x" * (65_535 - len(leaf) - 5) + b'"]}'
    assert len(leaf) == 65_535
    assert parsed(leaf)
    assert kind_of_reading(leaf)


def test_constants_of_the_two_readers_are_equal() -> None:
    """replay.py repeats what it needs, since it imports nothing of the registry."""
    assert strangers.COMMITMENTS == entry.H_COMMITMENTS == entry.C_COMMITMENTS
    assert (strangers.MAX_ENTRY_BYTES, strangers.MAX_DIGESTS, strangers.EVIDENCE_STEP) == (
        entry.MAX_ENTRY_BYTES,
        entry.MAX_DIGESTS,
        entry.EVIDENCE_STEP,
    )


@pytest.mark.skipif(not CAUSES.exists(), reason="registry/law/causes.toml is not written yet")
def test_kinds_are_those_of_the_list_of_causes() -> None:
    """The strangers' table equals registry/law/causes.toml: the same kinds, the same need of consent."""
    rows = tomllib.loads(CAUSES.read_text(encoding="utf-8"))["cause"]
    listed: dict[str, set[bool]] = {}
    for row in rows:
        listed.setdefault(row["kind"], set()).add(row["needs_consent"])
    assert listed == {kind: {needs_consent} for kind, needs_consent in CLASS_R_KINDS.items()}


def test_kinds_that_need_consent_are_the_twenty_of_the_page() -> None:
    """The sentence of the list of causes on needs_consent, word for word."""
    sentence = """parcel-split, parcel-merged, boundary-adjusted, contract-divided, contracts-merged,
    representative-changed, exchanged, assigned, exited, inherited, leased, subleased, contributed, mortgaged,
    mortgage-discharged, pledged, pledge-discharged, share-transferred, building-recorded,
    membership-exited"""
    words = set(sentence.replace("\n", " ").replace(" ", "").split(","))
    assert {kind for kind, needs_consent in CLASS_R_KINDS.items() if needs_consent} == words


def test_verifier_copied_alone_runs_without_the_registry(tmp_path: Path) -> None:
    """A stranger copies one file: it runs isolated from site packages and from this repository."""
    (tmp_path / "replay.py").write_bytes(Path(strangers.__file__).read_bytes())
    script = "import sys; sys.path.insert(0, '.'); import replay; print(replay.replay([bytes.fromhex(sys.argv[1])]).ok)"
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, BEGIN.hex()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "True\n"
