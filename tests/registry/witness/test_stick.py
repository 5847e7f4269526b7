"""Does a folder on a stick get the same checks and the same answers as a line?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.ledger.verify.note import parse_note, verified
from registry.witness import receipt, stick
from registry.witness.refusals import MaterialError
from registry.witness.words import STATEMENT_ZH
from tests.registry.witness import made_up_log
from tests.registry.witness.made_up_log import ORIGIN, TIME, WITNESS, Log, cosigned, sound

if TYPE_CHECKING:
    from pathlib import Path

    from registry.witness.protocol import Witness


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """One that has signed nothing yet."""
    return made_up_log.made(tmp_path / "witness")


def written(folder: Path, log: Log, old: int = 0) -> Path:
    """A request folder as the registry writes it."""
    folder.mkdir()
    entries, pairs = log.material(old)
    (folder / "entries").write_bytes(entries)
    (folder / "pairs").write_bytes(pairs)
    (folder / "add-checkpoint").write_bytes(log.request(old))
    return folder


def test_folder_is_checked_then_cosigned(witness: Witness, tmp_path: Path) -> None:
    """Check signs nothing and leaves the stick as it was; cosign writes note, line and receipt, and takes the pairs away."""
    log = sound()
    folder = written(tmp_path / "request", log)
    found = stick.check(witness, folder)
    assert (found.cosigned, "没有签" in found.receipt, witness.checkpoint(ORIGIN).status) == (True, True, 404)
    assert not (folder / "answer").exists()
    done = stick.cosign(witness, folder)
    assert done.cosigned
    answer = folder / "answer"
    assert (answer / "checkpoint").read_bytes() == witness.checkpoint(ORIGIN).body
    assert (answer / "cosignature").read_bytes() == done.answer.body
    whole = parse_note((answer / "checkpoint").read_bytes())
    assert verified(whole, [WITNESS.key])[0].time == TIME
    text = (answer / "receipt.txt").read_text()
    assert STATEMENT_ZH in text
    assert "3 权利行为" in text
    assert done.answer.body.decode().strip() in text
    assert not (folder / "pairs").exists()


def test_folder_can_be_cosigned_again_without_pairs(witness: Witness, tmp_path: Path) -> None:
    """Lost on the way home: the next folder goes from the same size to itself, and says 0 entries were judged."""
    log = sound()
    cosigned(witness, log)
    folder = written(tmp_path / "request", log, log.size)
    (folder / "pairs").unlink()
    (folder / "answer").mkdir()
    (folder / "answer" / "old").write_text("")
    assert stick.cosign(witness, folder).cosigned
    assert sorted(file.name for file in (folder / "answer").iterdir()) == ["checkpoint", "cosignature", "receipt.txt"]


def test_refusal_says_why_and_leaves_the_stick(witness: Witness, tmp_path: Path) -> None:
    """An unlawful entry: refusal.txt names it, no note is written, the pairs stay for the next look."""
    bad = sound().act("right-1", kind="moved-to-town").state()
    folder = written(tmp_path / "request", bad)
    assert not stick.cosign(witness, folder).cosigned
    assert [file.name for file in (folder / "answer").iterdir()] == ["refusal.txt"]
    assert "P5 第 9 条" in (folder / "answer" / "refusal.txt").read_text()
    assert "证据已留存" in (folder / "answer" / "refusal.txt").read_text()
    assert (folder / "pairs").exists()
    with witness.store.reading() as change:
        assert "EVIDENCE 1: unlawful" in receipt.of_evidence(change.evidence()[0])


def test_folder_from_another_size_is_told_from_where(witness: Witness, tmp_path: Path) -> None:
    """The registry guessed our size wrongly: the answer is the option that it needs."""
    log = sound()
    cosigned(witness, log)
    log.event()
    found = stick.cosign(witness, written(tmp_path / "request", log, 4))
    assert not found.cosigned
    assert "--since 9" in found.receipt
    assert "证据" not in found.receipt  # nothing was kept: it asks for another folder


def test_folder_that_is_none_is_refused(witness: Witness, tmp_path: Path) -> None:
    """No request, or one that can't be read; and pairs that are none."""
    with pytest.raises(MaterialError):
        stick.check(witness, tmp_path)
    folder = written(tmp_path / "request", sound())
    (folder / "pairs").write_bytes(b"0 x y\n")
    assert stick.check(witness, folder).answer.status == 400
    (folder / "add-checkpoint").write_bytes(b"x")
    with pytest.raises(MaterialError):
        stick.check(witness, folder)
