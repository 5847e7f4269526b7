"""How is a head cosigned where no line joins the two offices? A folder on a stick: out, check, cosign, back.

The registry writes `add-checkpoint` (the request of the protocol), `entries` (public) and `pairs` (private: pseudonyms of things,
not encrypted, for the witness alone). Here the folder is checked and cosigned as over HTTP; the answer is written into `answer/`:
`checkpoint` (the note with our line), `cosignature`, `receipt.txt`, or `refusal.txt`. `pairs` is then removed from the stick.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from registry.ledger.signing import note
from registry.ledger.verify.note import Checkpoint, parse_note
from registry.ledger.verify.strict import VerifyError
from registry.witness import receipt
from registry.witness.material import handed
from registry.witness.protocol import MAX_REQUEST_BYTES, Answer, Witness, parse_request
from registry.witness.refusals import MaterialError

REQUEST_FILE: Final = "add-checkpoint"
ENTRIES_FILE: Final = "entries"
PAIRS_FILE: Final = "pairs"
ANSWER_FOLDER: Final = "answer"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a folder: the answer as over HTTP, whether it is a cosignature, and the receipt."""

    answer: Answer
    cosigned: bool
    receipt: str


def check(witness: Witness, folder: Path) -> Result:
    """What `cosign` would answer; nothing is signed, and nothing but the deposit is kept. MaterialError."""
    return _taken(witness, folder, keep=False)


def cosign(witness: Witness, folder: Path) -> Result:
    """Check and cosign, and write the answer into the folder. MaterialError where it is no request."""
    result = _taken(witness, folder, keep=True)
    answer = folder / ANSWER_FOLDER
    if answer.exists():
        shutil.rmtree(answer)
    answer.mkdir()
    if not result.cosigned:
        _write(answer / "refusal.txt", result.receipt.encode())
        return result
    checkpoint = _request(folder)[1]
    _write(answer / "checkpoint", witness.checkpoint(checkpoint.origin).body)
    _write(answer / "cosignature", result.answer.body)
    _write(answer / "receipt.txt", result.receipt.encode())
    # What links the entries of one right has done its work.
    (folder / PAIRS_FILE).unlink(missing_ok=True)
    return result


def _taken(witness: Witness, folder: Path, *, keep: bool) -> Result:
    raw, checkpoint = _request(folder)
    with witness.store.reading() as change:
        head = change.head(checkpoint.origin)
    since = 0 if head is None else head.size
    answer = _deposited(witness, folder, checkpoint, parse_request(raw).old)
    if answer is None:
        answer = witness.add_checkpoint(raw, keep=keep)
    cosigned = answer.status == 200  # noqa: PLR2004  (the protocol's own number)
    if cosigned:
        line = answer.body.decode()
        time = int.from_bytes(parse_note(note(str(checkpoint), [line])).lines[0].signature[:8], "big") if line else witness.now()
        text = receipt.cosigned(witness.signer.key, checkpoint, time, line, answer.judged, since)
    else:
        told = answer.body.decode()
        if answer.status == 409:  # noqa: PLR2004  (the protocol's own number)
            told = f"我们签到第 {since} 条, 请从那里重新导出: --since {since} / we cosigned size {since}: export from there"
        text = receipt.refused(witness.signer.key, checkpoint, witness.now(), told, kept=answer.kept)
    return Result(answer, cosigned, text)


def _deposited(witness: Witness, folder: Path, checkpoint: Checkpoint, old: int) -> Answer | None:
    """Hand over what the folder holds; None where that went well or the size itself will be answered."""
    pairs = folder / PAIRS_FILE
    with (folder / ENTRIES_FILE).open("rb") as entries:
        if pairs.exists():
            with pairs.open("rb") as private:
                answer = witness.deposit(checkpoint.origin, old, handed(old, entries, private))
        else:
            answer = witness.deposit(checkpoint.origin, old, handed(old, entries, ()))
    return answer if answer.status in {400, 404} else None


def _request(folder: Path) -> tuple[bytes, Checkpoint]:
    try:
        with (folder / REQUEST_FILE).open("rb") as opened:
            raw = opened.read(MAX_REQUEST_BYTES + 1)
        return raw, parse_request(raw).checkpoint
    except (OSError, VerifyError) as broken:
        raise MaterialError(
            f"{folder} 里没有可读的请求({REQUEST_FILE}): 请登记机构重新导出",
            f"{folder} holds no request that can be read ({REQUEST_FILE}): ask the registry to write it again",
        ) from broken


def _write(file: Path, raw: bytes) -> None:
    with file.open("wb") as opened:
        opened.write(raw)
        opened.flush()
        os.fsync(opened.fileno())
