"""Station 7 of the story: nobody has to trust the register. Its log is signed, a witness cosigns, a paper is verified offline.

The witness is a program and a process of its own with its own key and store, and gets its request as files, as on a stick. Here
both run on one machine for one user; so the log's key is put away while the witness signs, for it refuses where it could read it.
Its folder stays beside the register as long as the demonstration runs: a card of the story shows it an older head (`roll_back`).
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import registry
from registry import witnessing
from registry.errors import SanquanError
from registry.ledger import publishing
from registry.ledger.publishing.head import CHECKPOINT_FILE, parse_head
from registry.ledger.verify.certificate import verify
from registry.ledger.verify.note import parse_policy
from registry.ledger.verify.steps import CertificateError
from registry.proofs.attached import certificate_in
from registry.proofs.handing import Order, hand_out
from registry.proofs.making import Chosen
from registry.witness.command import REFUSED
from registry.witness.stick import ANSWER_FOLDER, ENTRIES_FILE, REQUEST_FILE
from registry.witnessing.request import body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.ledger.commit import Officer
    from registry.ledger.verify.certificate import Verdict
    from registry.store.engines import Store

ORIGIN = "sanquan.example/wushen"
WITNESS = "jiancha.example/wushen"
_ONE_AT_A_TIME = threading.Lock()


class WitnessFailedError(SanquanError):
    """Raised when the witness's process ends badly."""

    def __init__(self, said: str) -> None:
        """What it said itself."""
        super().__init__(f"监督程序没有签: {said}", f"the witness did not sign: {said}")


@dataclass(frozen=True, slots=True)
class Proved:
    """What a stranger found: the verdict, who cosigned, which figure was changed to what, and the step that refused the copy."""

    word: str
    size: int
    cosigned: tuple[str, ...]
    figure: str
    changed: str
    refused: str

    @property
    def ended_well(self) -> bool:
        """Unchanged, cosigned by the witness, and the changed copy was refused."""
        return self.word == "unchanged" and self.cosigned == (WITNESS,) and bool(self.refused)


def prove(store: Store, household: str, officer: Officer) -> Proved:
    """Sign, publish, have it cosigned, make the household's certificate, verify it, and a copy with one digit changed."""
    publishing.create(store, ORIGIN)
    witness = _Witness(_place(store))
    vkey = witness.init(store)
    witnessing.trust(store, vkey, "jiancha", quorum=True)
    _cosigned(store, witness)
    handed = hand_out(store, Order("household", household, Chosen(), officer, "演示", form="pdf", reader="paper"))
    with store.reading() as connection:
        policy = parse_policy(publishing.policy_text(connection))
    # From here on as a stranger does it: the paper and the public keys, nothing of the register.
    raw = certificate_in(handed.content)
    verdict = verify(raw, policy)
    figure = _area_of_grass(verdict)
    changed = f"{figure[0]}{(int(figure[1]) + 5) % 10}{figure[2:]}"
    refused = ""
    try:
        verify(raw.replace(figure.encode(), changed.encode()), policy)
    except CertificateError as failed:
        refused = failed.step.name
    signed = verdict.signed
    names = tuple(each.key.name for each in signed.cosigned)
    return Proved(verdict.word, signed.checkpoint.size, names, figure, changed, refused)


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What the witness did: how far it signed the present log, which older size it was shown then, its refusal, what it kept."""

    signed: int
    older: int
    refusal: str
    evidence: str


def published(store: Store) -> bytes:
    """The published head as it stands now, to be kept as an older copy of the log has it; b"" where nothing was published."""
    file = store.settings.published / CHECKPOINT_FILE
    return file.read_bytes() if file.exists() else b""


def roll_back(store: Store, older: bytes) -> RolledBack:
    """Have the present head cosigned, then hand over the older one as a register that went back to a copy of then would."""
    with _ONE_AT_A_TIME:
        witness = _Witness(_place(store))
        signed = _cosigned(store, witness)
        head = parse_head(older)
        size = head.checkpoint.size
        with tempfile.TemporaryDirectory(prefix="sanquan-stick-") as place:
            stick = Path(place)
            # Of a register that was cosigned then, and has no entry since: nothing lies beside its request.
            (stick / REQUEST_FILE).write_bytes(body(store, head, size))
            (stick / ENTRIES_FILE).write_bytes(b"")
            witness.refuse(store, stick)
            refusal = (stick / ANSWER_FOLDER / "refusal.txt").read_text(encoding="utf-8")
        return RolledBack(signed, size, refusal, witness.evidence(store))


def _cosigned(store: Store, witness: _Witness) -> int:
    """Publish, and have the published head cosigned by stick; its size."""
    publishing.publish(store)
    with tempfile.TemporaryDirectory(prefix="sanquan-stick-") as place:
        stick = Path(place)
        _, size = witnessing.write_out(store, stick)
        witness.cosign(store, stick)
        witnessing.bring_back(store, stick)
    return size


def _place(store: Store) -> Path:
    """The bureau's folder of the demonstration, outside of the register's own and gone with it."""
    return store.settings.folder.with_name(f"{store.settings.folder.name}-jiancha")


def _area_of_grass(verdict: Verdict) -> str:
    facts = (thing.latest["facts"] for thing in verdict.things if thing.thing == "parcel")
    return next(str(each["surveyed_area_mu"]) for each in facts if each["land_use"] == "grass")


class _Witness:
    """The bureau's program in a process of its own."""

    def __init__(self, place: Path) -> None:
        self._folder, self._passphrase = place / "witness", place / "passphrase"
        if not self._passphrase.exists():
            place.mkdir()
            self._passphrase.write_text(secrets.token_urlsafe(24), encoding="utf-8")

    def init(self, store: Store) -> str:
        """Make its key; the public half, which it prints on its line `witness NAME VKEY`."""
        with store.reading() as connection:
            log = publishing.policy_text(connection).split()[1]
        signing = store.settings.signing
        with _put_away(signing):
            said = self._run("init", "--name", WITNESS, "--log", log, "--log-private-key", str(signing))
        return next(line.split()[2] for line in said.splitlines() if line.startswith("witness "))

    def cosign(self, store: Store, stick: Path) -> None:
        """Check what lies on the stick, and cosign it."""
        with _put_away(store.settings.signing):
            self._run("cosign", str(stick))

    def refuse(self, store: Store, stick: Path) -> None:
        """The same for what it must not sign."""
        with _put_away(store.settings.signing):
            self._run("cosign", str(stick), ends=REFUSED)

    def evidence(self, store: Store) -> str:
        """What it refused and kept, as it prints it."""
        with _put_away(store.settings.signing):
            return self._run("evidence", ends=REFUSED)

    def _run(self, command: str, *words: str, ends: int = 0) -> str:
        home = str(Path(registry.__file__).parents[1])
        done = subprocess.run(  # noqa: S603  (our own program with our own words)
            [sys.executable, "-m", "registry.witness", command, str(self._folder), *words],
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=os.environ
            | {
                "PYTHONPATH": home,
                "PYTHONIOENCODING": "utf-8",
                "SANQUAN_WITNESS_PASSPHRASE_FILE": str(self._passphrase),
            },
        )
        if done.returncode != ends:
            raise WitnessFailedError(done.stderr or done.stdout)
        return done.stdout


@contextmanager
def _put_away(folder: Path) -> Iterator[None]:
    """The log's keys are out of the witness's reach meanwhile, as on the other machine."""
    away = folder.with_name(f"{folder.name}.away")
    folder.rename(away)
    try:
        yield
    finally:
        away.rename(folder)
