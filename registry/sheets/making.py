"""How is a sheet with names made: drawn from one view of the register, logged with its purpose, then handed out?

The row in the log of papers is written before the file is moved to its place: a crash between the two leaves a making
that left nothing, never a paper that nobody logged.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import shapely

from gis.sheets import NO_SHIFT, sheets_pdf
from registry import papers
from registry.concerned import holders
from registry.exports.scope import VillageNotFoundError
from registry.exports.write import replacing
from registry.looks.keeping import listed, looked
from registry.notices.posting import hangs_until
from registry.parcels import read as parcels
from registry.sheets import household, notice, overview, parcel
from registry.sheets.land import AsOf, land_of, states_in, states_of_villages
from registry.sheets.refusals import NothingToShow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gis.sheets import Sheet
    from registry.ledger.commit import Officer
    from registry.looks.words import What
    from registry.sheets.land import Land, Plot
    from registry.store.engines import Store

    Build = Callable[[AsOf], list[Sheet]]
    Progress = Callable[[int, int], None]
    Document = tuple[str, Callable[[], list[Sheet]]]
    Documents = Callable[[AsOf], Sequence[Document]]

_VILLAGE = 12
_OF_ONE: dict[str, What] = {"sheet-household": "sheet-household", "certificate": "certificate"}
"""The papers of one household, whose people are named one by one in the log of looks."""
_AROUND_M = 1_000.0
"""The maps of a village's edge show so much of the land beyond it."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who asks for a sheet, for what purpose; as of when (None: today, now); the printer's shift in mm.

    `spoiled`: the one that was printed before went wrong and is void (作废证书本).
    """

    officer: Officer
    purpose: str
    valid_at: str | None = None
    known_at: int | None = None
    shift_mm: tuple[float, float] = NO_SHIFT
    spoiled: bool = False


def of_parcel(at: AsOf, code: str) -> list[Sheet]:
    """The 地块示意图 or 宗地图 of the parcel that has this code. Raises `NoSuchParcel`."""
    state = parcel.standing(at, code)
    land = parcel.around(at, state)
    plot = next(each for each in land.plots if each.state.parcel_id == state.parcel_id)
    return [parcel.parcel_sheet(land, plot)]


def of_household(at: AsOf, code: str) -> list[Sheet]:
    """The 承包地块分布图 of the household that has this 承包方编码. Raises `NoSuchHousehold`."""
    land, holdings = household.around(at, code)
    return [household.household_sheet(land, holdings)]


def of_notice(at: AsOf, village: str, round_number: int, day: str) -> list[Sheet]:
    """公示图 and 公示表 of a village, with the last day of what hangs there. Raises `VillageNotFoundError`, `NothingToShow`,
    `RoundMalformed`.
    """
    until = hangs_until(at.connection, village[:_VILLAGE], day, notice.title_of("", round_number))
    return notice.notice_sheets(notice.around(at, village), village, round_number, day, until)


def of_banner(at: AsOf) -> list[Sheet]:
    """The overview of the banner. Raises `NothingToShow`."""
    return [overview.overview_sheet(at)]


def make(store: Store, order: Order, what: str, about: str, out: Path, build: Build) -> Path:
    """Make one document: `what` is its word in the log of papers, `about` a code. Raises what `build` raises.

    Raises `PurposeMissingError`, `gis.sheets.ShiftTooLarge`.
    """
    papers.stated(order.purpose)
    with store.reading() as connection:
        sheets = build(AsOf.of(store, connection, order.valid_at, order.known_at, reader="paper"))
    pdf = sheets_pdf(sheets, order.shift_mm)
    detail: dict[str, object] = {"codes": notice.codes(sheets)}
    if order.spoiled:
        detail["spoiled"] = True
    with replacing(out) as unfinished:
        unfinished.write_bytes(pdf)
        papers.enter(store, order.officer, what, about, hashlib.sha256(pdf).digest(), order.purpose, detail)
        word = _OF_ONE.get(what)
        if word is not None:
            with store.reading() as connection:
                people = holders(store, connection, [about])
            looked(store, order.officer, people, word, order.purpose.strip())
        else:
            listed(store, order.officer, _place(about), "sheets", order.purpose.strip())
    return out


def make_village(store: Store, order: Order, village: str, folder: Path, progress: Progress) -> int:
    """Make the sheets of every contract and homestead of a village; returns how many files.

    `<发包方编码>/DKSYT<合同代码>.pdf` holds a contract's 分布图 and the sheet of each of its parcels (NY/T 2539-2016, B.8
    note b), `<发包方编码>/ZDT<不动产单元号>.pdf` a homestead's. Raises as `make_folder`, `VillageNotFoundError`, `NothingToShow`.
    """

    def documents(at: AsOf) -> list[Document]:
        return list(_documents(*_village(at, village)))

    return make_folder(store, order, "sheet-village", village, folder, progress, documents)


def make_folder(
    store: Store, order: Order, what: str, about: str, folder: Path, progress: Progress, documents: Documents
) -> int:
    """Make many documents, each under its name in a folder; returns how many. All or nothing: one row in the log for all.

    `documents` reads what it needs; each is drawn when its turn comes. Raises `PurposeMissingError`, `gis.sheets.ShiftTooLarge`.
    """
    papers.stated(order.purpose)
    with store.reading() as connection:
        found = documents(AsOf.of(store, connection, order.valid_at, order.known_at, reader="paper"))
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    try:
        manifest = hashlib.sha256()
        for done, (name, draw) in enumerate(found):
            progress(done, len(found))
            pdf = sheets_pdf(draw(), order.shift_mm)
            (unfinished / name).parent.mkdir(exist_ok=True)
            (unfinished / name).write_bytes(pdf)
            manifest.update(f"{name} {hashlib.sha256(pdf).hexdigest()}\n".encode())
        papers.enter(store, order.officer, what, about, manifest.digest(), order.purpose, {"files": len(found)})
        listed(store, order.officer, _place(about), "sheets", order.purpose.strip())
        for name, _ in found:
            (folder / name).parent.mkdir(exist_ok=True)
            (unfinished / name).replace(folder / name)
        progress(len(found), len(found))
    finally:
        shutil.rmtree(unfinished)
    return len(found)


def _place(about: str) -> str:
    """Where the people of a sheet belong: the village in which a code lies; all of the banner where it is none of land."""
    return about[:_VILLAGE] if about[:_VILLAGE].isdecimal() else ""


def _village(at: AsOf, village: str) -> tuple[Land, set[str]]:
    """The land of a village with what lies around it, and the ids of its own parcels."""
    ids = parcels.villages(at.connection, village)
    if not ids:
        raise VillageNotFoundError(village)
    own = states_of_villages(at, ids)
    if not own:
        raise NothingToShow(at.day)
    west, south, east, north = (float(edge) for edge in shapely.total_bounds([state.shape for state in own]))
    box = (west - _AROUND_M, south - _AROUND_M, east + _AROUND_M, north + _AROUND_M)
    return land_of(at, states_in(at, box)), {state.parcel_id for state in own}


def _documents(land: Land, own: set[str]) -> Iterator[Document]:
    """Each file's name, and what draws it when its turn comes."""
    contracts: dict[tuple[str, str], list[Plot]] = {}
    for plot in land.plots:
        if plot.state.parcel_id not in own:
            continue
        if plot.state.land_use == "homestead":
            yield f"{plot.state.issuer_code}/ZDT{_plain(plot.state.code)}.pdf", _of_plots(land, [plot])
            continue
        for line, _ in plot.held:
            contracts.setdefault((plot.state.issuer_code, line.unit_code), []).append(plot)
    for (issuer, code), plots in sorted(contracts.items()):
        holders = [holder.holder_id for plot in plots for line, holder in plot.held if line.unit_code == code]
        yield f"{issuer}/DKSYT{_plain(code)}.pdf", _of_plots(land, plots, holders, code)


def _of_plots(
    land: Land, plots: Sequence[Plot], holders: Sequence[str] = (), contract: str = ""
) -> Callable[[], list[Sheet]]:
    def draw() -> list[Sheet]:
        first = [household.household_sheet(land, holders, contract)] if holders else []
        return first + [parcel.parcel_sheet(land, plot) for plot in dict.fromkeys(plots)]

    return draw


def _plain(code: str) -> str:
    """A code as part of a file's name."""
    return re.sub(r"[^0-9A-Za-z]", "_", code)
