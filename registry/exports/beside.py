"""What says of an export whence it comes: the as-of day, the log's size and roots, and a checksum of each file?

The sidecar `NAME.json` stands beside NAME, in an archive with it. No title is in it: a person's has a masked name.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from registry.exports.source import Source

NOT_EVIDENCE = "示意图，不作权属依据 / a picture of the register: not evidence of any right"
_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say: the same state gives the same archive."""


def provenance(scope: Source) -> dict[str, str | int]:
    """Of which registry, which day and which state of the log this is: enough to ask for the proof. No person in it."""
    head, settings = scope.head, scope.settings
    return {
        "registry": settings.banner_name,
        "division_code": settings.banner_code,
        "valid_at": scope.valid_at,
        "ledger_size": head.size,
        "ledger_root": head.root,
        "state_root": head.st,
        "recorded_at": head.recorded_at,
        "not_evidence": NOT_EVIDENCE,
    }


def as_texts(facts: Mapping[str, str | int]) -> dict[str, str]:
    """The same for formats whose metadata are texts, each name with what it is of in front."""
    return {f"sanquan_{name}": str(value) for name, value in facts.items()}


def write_sidecar(path: Path, scope: Source, form: str) -> tuple[str, int]:
    """Write `path`.json about `path` and what belongs to it (.dbf, .shx …); the SHA-256 and size of `path`."""
    parts = sorted(path.parent.iterdir(), key=lambda each: (each != path, each.name))
    files = [{"name": each.name, "bytes": each.stat().st_size, "sha256": digest(each)} for each in parts]
    told = {**provenance(scope), "format": form, "files": files}
    path.with_name(f"{path.name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return str(files[0]["sha256"]), path.stat().st_size


def pack(folder: Path, archive: Path) -> tuple[str, int]:
    """Put the files of a folder, which goes, into a new zip; its SHA-256 and size."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for each in sorted(folder.iterdir()):
            about = zipfile.ZipInfo(each.name, _NO_TIME)
            about.compress_type, about.file_size = zipfile.ZIP_DEFLATED, each.stat().st_size
            with each.open("rb") as source, packed.open(about, "w") as target:
                while piece := source.read(1 << 20):
                    target.write(piece)
            each.unlink()
    folder.rmdir()
    return digest(archive), archive.stat().st_size


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
