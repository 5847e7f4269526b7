"""A log of nobody's land, made in memory: lawful unless a test plants something, forked from any size, signed by its own key.

State roots come from `registry.ledger.state_map`, the register's code, so that the witness's copy is held to another hand.
"""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry.ledger import merkle, state_map
from registry.ledger.entry import b64u, c_leaf, h_leaf, k_leaf, r_leaf, s_leaf
from registry.ledger.signing import Signer, log_signer, note, witness_signer
from registry.ledger.verify.note import Checkpoint
from registry.witness.material import Handed, pairs_line
from registry.witness.protocol import Witness, request
from registry.witness.settings import Settings, Watched
from registry.witness.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ORIGIN = "log.example/sanquan"
AT = "2026-01-15T08:00:00Z"
LOG = log_signer(ORIGIN, bytes(range(32)))
WITNESS = witness_signer("witness.example/jiancha", bytes(range(32, 64)))
STRANGER = log_signer(ORIGIN, bytes(range(64, 96)))
COMMITMENTS = [bytes([7]) * 32] * 12
TIME = 1_700_000_000


@dataclass
class Log:
    """Leaves, the pairs behind them, the state map; `salt` makes the versions of a fork differ."""

    salt: str = ""
    leaves: list[bytes] = field(default_factory=list)
    pairs: dict[int, list[tuple[bytes, bytes]]] = field(default_factory=dict)
    heads: dict[bytes, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many entries."""
        return len(self.leaves)

    @property
    def st(self) -> str:
        """The state root over the newest versions, as an entry writes it."""
        return b64u(state_map.full_root(self.heads.items())[1])

    def begin(self) -> Log:
        """Entry 0."""
        return self.state()

    def act(self, *things: str, kind: str = "first-registration", ev: int = 0) -> Log:
        """One act that makes a version of each thing; a thing named twice gets two, in that order."""
        made = [(key_of(thing), self._digest(f"{thing} {place}")) for place, thing in enumerate(things)]
        self.pairs[self.size] = made
        self.heads |= dict(made)
        self.leaves.append(
            r_leaf(AT, kind, [digest for _, digest in made], [bytes([9]) * 32], [bytes([8]) * 32] * ev)
        )
        return self

    def state(self, st: str | None = None) -> Log:
        """The S that closes what came before, or one that says something else."""
        self.leaves.append(s_leaf(AT, self.st if st is None else st))
        return self

    def event(self, st: str | None = None) -> Log:
        """A household event."""
        self.leaves.append(h_leaf(AT, self.st if st is None else st, COMMITMENTS))
        return self

    def step(self) -> Log:
        """A step of a case."""
        self.leaves.append(c_leaf(AT, COMMITMENTS))
        return self

    def keys(self) -> Log:
        """A change of keys."""
        self.leaves.append(k_leaf(AT, [f"log {LOG.key}"]))
        return self

    def forked(self, size: int, salt: str) -> Log:
        """Another history from this size on."""
        other = Log(salt, self.leaves[:size], {k: v for k, v in self.pairs.items() if k < size})
        for made in other.pairs.values():
            other.heads |= dict(made)
        return other

    def copied(self) -> Log:
        """The same log, to be gone on with by itself."""
        return copy.deepcopy(self)

    def root(self, size: int) -> bytes:
        """The root over the first entries."""
        return merkle.root([merkle.leaf_hash(leaf) for leaf in self.leaves[:size]])

    def note(self, size: int | None = None, signer: Signer = LOG) -> bytes:
        """The signed head of a size, the present one if none is given."""
        size = self.size if size is None else size
        text = str(Checkpoint(ORIGIN, size, self.root(size)))
        return note(text, [signer.sign(text)])

    def proof(self, old: int, size: int | None = None) -> list[bytes]:
        """That the log of a size begins with an older one."""
        size = self.size if size is None else size
        tree = merkle.Tree(merkle.leaf_hash(leaf) for leaf in self.leaves[:size])
        return tree.consistency(old) if 0 < old < size else []

    def request(self, old: int, size: int | None = None) -> bytes:
        """What a witness is sent."""
        return request(old, self.proof(old, size), self.note(size))

    def handed(self, start: int = 0, size: int | None = None) -> list[Handed]:
        """What is handed over from an index up to a size."""
        size = self.size if size is None else size
        return [Handed(self.leaves[index], tuple(self.pairs.get(index, ()))) for index in range(start, size)]

    def material(self, start: int = 0) -> tuple[bytes, bytes]:
        """The same as the two files of a stick: entries and pairs."""
        entries = b"".join(leaf + b"\n" for leaf in self.leaves[start:])
        pairs = "".join(
            pairs_line(index, b64u(key), b64u(digest))
            for index in range(start, self.size)
            for key, digest in self.pairs.get(index, ())
        )
        return entries, pairs.encode()

    def _digest(self, what: str) -> bytes:
        return hashlib.sha256(f"{self.salt} {self.size} {what}".encode()).digest()


def key_of(thing: str) -> bytes:
    """The map key of a thing."""
    return state_map.map_key(bytes(range(32)), thing)


def sound() -> Log:
    """A family is registered, settles in town, later lets a pasture; nine entries."""
    log = Log().begin().act("parcel-1", "right-1").act("right-1", "right-2", "right-1").state()
    return log.event().event().act("right-2", kind="leased", ev=4).state().event()


def made(folder: Path, now: Callable[[], int] = lambda: TIME) -> Witness:
    """A witness with a store of its own that watches this log."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(folder, {ORIGIN: Watched(ORIGIN, (LOG.key,), folder / "log.key")})
    return Witness(settings, Store(settings.store_file), WITNESS, now)


def cosigned(witness: Witness, log: Log, old: int = 0) -> bytes:
    """Hand over and ask; the line of a witness that signs."""
    assert witness.deposit(ORIGIN, old, log.handed(old)).status == 200
    answer = witness.add_checkpoint(log.request(old))
    assert (answer.status, answer.body[:3]) == (200, "—".encode()), answer.body.decode()
    return answer.body
