"""What has been delivered: which files of the folder are which part, and what do they hold, word for word?

Reading is strict and repairs nothing. A fault found here mostly turns back the whole delivery: it can't be said whose
rows an unreadable file holds. Everything that was found is named, not only the first.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from registry.delivery.attachments import FOLDERS, files_below
from registry.delivery.containers import CONTAINERS, TableFile, Unreadable, is_geodatabase, tables_in
from registry.delivery.paperwork_files import BESIDE, files_of
from registry.delivery.parts import EVIDENCE_FOLDER, LAYERS_FOLDER, PART_OF_NAME, PARTS, TABLES_FOLDER
from registry.delivery.read_layers import LayerFile, crs_remarks, read_layers
from registry.delivery.read_tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.delivery.faults import Faults
    from registry.delivery.fields import Part
    from registry.delivery.frames import Frame

_ROOT = re.compile(r"(?P<county>\d{6})\D.*", re.ASCII)
_LAYER = re.compile(r"(?P<name>[A-Z]+)(?P<county>\d{6})(?P<year>\d{4})(?:-\d+)?", re.ASCII)
_TABLE_SUFFIXES = (".csv", ".xlsx", ".dbf")
_NO_FILE = ("是链接或不是普通文件", "it is a link, or no plain file")
_SIDECARS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qpj", ".xml", ".qix"})
OTHER_FOLDERS = ("栅格数据", "图件", "文字报告", "其他资料")
"""Folders of the standard that are known and whose files are not taken in."""


@dataclass(slots=True)
class Delivery:
    """A delivery as read. `content_hash` is SHA-256 over names and bytes of the files that were read.

    `remarks` say, in Chinese and English, what is no fault and should be known: the zone prefix, what was left alone.
    `zone_prefix` is what stood before the eastings, and was taken off; None where none did.
    `attachments` are the names of files that rows may point to; None where their folders did not come.
    """

    folder: Path
    county: str
    year: str = ""
    frames: dict[str, Frame] = field(default_factory=dict)
    content_hash: str = ""
    zone_prefix: int | None = None
    attachments: frozenset[str] | None = None
    remarks: list[tuple[str, str]] = field(default_factory=list)

    def part(self, name: str) -> Frame | None:
        """A layer or table, None where it was not delivered."""
        return self.frames.get(name)


def read_delivery(folder: Path, faults: Faults, tell: Callable[[str], None] = lambda _file: None) -> Delivery:
    """Read a delivery's folder (docs/delivery.md 1). What is wrong goes into `faults`; nothing raises but the disk.

    `tell` is called with the name of each file before it is opened.
    """
    root = _root(folder)
    named = _ROOT.fullmatch(normalize("NFC", root.name))
    if named is None:
        faults.whole("folder-name", value=root.name)
        return Delivery(root, "")
    delivery = Delivery(root, named["county"])
    if _say_links(root, faults):
        return delivery
    layers, tables = _sorted_files(delivery, faults, tell)
    for part in PARTS:
        if not (layers if part.is_layer else tables).get(part.name):
            _say_missing(part, faults)
    frames, found_crs = read_layers(layers, faults, tell)
    if found_crs is not None:
        delivery.zone_prefix = found_crs.zone_prefix
        delivery.remarks += crs_remarks(found_crs)
    for name, source in tables.items():
        tell(source.file)
        frame = read_table(PART_OF_NAME[name], source, faults)
        if frame is not None:
            frames[name] = frame
    delivery.frames = {part.name: frames[part.name] for part in PARTS if part.name in frames}
    delivery.content_hash = _content_hash(layers, tables, files_of(root))
    _remark_on_absent(delivery)
    return delivery


def _root(folder: Path) -> Path:
    """The folder itself, or the one delivery that lies in it."""
    if (folder / LAYERS_FOLDER).is_dir() or (folder / TABLES_FOLDER).is_dir():
        return folder.resolve()
    inside = [each for each in folder.iterdir() if each.is_dir() and _ROOT.fullmatch(each.name)] if folder.is_dir() else []
    return inside[0] if len(inside) == 1 else folder.resolve()


def _say_links(root: Path, faults: Faults) -> bool:
    """Whether a layer or table is no file of its own: a link may lead out of the delivery, a pipe never ends."""
    found = False
    for folder in (LAYERS_FOLDER, TABLES_FOLDER):
        for path in sorted((root / folder).glob("*")):
            is_folder = path.is_dir() and path.suffix.lower() not in {*_SIDECARS, *_TABLE_SUFFIXES, *CONTAINERS}
            if path.is_symlink() or not (path.is_file() or is_folder):
                faults.whole("file-unreadable", f"{folder}/{path.name}", reason=_NO_FILE)
                found = True
    return found


def _sorted_files(
    delivery: Delivery, faults: Faults, tell: Callable[[str], None]
) -> tuple[dict[str, list[LayerFile]], dict[str, TableFile]]:
    layers: dict[str, list[LayerFile]] = {}
    tables: dict[str, TableFile] = {}
    if not delivery.folder.is_dir():
        return layers, tables
    left = []
    for each in sorted(delivery.folder.iterdir()):
        name = normalize("NFC", each.name)
        if each.is_dir() and name == LAYERS_FOLDER:
            _sort_layers(each, delivery, layers, faults, tell)
        elif each.is_dir() and name == TABLES_FOLDER:
            _sort_tables(each, tables, faults, tell)
        elif each.is_dir() and name in OTHER_FOLDERS:
            left.append(name)
            if name in FOLDERS:
                delivery.attachments = (delivery.attachments or frozenset()) | files_below(each)
        elif not name.startswith(".") and name not in BESIDE:
            _say_unread(each, name, name, faults)
    if left:
        listed = "、".join(left)
        named = ("（例外说明点名的材料除外）", " (but for what an exception names)") if EVIDENCE_FOLDER in left else ("", "")
        delivery.remarks.append(
            (f"{listed} 不读入{named[0]}，由交付单位保存", f"{listed}: not taken in{named[1]}, keep them where they are")
        )
    return layers, tables


def _say_unread(path: Path, file: str, part: str, faults: Faults) -> None:
    """A file of no known part; one that is a personal geodatabase is refused under that name."""
    if path.suffix.lower() in {".mdb", ".accdb"} and is_geodatabase(path):
        faults.whole("personal-geodatabase", file, part=part)
    else:
        faults.whole("part-unread", file, part=part)


def _sort_layers(
    folder: Path, delivery: Delivery, layers: dict[str, list[LayerFile]], faults: Faults, tell: Callable[[str], None]
) -> None:
    years: dict[str, tuple[str, str]] = {}
    unread = {}
    read = {part.name for part in PARTS if part.is_layer}
    for path in sorted(folder.iterdir()):
        suffix = path.suffix.lower()
        stem = normalize("NFC", path.name.split(".")[0])
        match = _LAYER.fullmatch(stem)
        if match is None or match["name"] not in read or match["county"] != delivery.county or suffix not in _SIDECARS:
            unread[stem if match and suffix in _SIDECARS else normalize("NFC", path.name)] = path
            continue
        if suffix != ".shp":
            continue
        file = f"{LAYERS_FOLDER}/{path.name}"
        year, first = years.setdefault(match["name"], (match["year"], path.name))
        if year != match["year"]:
            faults.whole("part-twice", file, match["name"], part=match["name"], first=first, second=path.name)
            continue
        if match["name"] == "DK":
            delivery.year = match["year"]
        layers.setdefault(match["name"], []).append(LayerFile(path, file))
    for name, path in sorted(unread.items()):
        if not name.startswith("."):
            tell(f"{LAYERS_FOLDER}/{name}")
            _say_unread(path, f"{LAYERS_FOLDER}/{name}", name, faults)


def _sort_tables(
    folder: Path, tables: dict[str, TableFile], faults: Faults, tell: Callable[[str], None]
) -> None:
    read = {part.name for part in PARTS if not part.is_layer}
    for path in sorted(folder.iterdir()):
        stem, suffix = normalize("NFC", path.stem), path.suffix.lower()
        file = f"{TABLES_FOLDER}/{path.name}"
        if suffix in CONTAINERS:
            tell(file)
            _open_container(path, file, tables, faults)
        elif stem in read and suffix in _TABLE_SUFFIXES:
            _take(stem, TableFile(path, file), tables, faults)
        elif not path.name.startswith(".") and not (stem in read and suffix in _SIDECARS):
            faults.whole("part-unread", file, part=path.name)


def _open_container(path: Path, file: str, tables: dict[str, TableFile], faults: Faults) -> None:
    """One file that holds several tables: each by the name of its part."""
    try:
        names = tables_in(path)
    except Unreadable as bad:
        faults.whole(bad.fault, file, **bad.values)
        return
    for name in names:
        part = PART_OF_NAME.get(normalize("NFC", name))
        if part is None or part.is_layer:
            faults.whole("part-unread", file, part=f"{path.name}: {name}")
        else:
            _take(part.name, TableFile(path, file, name), tables, faults)


def _take(name: str, source: TableFile, tables: dict[str, TableFile], faults: Faults) -> None:
    if name in tables:
        first = tables[name].path.name
        faults.whole("part-twice", source.file, name, part=name, first=first, second=source.path.name)
    else:
        tables[name] = source


def _say_missing(part: Part, faults: Faults) -> None:
    if part.required:
        faults.whole("part-missing", "", part.name, part=part.name)
    elif part.name == "CJQY":
        faults.whole("village-limits-absent", "", part.name)
    elif not part.kept and part.expected:
        faults.whole("part-absent", "", part.name, part=part.name)


def _remark_on_absent(delivery: Delivery) -> None:
    """The standard asks for more than the register needs: that is said once, and is no fault of the delivery."""
    absent = " ".join(part.name for part in PARTS if part.standard and part.name not in delivery.frames)
    if absent:
        delivery.remarks.append(
            (f"NY/T 2539 要求而未交: {absent}", f"asked for by NY/T 2539 and not delivered: {absent}")
        )


def _content_hash(layers: dict[str, list[LayerFile]], tables: dict[str, TableFile], beside: list[Path]) -> str:
    """SHA-256 over each file's name, its length and its bytes, in the order of names."""
    paths = [path for files in layers.values() for one in files for path in one.path.parent.glob(f"{one.path.stem}.*")]
    digest = hashlib.sha256()
    for path in sorted({*paths, *(source.path for source in tables.values()), *beside}, key=lambda each: each.name):
        raw = path.read_bytes()
        digest.update(f"{normalize('NFC', path.name)}\n{len(raw)}\n".encode())
        digest.update(raw)
    return digest.hexdigest()
