"""What was dropped on 收成果: one zip, or the files of one folder, which become the zip that the surveyor could have packed.

So whatever a name or a file is made to do meets the same checks as in a zip (`registry.delivery.archive`).
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.access import MOST_FIELDS, MOST_OF_A_FOLDER
from api.intakes import NothingDroppedError
from registry.delivery.sheets import LastTime, read_last

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from fastapi import Request

_ZIP = ".zip"
_LONGEST_NAME = 100


class Dropped(NamedTuple):
    """A delivery as a zip, what it is called, and the verdict of the last time where one came with it."""

    name: str
    archive: Path
    last: LastTime | None


@asynccontextmanager
async def dropped(request: Request) -> AsyncIterator[Dropped]:
    """What a form brought, in a folder that is gone afterwards. NothingDroppedError, LastVerdictUnreadableError."""
    async with request.form(max_files=MOST_OF_A_FOLDER, max_fields=MOST_FIELDS) as form:
        files = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
        verdict = form.get("last")
        with tempfile.TemporaryDirectory(prefix="sanquan-") as folder:
            archive = Path(folder) / "files.zip"
            name = await run_in_threadpool(_packed, files, archive)
            last = None
            if isinstance(verdict, UploadFile) and verdict.filename:
                last = await run_in_threadpool(_last, verdict, Path(folder) / "last.json")
            yield Dropped(name[:_LONGEST_NAME], archive, last)


def _packed(files: Sequence[UploadFile], archive: Path) -> str:
    names = [(one.filename or "").replace("\\", "/") for one in files]
    if len(files) == 1 and names[0].lower().endswith(_ZIP):
        with archive.open("wb") as out:
            shutil.copyfileobj(files[0].file, out)
        return PurePosixPath(names[0]).stem
    # A single file that is no zip has no folder in its name.
    if not files or len(set(names)) != len(names) or not all("/" in name for name in names):
        raise NothingDroppedError(MOST_OF_A_FOLDER)
    with zipfile.ZipFile(archive, "w") as packed:
        for one, name in zip(files, names, strict=True):
            with packed.open(zipfile.ZipInfo(name), "w", force_zip64=True) as out:
                shutil.copyfileobj(one.file, out)
    return names[0].partition("/")[0]


def _last(verdict: UploadFile, path: Path) -> LastTime:
    with path.open("wb") as out:
        shutil.copyfileobj(verdict.file, out)
    return read_last(path)
