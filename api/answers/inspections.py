"""By which rules is a delivery inspected, and how does what was found leave as a file: to service and command alike?"""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from api import media
from registry.delivery.faults import catalogue, rule_pack
from registry.delivery.report_files import write_report

if TYPE_CHECKING:
    from registry.delivery.inspection import Inspection

Answer = dict[str, Any]
Form = Literal["json", "xlsx", "gpkg", "shp", "html", "csv", "verdict"]
MEDIA = {
    **media.TABLES,
    "gpkg": "application/geopackage+sqlite3",
    "shp": media.ZIP,
    "html": "text/html; charset=utf-8",
    "verdict": "application/json",
}


def rules() -> Answer:
    """Every rule with severity, tolerance and clause, under the version and digest that a verdict names."""
    version, digest = rule_pack()
    kinds = [
        {
            "id": kind.id, "severity": kind.severity, "scope": kind.scope, "at": kind.at, "clause": kind.clause,
            "tolerance": None if kind.tolerance is None else str(kind.tolerance),
            "zh": kind.zh, "en": kind.en, "hint_zh": kind.hint_zh, "hint_en": kind.hint_en,
        }
        for kind in catalogue().values()
    ]  # fmt: skip
    return {"version": version, "digest": digest, "rules": kinds}


def as_file(found: Inspection, form: Form) -> tuple[str, bytes]:
    """The report as a file, its name and its bytes: what `--report` writes; a Shapefile's files come as a zip."""
    if form == "verdict":
        return "verdict.json", found.report.verdict()
    if form == "html":
        from api.inspection_page import page_of

        return "report.html", page_of(found).encode()
    with tempfile.TemporaryDirectory(prefix="sanquan-") as folder:
        path = Path(folder) / f"report.{form}"
        write_report(found, path)
        if form != "shp":
            return path.name, path.read_bytes()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for each in sorted(Path(folder).iterdir()):
                archive.write(each, each.name)
        return "report.zip", packed.getvalue()
