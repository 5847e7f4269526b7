"""What has been delivered: which files of the folder are which part, and what do they hold, word for word?

Reading is strict and repairs nothing. A fault found here mostly turns back the whole delivery: it can't be said whose
rows an unreadable file holds. Everything that was found is named, not only the first.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize

from registry.delivery.faults import Faults
from registry.delivery.frames import Frame
from registry.delivery.parts import EVIDENCE_FOLDER, EXCEPTIONS, LAYERS_FOLDER, PARTS, TABLES_FOLDER, Part
from registry.delivery.read_layers import LayerFile, read_layers
from registry.delivery.read_tables import read_table

_ROOT = re.compile(r"(?P<county>\d{6})\D.*", re.ASCII)
_LAYER = re.compile(r"(?P<name>[A-Z]+)(?P<county>\d{6})(?P<year>\d{4})(?:-\d+)?", re.ASCII)
_TABLE_SUFFIXES = (".csv", ".xlsx")
_SIDECARS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qpj", ".xml", ".qix"})


@dataclass(slots=True)
class Delivery:
    """A delivery as read. `content_hash` is SHA-256 over names and bytes of the files that were read."""

    folder: Path
    county: str
    frames: dict[str, Frame] = field(default_factory=dict)
    content_hash: str = ""

    def part(self, name: str) -> Frame | None:
        """A layer or table, None where it was not delivered."""
        return self.frames.get(name)


def read_delivery(folder: Path, faults: Faults) -> Delivery:
    """Read a delivery's folder (docs/delivery.md 1). What is wrong goes into `faults`; nothing raises but the disk."""
    root = _root(folder)
    named = _ROOT.fullmatch(normalize("NFC", root.name))
    if named is None:
        faults.whole("folder-name", value=root.name)
        return Delivery(root, "")
    delivery = Delivery(root, named["county"])
    layers, tables = _sorted_files(delivery, faults)
    for part in PARTS:
        if not (layers if part.is_layer else tables).get(part.name):
            _say_missing(part, faults)
    frames = read_layers(layers, faults)
    for name, path in tables.items():
        frame = read_table(_part(name), path, f"{TABLES_FOLDER}/{path.name}", faults)
        if frame is not None:
            frames[name] = frame
    delivery.frames = {part.name: frames[part.name] for part in PARTS if part.name in frames}
    delivery.content_hash = _content_hash(layers, tables)
    return delivery


def _root(folder: Path) -> Path:
    """The folder itself, or the one delivery that lies in it."""
    if (folder / LAYERS_FOLDER).is_dir() or (folder / TABLES_FOLDER).is_dir():
        return folder.resolve()
    inside = [each for each in folder.iterdir() if each.is_dir() and _ROOT.fullmatch(each.name)] if folder.is_dir() else []
    return inside[0] if len(inside) == 1 else folder.resolve()


def _sorted_files(delivery: Delivery, faults: Faults) -> tuple[dict[str, list[LayerFile]], dict[str, Path]]:
    layers: dict[str, list[LayerFile]] = {}
    tables: dict[str, Path] = {}
    if not delivery.folder.is_dir():
        return layers, tables
    for each in sorted(delivery.folder.iterdir()):
        name = normalize("NFC", each.name)
        if each.is_dir() and name == LAYERS_FOLDER:
            _sort_layers(each, delivery.county, layers, faults)
        elif each.is_dir() and name == TABLES_FOLDER:
            _sort_tables(each, tables, faults)
        elif not name.startswith(".") and name != EVIDENCE_FOLDER:
            faults.whole("part-unread", name, part=name)
    return layers, tables


def _sort_layers(folder: Path, county: str, layers: dict[str, list[LayerFile]], faults: Faults) -> None:
    years: dict[str, tuple[str, str]] = {}
    unread = set()
    read = {part.name for part in PARTS if part.is_layer}
    for path in sorted(folder.iterdir()):
        stem = normalize("NFC", path.name.split(".")[0])
        match = _LAYER.fullmatch(stem)
        if match is None or match["name"] not in read or match["county"] != county or path.suffix.lower() not in _SIDECARS:
            unread.add(stem if match and path.suffix.lower() in _SIDECARS else normalize("NFC", path.name))
            continue
        if path.suffix.lower() != ".shp":
            continue
        file = f"{LAYERS_FOLDER}/{path.name}"
        year, first = years.setdefault(match["name"], (match["year"], path.name))
        if year != match["year"]:
            faults.whole("part-twice", file, match["name"], part=match["name"], first=first, second=path.name)
            continue
        layers.setdefault(match["name"], []).append(LayerFile(path, file))
    for name in sorted(unread):
        if not name.startswith("."):
            faults.whole("part-unread", f"{LAYERS_FOLDER}/{name}", part=name)


def _sort_tables(folder: Path, tables: dict[str, Path], faults: Faults) -> None:
    read = {part.name for part in PARTS if not part.is_layer}
    for path in sorted(folder.iterdir()):
        stem = normalize("NFC", path.stem)
        file = f"{TABLES_FOLDER}/{path.name}"
        if stem not in read or path.suffix.lower() not in _TABLE_SUFFIXES:
            if not path.name.startswith("."):
                faults.whole("part-unread", file, part=path.name)
        elif stem in tables:
            faults.whole("part-twice", file, stem, part=stem, first=tables[stem].name, second=path.name)
        else:
            tables[stem] = path


def _say_missing(part: Part, faults: Faults) -> None:
    if part.required:
        faults.whole("part-missing", "", part.name, part=part.name)
    elif part.name == "CJQY":
        faults.whole("village-limits-absent", "", part.name)
    elif part is not EXCEPTIONS:  # who has nothing to explain delivers none
        faults.whole("part-absent", "", part.name, part=part.name)


def _part(name: str) -> Part:
    return next(part for part in PARTS if part.name == name)


def _content_hash(layers: dict[str, list[LayerFile]], tables: dict[str, Path]) -> str:
    """SHA-256 over each file's name, its length and its bytes, in the order of names."""
    paths = [path for files in layers.values() for one in files for path in one.path.parent.glob(f"{one.path.stem}.*")]
    digest = hashlib.sha256()
    for path in sorted((*paths, *tables.values()), key=lambda each: each.name):
        raw = path.read_bytes()
        digest.update(f"{normalize('NFC', path.name)}\n{len(raw)}\n".encode())
        digest.update(raw)
    return digest.hexdigest()
