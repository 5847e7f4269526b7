"""Does the witness answer as c2sp.org/tlog-witness says, and keep what it refuses? Hazards C25."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from registry.ledger.signing import log_signer, note
from registry.ledger.verify.note import Checkpoint, parse_note, verified
from registry.ledger.verify.proofs import EMPTY_ROOT
from registry.witness.protocol import MAX_HASHES, SIZE_TYPE, request
from tests.registry.witness import made_up_log
from tests.registry.witness.made_up_log import LOG, ORIGIN, STRANGER, WITNESS, Log, cosigned, sound

if TYPE_CHECKING:
    from pathlib import Path

    from registry.witness.protocol import Answer, Witness
    from registry.witness.store import Evidence


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """One that has signed nothing yet."""
    return made_up_log.made(tmp_path / "witness")


@pytest.fixture
def log() -> Log:
    """A sound log of nine entries."""
    return sound()


def told(answer: Answer) -> tuple[int, str, str]:
    """Status, body, type."""
    return answer.status, answer.body.decode(), answer.kind


def kept(witness: Witness) -> list[Evidence]:
    """The evidence."""
    with witness.store.reading() as change:
        return change.evidence()


def test_first_head_is_cosigned_and_the_line_holds_over_it(witness: Witness, log: Log) -> None:
    """200 and a cosignature/v1 line over exactly the checkpoint, at the clock's time; GET gives the note with both lines."""
    line = cosigned(witness, log)
    whole = parse_note(witness.checkpoint(ORIGIN).body)
    assert whole.text == str(Checkpoint(ORIGIN, log.size, log.root(log.size)))
    assert [(each.key, each.time) for each in verified(whole, [LOG.key, WITNESS.key])] == [
        (LOG.key, None),
        (WITNESS.key, made_up_log.TIME),
    ]
    assert witness.checkpoint(ORIGIN).body.endswith(line)


def test_log_that_grows_is_cosigned_again(witness: Witness, log: Log) -> None:
    """The second head goes on from the first: only the new entries are handed over and judged."""
    cosigned(witness, log)
    old = log.size
    log.act("right-1").state().event()
    cosigned(witness, log, old)
    assert kept(witness) == []


def test_same_head_is_cosigned_again_with_a_newer_time(tmp_path: Path, log: Log) -> None:
    """Who lost the answer asks again: same size, same root, no proof."""
    clock = iter(range(made_up_log.TIME, made_up_log.TIME + 9))
    witness = made_up_log.made(tmp_path, lambda: next(clock))
    first = cosigned(witness, log)
    again = witness.add_checkpoint(log.request(log.size))
    assert (again.status, again.body == first) == (200, False)
    assert witness.checkpoint(ORIGIN).body.endswith(again.body)


def test_empty_log_is_cosigned_then_grows(witness: Witness, log: Log) -> None:
    """Size 0 with the empty root is a head like another."""
    text = str(Checkpoint(ORIGIN, 0, EMPTY_ROOT))
    assert witness.add_checkpoint(request(0, [], note(text, [LOG.sign(text)]))).status == 200
    cosigned(witness, log)


@pytest.mark.parametrize("raw", [b"", b"old 0\n", b"old 01\n\n", b"old 0\nx\n\n", b"new 0\n\n", b"\xff\n\n", b"old 0\n\nno note"])
def test_what_is_no_request_is_400(witness: Witness, raw: bytes) -> None:
    """Malformed: size with a zero in front, a hash that is none, no note."""
    assert witness.add_checkpoint(raw).status == 400


def test_too_many_hashes_are_400(witness: Witness, log: Log) -> None:
    """At most 63, and at most so many bytes."""
    assert witness.add_checkpoint(request(0, [bytes(32)] * (MAX_HASHES + 1), log.note())).status == 400
    assert witness.add_checkpoint(b"old 0\n" + b"x" * 100_000).status == 400


def test_unknown_origin_is_404(witness: Witness) -> None:
    """A log that it was not told to watch."""
    signer = log_signer("another.example/log", bytes(range(32)))
    text = str(Checkpoint("another.example/log", 0, EMPTY_ROOT))
    assert witness.add_checkpoint(request(0, [], note(text, [signer.sign(text)]))).status == 404
    assert witness.deposit("another.example/log", 0, []).status == 404
    assert witness.checkpoint(ORIGIN).status == 404


def test_missing_or_bad_log_signature_is_403(witness: Witness, log: Log) -> None:
    """Signed by another key of the same name, or by the right one over something else: nothing is kept, anybody can send that."""
    witness.deposit(ORIGIN, 0, log.handed())
    assert witness.add_checkpoint(request(0, [], log.note(signer=STRANGER))).status == 403
    forged = log.note().replace(b"\n9\n", b"\n8\n")
    assert witness.add_checkpoint(request(0, [], forged)).status == 403
    assert kept(witness) == []


def test_old_larger_than_the_checkpoint_is_400(witness: Witness, log: Log) -> None:
    """A proof from a larger to a smaller log is nonsense."""
    assert witness.add_checkpoint(request(10, [], log.note())).status == 400


def test_old_that_is_not_our_size_is_409_with_our_size(witness: Witness, log: Log) -> None:
    """The body is the size and a newline, of the type text/x.tlog.size."""
    assert told(witness.add_checkpoint(log.request(1))) == (409, "0\n", SIZE_TYPE)
    cosigned(witness, log, 0)
    log.event()
    assert told(witness.add_checkpoint(log.request(4))) == (409, "9\n", SIZE_TYPE)


def test_proof_that_does_not_hold_is_422_and_kept_without_a_charge(witness: Witness, log: Log) -> None:
    """Anybody can send a true note with a false proof: it is kept as what it is."""
    cosigned(witness, log)
    old = log.size
    log.event()
    witness.deposit(ORIGIN, old, log.handed(old))
    assert witness.add_checkpoint(request(old, [bytes(32)], log.note())).status == 422
    assert [each.kind for each in kept(witness)] == ["no-proof"]
    assert witness.add_checkpoint(log.request(old)).status == 200


def test_proof_where_none_is_needed_is_422(witness: Witness, log: Log) -> None:
    """From size 0, and for the same size."""
    witness.deposit(ORIGIN, 0, log.handed())
    assert witness.add_checkpoint(request(0, [bytes(32)], log.note())).status == 422
    cosigned(witness, log)
    assert witness.add_checkpoint(request(log.size, [bytes(32)], log.note())).status == 422


def test_size_zero_with_another_root_is_422(witness: Witness) -> None:
    """The empty log has one root."""
    text = str(Checkpoint(ORIGIN, 0, bytes(32)))
    assert witness.add_checkpoint(request(0, [], note(text, [LOG.sign(text)]))).status == 422


def test_fork_at_the_same_size_is_422_and_kept_with_both_notes(witness: Witness, log: Log) -> None:
    """Two signed roots of one size prove that two histories were shown; the evidence holds both notes word for word."""
    cosigned(witness, log)
    fork = log.forked(4, "fork").act("right-7").state().event().act("right-8").state()
    assert fork.size == log.size
    assert witness.add_checkpoint(fork.request(fork.size)).status == 422
    (found,) = kept(witness)
    assert (found.kind, found.ours, found.theirs) == ("fork", witness.checkpoint(ORIGIN).body, fork.note())
    assert witness.add_checkpoint(log.request(log.size)).status == 200


@pytest.mark.parametrize(("old", "status"), [(0, 409), (4, 409), (9, 400)])
def test_fork_at_a_smaller_size_is_kept_whatever_the_answer(witness: Witness, log: Log, old: int, status: int) -> None:
    """The standard answers by sizes alone; the note still proves another history, against every entry that we keep."""
    cosigned(witness, log)
    fork = log.forked(4, "fork").act("right-7").state()
    assert witness.add_checkpoint(request(old, [], fork.note())).status == status
    assert [each.kind for each in kept(witness)] == ["fork"]


@pytest.mark.parametrize(("old", "status"), [(4, 409), (9, 400)])
def test_rollback_is_refused_and_kept(witness: Witness, log: Log, old: int, status: int) -> None:
    """A head that we have left behind: a restored backup, or a late message. Once each, and never signed."""
    cosigned(witness, log)
    for _ in range(2):
        assert witness.add_checkpoint(request(old, [], log.note(6))).status == status
    assert [(each.kind, each.theirs) for each in kept(witness)] == [("rollback", log.note(6))]


def test_head_without_its_entries_is_428(witness: Witness, log: Log) -> None:
    """Not of the standard: P1 to P6 can't be checked on a root alone."""
    answer = witness.add_checkpoint(log.request(0))
    assert (answer.status, "第 0 条" in answer.body.decode()) == (428, True)
    witness.deposit(ORIGIN, 0, log.handed(0, 5))
    assert "第 5 条" in witness.add_checkpoint(log.request(0)).body.decode()


def test_entries_of_another_log_are_422_and_dropped(witness: Witness, log: Log) -> None:
    """What was handed over does not give the signed root: handed over rightly, it is signed."""
    fork = log.forked(4, "fork").act("right-7").state().event().act("right-8").state()
    witness.deposit(ORIGIN, 0, fork.handed())
    assert witness.add_checkpoint(log.request(0)).status == 422
    assert [each.kind for each in kept(witness)] == ["other-entries"]
    cosigned(witness, log)


def test_unlawful_entry_is_422_named_and_kept_and_nothing_is_signed(witness: Witness, log: Log) -> None:
    """A household event that moves the state: refused with its rule and place; the head stays where it was."""
    cosigned(witness, log)
    before, old = witness.checkpoint(ORIGIN).body, log.size
    lawful = log.copied().event()
    bad = log.copied().event("BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU")
    witness.deposit(ORIGIN, old, bad.handed(old))
    answer = witness.add_checkpoint(bad.request(old))
    assert answer.status == 422
    assert answer.body.decode().startswith("P2 第 9 条")
    (found,) = kept(witness)
    assert (found.kind, found.theirs, "P2 entry 9" in found.en) == ("unlawful", bad.note(), True)
    assert witness.checkpoint(ORIGIN).body == before
    cosigned(witness, lawful, old)


def test_deposit_begins_where_entries_are_wanted(witness: Witness, log: Log) -> None:
    """In parts, without a gap, never over what was cosigned; the newest wins."""
    assert told(witness.deposit(ORIGIN, 0, log.handed(0, 4))) == (200, "4\n", SIZE_TYPE)
    assert told(witness.deposit(ORIGIN, 5, log.handed(5))) == (409, "4\n", SIZE_TYPE)
    assert told(witness.deposit(ORIGIN, 2, log.handed(2, 3))) == (200, "3\n", SIZE_TYPE)
    assert told(witness.deposit(ORIGIN, 3, log.handed(3))) == (200, "9\n", SIZE_TYPE)
    assert witness.add_checkpoint(log.request(0)).status == 200
    assert told(witness.deposit(ORIGIN, 4, log.handed(4))) == (409, "9\n", SIZE_TYPE)


def test_second_look_signs_nothing(witness: Witness, log: Log) -> None:
    """`keep=False` judges and leaves no head and no evidence."""
    witness.deposit(ORIGIN, 0, log.handed())
    answer = witness.add_checkpoint(log.request(0), keep=False)
    assert (answer.status, answer.body) == (200, b"")
    assert answer.judged is not None
    assert witness.checkpoint(ORIGIN).status == 404
    bad = sound().act("right-1", kind="moved-to-town").state()
    witness.deposit(ORIGIN, 0, bad.handed())
    assert witness.add_checkpoint(bad.request(0), keep=False).status == 422
    assert kept(witness) == []


def test_only_lines_of_the_log_s_own_keys_are_handed_on(witness: Witness, log: Log) -> None:
    """A line of anybody else under the head does not travel in our note."""
    text = str(Checkpoint(ORIGIN, log.size, log.root(log.size)))
    noisy = note(text, [STRANGER.sign(text), LOG.sign(text)])
    witness.deposit(ORIGIN, 0, log.handed())
    assert witness.add_checkpoint(request(0, [], noisy)).status == 200
    lines = parse_note(witness.checkpoint(ORIGIN).body).lines
    assert [each.key_id for each in lines] == [LOG.key.key_id, WITNESS.key.key_id]


def test_request_is_the_standard_s() -> None:
    """`old`, hashes in base64, an empty line, the note."""
    raw = request(3, [bytes(32)], b"note")
    assert raw == b"old 3\n" + base64.b64encode(bytes(32)) + b"\n\nnote"
