"""What does a surveyor take home to start from, so that the check there says what the county will say?

One zip (`registry.delivery.job` says of what it is made and reads it): the parcels of the villages as registered today, with
codes and areas and without any personal field; `fields.csv`, every field of a delivery with its code list; `crs.prj`; the rules,
word for word. `SHA256SUMS` lets anybody hold the files against their digests with `sha256sum -c`.
"""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis.crs import RegisterCrs
from registry.delivery import faults
from registry.delivery.decisions import approved_in
from registry.delivery.job import FORM, HEAD, SUMS
from registry.delivery.parts import PARTS
from registry.exports.beside import provenance
from registry.exports.furnish import furnish
from registry.exports.gather import whole
from registry.exports.scope import village_scope
from registry.exports.write import replacing, write_layer
from registry.ledger.entry.canonical import canonical
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.exports.gather import Selection
    from registry.exports.scope import Scope
    from registry.store.engines import Store

_PARCELS = "parcels.gpkg"
_VILLAGE = 12
_WITH_PREFIX_EPSG = 4524
# The oldest day that a zip can name: the same files give the same zip whenever they are packed.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class MadeJob:
    """What was packed: the package's digest, the deadline, how many parcels each village has."""

    path: Path
    digest: str
    deadline: str
    rules: tuple[str, str]
    parcels: dict[str, int]


def make_job(store: Store, villages: Sequence[str], deadline: str, path: Path) -> MadeJob:
    """Pack a job for villages (12 digits; a group of 14 stands for its village) due on a day (YYYY-MM-DD).

    The state is today's, as known now, in the register's CRS. Raises `VillageNotFoundError`.
    """
    codes = sorted({code[:_VILLAGE] for code in villages})
    with store.reading() as connection:
        scopes = [village_scope(store, connection, code) for code in codes]
        selections = {code: whole(scope, connection) for code, scope in zip(codes, scopes, strict=True)}
        exceptions = approved_in(store, connection, codes)
    files = {
        _PARCELS: _geopackage(scopes),
        "fields.csv": _fields(),
        "crs.prj": RegisterCrs.of(REGISTER_CRS).wkt().encode(),
        "faults.toml": faults.FILE.read_bytes(),
    }
    head = canonical(_head(store, selections, deadline, files) | {"exceptions": exceptions})
    sums = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in (*files.items(), (HEAD, head)))
    with replacing(path) as unfinished, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in ((HEAD, head), (SUMS, sums.encode()), *files.items()):
            package.writestr(zipfile.ZipInfo(name, _NO_TIME), content, zipfile.ZIP_DEFLATED)
    counts = {code: len(one.parcels) for code, one in selections.items()}
    return MadeJob(path, sha256(head).hexdigest(), deadline, faults.rule_pack(), counts)


def _head(store: Store, selections: dict[str, Selection], deadline: str, files: dict[str, bytes]) -> dict[str, Any]:
    first = next(iter(selections.values()))
    crs = RegisterCrs.of(REGISTER_CRS)
    return {
        "form": FORM,
        "registry": store.settings.banner_name,
        "division_code": store.settings.banner_code,
        "villages": [
            {"code": code, "name": "、".join(sorted(set(one.parcels["village_name"]))), "parcels": len(one.parcels)}
            for code, one in selections.items()
        ],
        "crs": {"epsg": crs.epsg, "with_prefix_epsg": _WITH_PREFIX_EPSG, "label": crs.label},
        "rules": dict(zip(("version", "digest"), faults.rule_pack(), strict=True)),
        "deadline": deadline,
        "as_of": {"valid_at": first.valid_at, "ledger_size": first.head.size, "ledger_root": first.head.root},
        "files": {name: sha256(content).hexdigest() for name, content in files.items()},
    }


def _geopackage(scopes: Sequence[Scope]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _PARCELS
        write_layer(scopes, path, layer="parcels")
        furnish(path, provenance(scopes[0]), styled=("parcels",))
        return path.read_bytes()


def _fields() -> bytes:
    """Every field of a delivery: what it must be, how long, and which values it may have. UTF-8 with BOM, for spreadsheets."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(("表 part", "字段 field", "必宜可 need", "类型 kind", "最长 longest", "代码表 allowed"))
    for part in PARTS:
        for column in part.columns:
            longest = column.length or ""
            lines.writerow((part.name, column.name, column.need, column.kind, longest, " ".join(column.allowed)))
    return out.getvalue().encode("utf-8-sig")
