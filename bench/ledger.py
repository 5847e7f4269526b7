"""How fast does the log take entries, alone and in groups, and how long do a proof, its check and a new state root take?

One durable commit per entry stands beside pymerkle's SQLite tree, as durable as ours (synchronous=FULL), in turns: with
the journal that it comes with, and with ours, under no limit. The rest has no peer: groups of acts are whole acts
(version, commitments, openings); entries and things, ten a parcel and so a million, are in memory.
"""

from __future__ import annotations

import subprocess
import sys
import time
import venv
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.registers import fresh_registry
from migrations.upgrade import open_registry
from registry.duties import acts as duties
from registry.ledger import state_map
from registry.ledger.commit import Officer, desk
from registry.ledger.merkle import Tree, leaf_hash
from registry.ledger.publishing.appending import append_keys
from registry.ledger.verify.proofs import included
from registry.store.sqlite import JOURNAL
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.engines import Store

ALONE, GROUP, A_PARCEL, CHANGED, PROOFS = 300, 1_000, 10, 1_000, 1_000
PEER = "pymerkle==7.0.0"
_ENTRY_BYTES = 120


@dataclass(slots=True)
class Logged:
    """What was measured. Seconds of each run of `ALONE` commits, ours and the peer's; entries a second of each group of
    `GROUP` acts; medians in seconds of a proof, of its check, of a state root after `CHANGED` of `large` things changed.
    `peer_moved_s`: the peer with our journal.
    """

    large: int
    ours_s: list[float] = field(default_factory=list)
    peer_s: list[float] = field(default_factory=list)
    peer_moved_s: list[float] = field(default_factory=list)
    group_per_s: list[float] = field(default_factory=list)
    proof_s: float = 0.0
    check_s: float = 0.0
    state_s: float = 0.0

    @property
    def ratio(self) -> float:
        """Our median over the peer's."""
        return median(self.ours_s) / median(self.peer_s)

    @property
    def moved_ratio(self) -> float:
        """The same, beside the peer with our journal."""
        return median(self.ours_s) / median(self.peer_moved_s)

    @property
    def ratios(self) -> dict[str, float]:
        """What follows from the seconds, by name."""
        return {"ratio": self.ratio, "moved_ratio": self.moved_ratio, "per_s": self.per_s}

    @property
    def per_s(self) -> float:
        """The median of the groups."""
        return median(self.group_per_s)


def measure(parcels: int, runs: int, below: Path, tell: Callable[[str], None]) -> Logged:
    """On the embedded file. Makes the peer's environment; it goes with the folder."""
    tell(f"ledger: an environment for {PEER}")
    venv.create(below / "peer", with_pip=True)
    python = below / "peer" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", PEER], check=True)
    found = Logged(A_PARCEL * parcels)
    with fresh_registry("file", below) as settings:
        store = open_registry(settings.folder)
        try:
            holder = made_up.register_village(store).holding
            for run in range(runs):
                tell(f"ledger: run {run + 1} of {runs}")
                found.peer_s.append(_peer(python, below / f"peer-{run}"))
                found.peer_moved_s.append(_peer(python, below / f"peer-moved-{run}", JOURNAL))
                found.ours_s.append(_alone(store))
                found.group_per_s.append(_group(store, holder))
        finally:
            store.close()
    tell(f"ledger: {found.large:,} entries and things")
    found.proof_s, found.check_s = _proofs(found.large)
    found.state_s = _state(found.large)
    return found


def _peer(python: Path, folder: Path, *journal: str) -> float:
    folder.mkdir()
    peer = str(Path(__file__).with_name("ledger_peer.py"))
    command = [str(python), peer, str(folder), str(ALONE), str(_ENTRY_BYTES), *journal]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _alone(store: Store) -> float:
    line = "#" * (_ENTRY_BYTES - 60)
    began = time.perf_counter()
    for _ in range(ALONE):
        append_keys(store, [line])
    return time.perf_counter() - began


def _group(store: Store, holder: str) -> float:
    """Entries a second of one group: each act sets a duty, with its commitments and sealed fields."""
    officer = Officer("bench", "bench")
    began = time.perf_counter()
    with desk(store, officer) as at:
        for number in range(GROUP):
            with at.case(officer):
                act = at.act("duty-set", "2020-01-01")
                duties.begin(act, duty_kind="due", subject_id=holder, quantity=str(number), unit="次", document="义")
        done = at.commit()
    return (done.size - done.first) / (time.perf_counter() - began)


def _proofs(large: int) -> tuple[float, float]:
    hashes = [leaf_hash(number.to_bytes(8, "big")) for number in range(large)]
    tree = Tree(hashes)
    root = tree.root()
    made, checked = [], []
    for index in range(0, large, large // PROOFS):
        began = time.perf_counter()
        path = tree.inclusion(index)
        between = time.perf_counter()
        included(index, large, hashes[index], path, root)
        made.append(between - began)
        checked.append(time.perf_counter() - between)
    return median(made), median(checked)


def _state(large: int) -> float:
    """A new root when the newest versions of some things are others, from all pairs of the buckets that these are in."""
    pairs = {sha256(number.to_bytes(8, "big")).digest(): sha256(bytes(8)).digest() for number in range(large)}
    buckets: dict[int, dict[bytes, bytes]] = {}
    for key, digest in pairs.items():
        buckets.setdefault(state_map.bucket(key), {})[key] = digest
    roots, _ = state_map.full_root(pairs.items())
    changed = list(pairs)[:CHANGED]
    seconds = []
    for run in range(3):
        digest = sha256(bytes([run])).digest()
        began = time.perf_counter()
        touched = set()
        for key in changed:
            buckets[state_map.bucket(key)][key] = digest
            touched.add(state_map.bucket(key))
        state_map.updated(roots, {number: sorted(buckets[number].items()) for number in touched})
        seconds.append(time.perf_counter() - began)
    return median(seconds)
