"""How does a delivery come into the register: `import_delivery` is what `sanquan import` does.

Villages without a refusing fault go in together: one transaction, closed by one S entry. Cut off at any moment, that
transaction is there as a whole or not at all; the hukou roster follows under the status session and goes on where it
was cut off. The same delivery again, its rows in another order or re-encoded, adds no version and no entry.
"""

from __future__ import annotations

import gc
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from registry import china
from registry.delivery.apart import looked_through
from registry.delivery.archive import unpacked
from registry.delivery.check import villages_of
from registry.delivery.decisions import by_mark
from registry.delivery.deeds import Deeds, deeds_of
from registry.delivery.difference import Difference, difference_of
from registry.delivery.exceptions import Excepted, accept_exceptions, keep_exceptions
from registry.delivery.faults import Faults
from registry.delivery.fingerprint import fingerprints
from registry.delivery.hukou import record_roster
from registry.delivery.inspection import Inspection
from registry.delivery.keeping import COUNTY, batches_of
from registry.delivery.people import Collectives, People
from registry.delivery.read import Delivery
from registry.delivery.registered import Judge
from registry.delivery.registered_rosters import compare_rosters
from registry.delivery.report import ImportReport, report_of
from registry.delivery.withdrawn import REGISTERED, mark_of, withdrawn_of
from registry.delivery.write import Ids, Writer
from registry.errors import SanquanError
from registry.ledger.beside import row_digest
from registry.ledger.commit import Committed, Officer, desk
from registry.ledger.tables import SOURCE
from registry.records import DELIVERED_BATCH, keep
from registry.store.ahead import can_fork, made_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Desk, Step
    from registry.store.engines import Store


# A process more costs 50 ms, an act half a millisecond.
_WORTH_A_PROCESS = 1_000
_ROWS_WORTH_A_PROCESS = 10_000
_MOST_NAMED = 20
_COUNTED = ("parcels", "contracts", "homesteads", "households", "holdings", "people", "kept")


class VillageNotDeliveredError(SanquanError):
    """Raised when a village is to be registered that the delivery does not have. It is not repeated."""

    def __init__(self, villages: Sequence[str]) -> None:
        """Which there are."""
        named = ", ".join(villages[:_MOST_NAMED]) + (" …" if len(villages) > _MOST_NAMED else "")
        super().__init__(
            f"这份成果里没有要登记的那个村, 什么都没有写。有的村: {named}",
            f"the delivery does not have the village that was to be registered, and nothing was written. It has: {named}",
        )


@dataclass(slots=True)
class _Import:
    """One import under way: what was read, what was found, how long each step took."""

    store: Store
    delivery: Delivery
    faults: Faults
    tell: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)
    difference: Difference | None = None
    excepted: list[Excepted] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step and say that it began."""
        self.tell(name)
        began = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


def import_delivery(
    store: Store,
    folder: Path,
    officer: Officer,
    *,
    check_only: bool = False,
    only: frozenset[str] = frozenset(),
    progress: Callable[[str], None] | None = None,
) -> ImportReport:
    """Check a delivery and register the villages that pass; `check_only` writes nothing.

    `only`: of all villages these alone are registered, the others that pass wait; none named: all. VillageNotDeliveredError.
    `progress` is called with the name of each step that begins. Nothing that a delivery can hold raises: what is wrong
    stands in the report. Refusals of the store itself (lock, disk) pass through, with nothing half-written.
    """
    return taken_in(store, folder, officer, check_only=check_only, only=only, progress=progress).report


def taken_in(
    store: Store,
    folder: Path,
    officer: Officer,
    *,
    check_only: bool,
    only: frozenset[str] = frozenset(),
    progress: Callable[[str], None] | None = None,
) -> Inspection:
    """`import_delivery` for whoever shows the faults on a map: the report with what was read."""
    faults = Faults()
    overlaps = None
    run = _Import(store, Delivery(folder, ""), faults, progress or (lambda _step: None))
    with ExitStack() as scratch:  # the papers of exceptions lie in what was unpacked, too
        with run.step("unpack"):
            root = scratch.enter_context(unpacked(folder, faults))
        if not faults.refusing():
            run.delivery, overlaps = looked_through(root, faults, store.clock(), run.step)
        if run.delivery.frames and not faults.refusing():
            with store.reading() as connection:
                run.excepted = accept_exceptions(run.delivery, faults, by_mark(store, connection))
    villages = villages_of(run.delivery) if run.delivery.frames else []
    if villages and not only <= set(villages):
        raise VillageNotDeliveredError(villages)
    waiting = set(villages) - only if only else set()
    going_in = set() if faults.refusing() else set(villages) - faults.returned()
    unchanged: set[str] = set()
    committed, counts = None, dict.fromkeys(_COUNTED, 0)
    if not check_only:
        keep_exceptions(store, run.excepted)  # of a village that comes back, too: the bureau decides, then it is brought again
    if going_in:
        if check_only:
            with store.reading() as connection:
                unchanged = _judge(run, connection, going_in)[1]
        else:
            with _without_collections():
                committed, unchanged, counts = _register(run, officer, going_in, waiting)
            with run.step("hukou"):
                counts["events"] = record_roster(store, run.delivery, faults.returned() | waiting, officer, progress)
    with run.step("report"):
        looked_at = set(villages) if check_only else waiting
        report = report_of(run.delivery, faults, villages, unchanged, looked_at, check_only=check_only)
    report.seconds = run.seconds
    report.committed, report.counts, report.difference = committed, counts, run.difference
    report.exceptions = run.excepted
    return Inspection(report, run.delivery, overlaps)


@contextmanager
def _without_collections() -> Iterator[None]:
    """A delivery makes millions of objects that all live until COMMIT: looking for dead ones among them is in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _judge(run: _Import, connection: Connection, going_in: set[str]) -> tuple[Deeds, set[str], dict[str, Ids], dict[str, bytes]]:
    """Which villages are unchanged, and what is registered of the others; contradictions go into the faults."""
    made, found = _deeds_and_fingerprints(run, going_in)
    left = {village: mark_of(connection, mark) for village, mark in found.items()}
    marks = {village: mark for village, (mark, _) in left.items()}
    unchanged = {village for village, (_, stands) in left.items() if stands}
    deeds = deeds_of(run.delivery, going_in - unchanged, run.faults.found) if made is None or unchanged else made
    people = People(run.store, connection, deeds.people)
    collectives = Collectives(run.store, connection)
    withdrawn = withdrawn_of(run.store, connection)
    judge = Judge(run.store, connection, run.delivery, people, collectives, run.faults, withdrawn)
    ids = {}
    for code, village in deeds.villages.items():
        ids[code] = judge.known(village)
        if ids[code].rights or ids[code].parcels or ids[code].holders:
            compare_rosters(judge, village, ids[code])
    run.difference = difference_of(judge, deeds, ids, unchanged)
    return deeds, unchanged, ids, marks


def _deeds_and_fingerprints(run: _Import, going_in: set[str]) -> tuple[Deeds | None, dict[str, bytes]]:
    """The fingerprints; of a large delivery, where they are made beside, the deeds as of villages that are all new, too."""
    make = partial(fingerprints, run.delivery, going_in)
    if len(run.delivery.frames["DK"]) < _ROWS_WORTH_A_PROCESS or not can_fork():
        return None, make()
    with made_aside(make) as found:
        return deeds_of(run.delivery, going_in, run.faults.found), found()


def _register(
    run: _Import, officer: Officer, going_in: set[str], waiting: set[str]
) -> tuple[Committed | None, set[str], dict[str, int]]:
    """One transaction for all villages that go in. A crash before its COMMIT leaves nothing, after it everything.

    Those that wait are compared with the register like the others, and not written.
    """
    store = run.store
    with desk(store, officer) as at:
        with run.step("compare"):
            deeds, unchanged, ids, marks = _judge(run, at.connection, going_in)
            refused = run.faults.returned()
            if waiting:
                deeds = deeds_of(run.delivery, going_in - unchanged - refused - waiting, run.faults.found)
        today = china.today(store)
        people = People(store, at.connection, deeds.people)
        collectives = Collectives(store, at.connection)
        counts = dict.fromkeys(_COUNTED, 0)
        steps: list[Step] = []
        for code, village in deeds.villages.items():
            if code in refused:
                continue
            of_village = Writer(at, village, people, collectives, ids[code], run.delivery.content_hash, today).steps()
            if of_village:
                steps += [*of_village[:-1], partial(_last, of_village[-1], at, marks[code], code, today)]
            else:
                unchanged.add(code)
            counts["parcels"] += len(village.parcels)
            counts["contracts"] += len(village.contracts)
            counts["homesteads"] += len(village.homesteads)
            # A household that stands in both books has two holdings and is one household.
            counts["households"] += len({household.root for household in village.households.values()})
            counts["holdings"] += len(village.households)
        counts["people"] = len(deeds.people)
        # A burden looks up the right that it lies on, a will who gives it: only what is all new asks the database nothing.
        all_new = people.all_new and not any(one.rights or one.parcels or one.holders for one in ids.values())
        with run.step("keep"):
            changed = (set(deeds.villages) - refused) | {COUNTY}
            batches = batches_of(run.delivery, changed)
            kept = keep(at.connection, store.vault, at.randomness, batches, run.delivery.content_hash)
        counts["kept"] = sum(row["records"] for row in kept)
        if steps and kept:
            steps[-1] = partial(_committing, steps[-1], at, [row_digest(DELIVERED_BATCH, row) for row in kept])
        run.tell("write")
        ahead = all_new and len(steps) >= _WORTH_A_PROCESS and can_fork()
        committed = at.commit_steps(steps, ahead=ahead) if steps else None
        if committed is None:
            at.connection.commit()  # records alone; where there are none either, nothing
        run.seconds |= committed.seconds if committed else {}
    return committed, unchanged, counts


def _committing(step: Step, at: Desk, digests: list[str]) -> None:
    """The last act of a delivery commits to the batches that were kept with it."""
    step()
    at.acts[-1].rows += digests


def _last(step: Step, at: Desk, mark: bytes, village: str, today: str) -> None:
    """The last act of a village brings its fingerprint."""
    step()
    _remember(at, mark, village, today)


def _remember(at: Desk, mark: bytes, village: str, today: str) -> None:
    """Keep the village's fingerprint, so that the same content is known again at once."""
    sealed = at.store.vault.seal(village.encode(), b"source-about/" + mark, at.randomness.nonce())
    at.row(
        SOURCE, {"content_hash": mark, "kind": REGISTERED, "dated": today, "size_bytes": 0, "about": sealed}
    )
