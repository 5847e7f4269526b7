"""The flat copy: the assembled rows of the whole register on one day, kept beside it so that an export only writes.

One file in the registry's folder: rows in Arrow's file format, read where they lie; the *stamp*, JSON, which says of what
they were made; its length; the SHA-256 of all before. It is a cache: whoever deletes it loses nothing, and one that is
damaged, half written, of another registry or of another program is as good as none. `fresh` makes it and keeps it up.
It has the columns that exports have, which name no person, and ids that never leave.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from dataclasses import asdict, dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from registry.exports import source
from registry.exports.columns import GEOMETRY, PARCEL_COLUMNS, RIGHT_COLUMNS, schema
from registry.exports.source import Batch
from registry.ledger.glance import glance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from registry.exports.source import Head
    from registry.parcels.box import Box
    from registry.store.settings import Settings

NAME = "exports.flat"
KEYS = pa.schema([("parcel_id", pa.string()), ("village_id", pa.string())])
PARCEL_SCHEMA, ROW_SCHEMA = schema(PARCEL_COLUMNS), schema((*PARCEL_COLUMNS, *RIGHT_COLUMNS))
SIDES = ("west", "south", "east", "north")
"""The box around each row's geometry, metres of the register's CRS."""
SCHEMA = pa.schema([*ROW_SCHEMA, *KEYS, ("is_first", pa.bool_()), *((side, pa.float64()) for side in SIDES)])
"""`is_first`: of the rows of its parcel."""

_FORM = 1
_LENGTH, _HEX = 16, 64
"""How many digits the length of the stamp and the digest have."""
_MAKERS = ("exports/*.py", "guarantee/explain.py", "guarantee/wording.toml", "ledger/in_force.py", "store/together.py")
_STYLES = "gis/cartography/style.py"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Of what a copy was made: of which program, on which day, at which state of the log.

    `hashes` is the SHA-256 over all leaf hashes: who has them knows the root without a tree. `organisations` are the
    rows [party, code, name] behind the names of villages. `parcels` counts them.
    """

    form: int
    program: str
    valid_at: str
    size: int
    root: str
    st: str
    recorded_at: str
    hashes: str
    organisations: list[list[str]]
    parcels: int


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was read: whole, and made by this program."""

    stamp: Stamp
    rows: list[pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of a village, a box or the whole register in a copy: a source of exports."""

    settings: Settings
    head: Stamp
    chosen: list[pa.RecordBatch]

    @property
    def valid_at(self) -> str:
        """The day of the copy."""
        return self.head.valid_at

    def batches(self, told: Callable[[int, int], None]) -> Iterator[Batch]:
        """The rows in the order of codes, as many parcels at once as the register's own."""
        rows = pa.Table.from_batches(self.chosen, SCHEMA)
        first = np.flatnonzero(rows["is_first"].to_numpy())
        starts = [*first[:: source.BATCH].tolist(), rows.num_rows]
        for at, (start, end) in enumerate(pairwise(starts), 1):
            (some,) = rows.slice(start, end - start).combine_chunks().to_batches()
            rights, parcels = some.select(ROW_SCHEMA.names), some.select(PARCEL_SCHEMA.names)
            if some.column("is_first").true_count < some.num_rows:
                parcels = parcels.filter(some.column("is_first"))
            yield Batch(parcels, rights, some.select(KEYS.names))
            told(min(at * source.BATCH, len(first)), len(first))


def standing(
    settings: Settings, valid_at: str, *, village: str | None = None, box: Box | None = None
) -> Standing | None:
    """Everything of a village (12 or 14 digits of its code) or a box now, on a day; None where no copy answers that.

    Asks the database one thing: its log. Whoever gets None asks the register, which says what is wrong, too.
    """
    copy = read(settings)
    if copy is None or copy.stamp.valid_at != valid_at:
        return None
    hashes = glance(settings)
    if hashes is None or digest_of(hashes) != copy.stamp.hashes:
        return None
    villages = None
    if village is not None:
        villages = sorted({party for party, code, _ in copy.stamp.organisations if code.startswith(village)})
        if not villages:
            return None
    found = select(settings, copy, villages=villages, box=box)
    return found if found.chosen else None


def select(settings: Settings, copy: Copy, *, villages: Sequence[str] | None = None, box: Box | None = None) -> Standing:
    """The rows of these collectives, or of the parcels that meet a box; without either, all."""
    rows = copy.rows
    if villages is not None:
        wanted = pa.array(villages, pa.string())
        rows = [each.filter(pc.is_in(each.column("village_id"), wanted)) for each in rows]
    if box is not None:
        met = [_meets(each, box) for each in rows]
        rows = [each if all_.all() else each.filter(pa.array(all_)) for each, all_ in zip(rows, met, strict=True)]
    return Standing(settings, copy.stamp, [each for each in rows if each.num_rows])


def flattened(batch: Batch) -> pa.RecordBatch:
    """A batch as the copy has it."""
    ids = batch.keys.column("parcel_id").to_numpy(zero_copy_only=False)
    first = np.append(True, ids[1:] != ids[:-1])[: len(ids)]
    sides = bounds(batch.rights.column(GEOMETRY)).T
    return pa.RecordBatch.from_arrays(
        [*batch.rights.columns, *batch.keys.columns, pa.array(first, pa.bool_()), *(pa.array(side) for side in sides)],
        schema=SCHEMA,
    )


def bounds(wkbs: pa.BinaryArray) -> NDArray[np.float64]:
    """The box around each shape of a column of WKB, four numbers a row; NaN around nothing."""
    import shapely

    return np.asarray(shapely.bounds(shapely.from_wkb(wkbs.to_numpy(zero_copy_only=False))), np.float64).reshape(-1, 4)


def digest_of(hashes: Iterable[object]) -> str:
    """What a stamp says of the leaf hashes of a log; what somebody put there that is none is another log."""
    return hashlib.sha256(b"".join(each for each in hashes if isinstance(each, bytes))).hexdigest()


def read(settings: Settings) -> Copy | None:
    """The copy of a registry, every byte of it checked; None where there is none, or none that this program made."""
    try:
        with pa.memory_map(str(settings.folder / NAME)) as file:
            return _opened(file.read_buffer())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, pa.ArrowException) as unfit:
        # Nothing is lost and nothing is to be done about it: another one is made.
        logging.getLogger(__name__).debug("the flat copy is not used: %s", unfit)
        return None


def write(settings: Settings, stamp: Callable[[], Stamp | None], rows: Iterable[pa.RecordBatch]) -> bool:
    """Put a copy in the place of the older one, at once and whole; say whether one was written.

    `stamp` is asked when the rows have gone by; where it gives None, or the disk takes nothing, the older one stays.
    """
    place = None
    try:
        with tempfile.NamedTemporaryFile(dir=settings.folder, prefix=f".{NAME}-", delete=False) as file:
            place = Path(file.name)
            with pa.ipc.new_file(file, SCHEMA) as body:
                for batch in rows:
                    body.write_batch(batch)
            made = stamp()
            if made is None:
                return False
            told = json.dumps(asdict(made), ensure_ascii=False).encode()
            file.write(told + f"{len(told):0{_LENGTH}x}".encode())
            file.flush()
            with place.open("rb") as written:
                digest = hashlib.file_digest(written, "sha256").hexdigest()
            file.write(digest.encode())
            file.flush()
            os.fsync(file.fileno())
        # A crash before this leaves the older copy and a file that `write` of any day overlooks; after it, the new one.
        place.replace(settings.folder / NAME)
    except OSError as failure:
        logging.getLogger(__name__).debug("no flat copy is kept: %s", failure)
        return False
    finally:
        if place is not None:
            place.unlink(missing_ok=True)
    return True


@cache
def program() -> str:
    """What says which program made a copy: a digest over the files that say what stands in a row and in which words."""
    registry = Path(__file__).parents[1]
    makers = sorted(path for pattern in _MAKERS for path in registry.glob(pattern))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in (*makers, registry.parent / _STYLES))).hexdigest()


def stamped(valid_at: str, head: Head, hashes: str, organisations: list[list[str]]) -> Stamp:
    """The stamp of what this program makes, its parcels not counted yet."""
    return Stamp(_FORM, program(), valid_at, head.size, head.root, head.st, head.recorded_at, hashes, organisations, 0)


def _opened(raw: pa.Buffer) -> Copy:
    whole = memoryview(raw)
    told = len(whole) - _HEX
    if told < _LENGTH or bytes(whole[told:]) != hashlib.sha256(whole[:told]).hexdigest().encode():
        raise ValueError("SHA-256")
    body = told - _LENGTH - int(bytes(whole[told - _LENGTH : told]), 16)
    stamp = Stamp(**json.loads(bytes(whole[body : told - _LENGTH])))
    if (stamp.form, stamp.program) != (_FORM, program()):
        raise ValueError("form")
    file = pa.ipc.open_file(raw.slice(0, body))
    return Copy(stamp, [file.get_batch(at) for at in range(file.num_record_batches)])


def _meets(rows: pa.RecordBatch, box: Box) -> NDArray[np.bool_]:
    """Which parcels truly meet a box: those that lie within it do, and only those that reach over its edge are asked."""
    west, south, east, north = (rows.column(side).to_numpy() for side in SIDES)
    met = (west >= box.minx) & (south >= box.miny) & (east <= box.maxx) & (north <= box.maxy)
    near = (west <= box.maxx) & (south <= box.maxy) & (east >= box.minx) & (north >= box.miny) & ~met
    if near.any():
        import shapely

        square = shapely.box(box.minx, box.miny, box.maxx, box.maxy)
        shapely.prepare(square)
        shapes = rows.column(GEOMETRY).filter(pa.array(near)).to_numpy(zero_copy_only=False)
        met[near] = shapely.intersects(square, shapely.from_wkb(shapes))
    return np.asarray(met, np.bool_)
