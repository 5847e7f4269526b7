"""How is the register written back as the delivery folder of NY/T 2539, whole or not at all, and logged?

`OUT` gets the folder `<county><name>` and beside it `xlsx` (the tables once more, for people) and the script that builds
the .mdb on Windows. It carries names and ID numbers: each making is logged with its purpose before it is in its place, and
everybody of the banner finds it among who looked.
"""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import xlsxwriter

from gis.formats import write_shapefile
from registry import papers
from registry.delivery.part_names import NAMES
from registry.errors import SanquanError
from registry.handin.access_script import access_script
from registry.handin.gather import Gathered, gather
from registry.handin.layout import DAYS, LAYERS, TABLES, dbf_fields, encoding_of
from registry.handin.metadata import metadata_xml
from registry.handin.summing import summed
from registry.looks.keeping import listed
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from registry.delivery.fields import Part
    from registry.ledger.commit import Officer
    from registry.store.engines import Store
    from registry.store.settings import Settings

_SCRIPT = "建mdb.ps1"
KIND = "hand-in"


class NothingToHandInError(SanquanError):
    """Raised when the register holds no parcel."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("登记库里还没有地块，没有可汇交的: 先导入成果", "the register holds no parcel: import a delivery first")


class HandInExistsError(SanquanError):
    """Raised when the place is taken: an older hand-in is never overwritten, for it was logged as it is."""

    def __init__(self, path: Path) -> None:
        """Show the place."""
        super().__init__(f"{path} 已经存在: 换一个空的文件夹", f"{path} exists already: choose an empty folder")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was made: the county's folder, records by layer and table, SHA-256 over all files, remarks (zh, en)."""

    folder: Path
    counts: dict[str, int]
    digest: str
    remarks: tuple[tuple[str, str], ...]


def hand_in(
    store: Store,
    out: Path,
    officer: Officer,
    purpose: str,
    *,
    progress: Callable[[str], None] | None = None,
) -> HandedIn:
    """Write the hand-in of today's state into `out` and log it; this year stands in the file names.

    Raises `PurposeMissingError`, `NothingToHandInError`, `HandInExistsError`, and `gis` refusals; then nothing is left.
    """
    tell = progress or (lambda _step: None)
    papers.stated(purpose)
    settings = store.settings
    name = f"{settings.banner_code}{settings.banner_name}"
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise HandInExistsError(out)
    tell("read")
    with store.reading() as connection:
        gathered = gather(store, connection)
    if not gathered.rows["DK"] and not gathered.rows["ZD"]:
        raise NothingToHandInError
    stem = f"{settings.banner_code}{gathered.day[:4]}"
    out.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=out.parent))
    try:
        writer = _Writer(scratch, scratch / name, stem, gathered)
        tell("layers")
        writer.layers()
        tell("tables")
        writer.tables()
        writer.beside(settings, officer.bureau)
        digest = _digest(scratch)
        records = sum(writer.counts.values())
        papers.enter(store, officer, KIND, settings.banner_code, digest, purpose, {"records": records})
        listed(store, officer, "", "place-export", papers.stated(purpose))
        # Logged first: a crash here leaves a making that nobody has, never a file that nobody logged.
        if out.exists():
            out.rmdir()
        os.replace(scratch, out)  # noqa: PTH105 - Path.replace is the same call; this name says what it does
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return HandedIn(out / name, writer.counts, digest.hex(), tuple(writer.remarks))


class _Writer:
    """Writes one hand-in below a scratch folder."""

    def __init__(self, out: Path, folder: Path, stem: str, gathered: Gathered) -> None:
        self.out, self.folder, self.stem, self.gathered = out, folder, stem, gathered
        self.counts: dict[str, int] = {}
        self.remarks: list[tuple[str, str]] = []

    def layers(self) -> None:
        """Every layer that has rows as a Shapefile, GBK, EPSG:4545 without zone prefix."""
        target = self.folder / "矢量数据"
        target.mkdir(parents=True)
        for part in LAYERS:
            rows = self.gathered.rows.get(part.name, [])
            if not rows:
                if part.standard:
                    zh, en = NAMES[part.name]
                    told = f"没有{zh}（{part.name}）图层的资料，未写", f"no {en} known ({part.name}): layer not written"
                    self.remarks.append(told)
                continue
            self._layer(part, rows, target / f"{part.name}{self.stem}.shp")
            self.counts[part.name] = len(rows)

    def _layer(self, part: Part, rows: Sequence[dict[str, str]], path: Path) -> None:
        encoding = encoding_of(rows)
        if encoding == "UTF-8":
            zh, en = NAMES[part.name]
            self.remarks.append(
                (f"{zh}（{part.name}）有 GBK 没有的字，写成 UTF-8", f"{en} ({part.name}) with characters outside GBK: UTF-8")
            )
        fields = dbf_fields(part, rows, encoding)
        columns = {
            field.name: [
                (float(text) if field.decimals else int(text)) if text and field.kind == "N" else text or None
                for text in (row.get(field.name, "") for row in rows)
            ]
            for field in fields
        }
        frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
        shapes = np.array([None, *self.gathered.shapes[part.name]], dtype=object)[1:]
        write_shapefile(gpd.GeoDataFrame(frame, geometry=shapes), path, epsg=REGISTER_CRS, encoding=encoding, fields=fields)

    def tables(self) -> None:
        """Every table that has rows as CSV (UTF-8 with BOM) in its place, and as a workbook beside the folder."""
        target, books = self.folder / "权属数据", self.out / "xlsx"
        target.mkdir()
        books.mkdir()
        for part in TABLES:
            rows = self.gathered.rows.get(part.name, [])
            if not rows:
                continue
            names = [column.name for column in part.columns]
            days = {column.name for column in part.columns if column.kind in DAYS}
            lines = [
                [text.replace("-", "") if name in days else text for name, text in ((n, row.get(n, "")) for n in names)]
                for row in rows
            ]
            with (target / f"{part.name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows([names, *lines])
            _workbook(books / f"{part.name}.xlsx", names, lines)
            self.counts[part.name] = len(rows)

    def beside(self, settings: Settings, bureau: str) -> None:
        """Summaries, metadata, and the script that builds the .mdb."""
        county, name = settings.banner_code, settings.banner_name
        target = self.folder / "汇总表格"
        target.mkdir()
        for summary in summed(self.gathered, settings):
            _workbook(target / f"{self.stem}{summary.name}.xlsx", summary.header, summary.lines)
        described = self.folder / "元数据"
        described.mkdir()
        layers = {part.name: self.counts[part.name] for part in LAYERS if part.name in self.counts}
        xml = metadata_xml(county=county, name=name, bureau=bureau, day=self.gathered.day, layers=layers)
        (described / f"SL{self.stem}.xml").write_bytes(xml)
        for empty in ("图件", "文字报告", "其他资料"):
            (self.folder / empty).mkdir()
        script = access_script(script=_SCRIPT, folder=self.folder.name, mdb=f"{self.stem}.mdb")
        (self.out / _SCRIPT).write_bytes(script)


def _workbook(path: Path, header: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """A workbook of one sheet, every cell typed as text, so that no code is rounded and no name is a formula."""
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(path, options)
    sheet = book.add_worksheet()
    for number, line in enumerate([header, *lines]):
        for place, text in enumerate(line):
            if text:
                sheet.write_string(number, place, text)
    book.close()


def _digest(folder: Path) -> bytes:
    """SHA-256 over each file's path, length and bytes, in the order of paths."""
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        raw = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\n{len(raw)}\n".encode())
        digest.update(raw)
    return digest.digest()
