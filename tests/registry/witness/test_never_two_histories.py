"""Never two notes of one size with two roots, never a rollback: whatever is sent, in whatever order, at once, or cut off."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from registry.ledger.verify.note import parse_checkpoint, parse_note
from registry.witness.protocol import request
from tests.registry.witness import made_up_log
from tests.registry.witness.made_up_log import LOG, ORIGIN, WITNESS, Log, cosigned, sound

if TYPE_CHECKING:
    from registry.witness.protocol import Witness

ROOT = Path(__file__).parents[3]
_RACES = {"desk": 6, "ci": 60, "torture": 1_000}
_PROFILE = os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "desk")


def histories() -> list[Log]:
    """One log and two that leave it, at an act and at an event; each lawful by itself."""
    log = sound()
    return [
        log,
        log.forked(1, "a").act("right-1").state().event().event().event(),
        log.forked(5, "b").event().act("right-7").state().event(),
    ]


LOGS = histories()
# Where a head may stand: after an S or an H, or before everything.
SIZES = [[0, *(n for n in range(1, log.size + 1) if b'"st":' in log.leaves[n - 1])] for log in LOGS]


def signed_heads(witness: Witness) -> list[tuple[int, bytes]]:
    """Every head ever cosigned, in the order of sizes."""
    with sqlite3.connect(witness.settings.store_file) as connection:
        found = connection.execute("SELECT size, root FROM signed ORDER BY size").fetchall()
    connection.close()
    return found


@hypothesis_settings(max_examples=60 if _PROFILE != "torture" else 2_000)
@given(data=st.data())
def test_whatever_is_sent_one_history_is_signed(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Honest and forked heads, right and wrong sizes, deposits of either: every line given lies on one history that only grows."""
    witness = made_up_log.made(tmp_path_factory.mktemp("witness"))
    given_lines: list[tuple[int, bytes]] = []
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, 2))
        log = LOGS[place]
        size = data.draw(st.sampled_from(SIZES[place]))
        with witness.store.reading() as change:
            head = change.head(ORIGIN)
        ours = 0 if head is None else head.size
        old = data.draw(st.sampled_from([ours, 0, size]))
        handed = LOGS[data.draw(st.integers(0, 2))]
        witness.deposit(ORIGIN, ours, handed.handed(ours))
        proof = log.proof(old, size) if old <= size else []
        answer = witness.add_checkpoint(request(old, proof, log.note(size)))
        if answer.status == 200:
            given_lines.append((size, log.root(size)))
    sizes = [size for size, _ in given_lines]
    assert sizes == sorted(sizes)
    assert len(dict(given_lines)) == len(set(given_lines))
    assert signed_heads(witness) == sorted(set(given_lines))
    # All on one history: the largest log that was signed begins with each.
    assert any(all(size <= log.size and log.root(size) == root for size, root in given_lines) for log in LOGS)


def post_at(ready: threading.Barrier, witness: Witness, log: Log) -> int:
    """Hand over and ask as soon as everybody is ready; the status."""
    ready.wait()
    witness.deposit(ORIGIN, 4, log.handed(4))
    return witness.add_checkpoint(log.request(4)).status


def test_two_posts_at_once_sign_one_of_two_forks(tmp_path: Path) -> None:
    """Two connections, two forks of one size, the same instant: one line, the other refused; also by the schema alone."""
    forks = [LOGS[0].forked(4, salt).act("right-1").state() for salt in "lr"]
    for run in range(_RACES[_PROFILE]):
        witness = made_up_log.made(tmp_path / str(run))
        cosigned(witness, LOGS[0].forked(4, ""))
        ready = threading.Barrier(2)
        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(lambda log, at=ready, to=tmp_path / str(run): post_at(at, made_up_log.made(to), log), forks))
        heads = signed_heads(witness)
        assert [size for size, _ in heads] in ([4, 6], [4])
        assert answers.count(200) == len(heads) - 1
        assert set(answers) <= {200, 409, 422, 428}


def test_schema_itself_refuses_a_second_root_a_smaller_size_and_a_change(tmp_path: Path) -> None:
    """Whatever the code does: INSERT, UPDATE and DELETE on what was signed end in an error."""
    witness = made_up_log.made(tmp_path)
    cosigned(witness, LOGS[0])
    with sqlite3.connect(witness.settings.store_file) as connection:
        for statement in (
            f"INSERT INTO signed VALUES ('{ORIGIN}', 9, zeroblob(32), 0, '')",
            f"INSERT OR REPLACE INTO signed VALUES ('{ORIGIN}', 9, zeroblob(32), 0, '')",
            f"INSERT INTO signed VALUES ('{ORIGIN}', 8, zeroblob(32), 0, '')",
            "UPDATE signed SET root = zeroblob(32)",
            "DELETE FROM signed",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)
    connection.close()


CHILD = """
import os, sys
from pathlib import Path
from registry.witness import protocol, store
from tests.registry.witness import made_up_log
from tests.registry.witness.test_never_two_histories import LOGS
witness = made_up_log.made(Path(sys.argv[1]))
witness.deposit(made_up_log.ORIGIN, 4, LOGS[0].handed(4))
if sys.argv[2] == "before":
    kept = store.Change.sign
    def sign(self, *given):
        kept(self, *given)
        os._exit(137)
    store.Change.sign = sign
answer = witness.add_checkpoint(LOGS[0].request(4))
assert answer.status == 200, answer
os._exit(137)  # saved, and never answered
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_crash_round_the_save_leaves_one_history(tmp_path: Path, when: str) -> None:
    """Killed before COMMIT nothing is signed; killed after it, unanswered, the fork is refused and the same head answered again."""
    witness = made_up_log.made(tmp_path)
    cosigned(witness, LOGS[0].forked(4, ""))
    ended = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path), when], cwd=ROOT, check=False, capture_output=True)
    assert ended.returncode == 137, ended.stderr
    again = made_up_log.made(tmp_path)
    fork = LOGS[0].forked(4, "fork").act("right-1").state().event().event().event()
    if when == "before":
        assert [size for size, _ in signed_heads(again)] == [4]
        cosigned(again, fork, 4)
        return
    assert [size for size, _ in signed_heads(again)] == [4, 9]
    assert again.add_checkpoint(fork.request(4)).status == 409
    assert again.add_checkpoint(fork.request(9)).status == 422
    assert again.add_checkpoint(LOGS[0].request(9)).status == 200
    told = parse_checkpoint(parse_note(again.checkpoint(ORIGIN).body).text)
    assert (told.size, told.root) == (9, LOGS[0].root(9))
    assert {LOG.key.name, WITNESS.key.name} == {each.name for each in parse_note(again.checkpoint(ORIGIN).body).lines}
