"""How is the published log handed out: `/ledger/checkpoint`, `/ledger/tile/…`, as files that never change but one?

The files of a log that this one succeeded after a loss stand under `/ledger/before/SHA-256 of its origin/…`.
c2sp.org/tlog-tiles. Any web server may hand out the same folder (`ledger` in the data folder) with the same headers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from registry.errors import SanquanError
from registry.ledger.drawing import FOLDER, MONTH
from registry.ledger.publishing import CHECKPOINT_FILE
from registry.ledger.publishing.head import COSIGNED_FOLDER
from registry.ledger.verify.strict import MalformedError
from registry.ledger.verify.tiles import parse_path

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.settings import Settings

router = APIRouter(prefix="/ledger", include_in_schema=False)
_TEXT = "text/plain; charset=utf-8"
_BYTES = "application/octet-stream"
# A reader that polls each few seconds costs nothing; what it sees is at most that old.
_SHORT = {"Cache-Control": "public, max-age=5", "X-Content-Type-Options": "nosniff"}
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


class NotPublishedError(SanquanError):
    """Raised when a file of the published log is asked for that there is not."""

    def __init__(self) -> None:
        """Why that may be."""
        super().__init__(
            "没有公布这个文件: 账本还没有这么长, 或整块已取代它的一部分(去掉 .p/ 再取), 或从未公布过",
            "no such file is published: the log is not that long, or a full tile stands for the part (ask without .p/), or "
            "the log was never published",
        )


@router.get("/checkpoint")
@router.get("/before/{before}/checkpoint")
def checkpoint(request: Request, before: str = "") -> Response:
    """The last signed checkpoint, with the lines of its witnesses; `before`: of a log that this one succeeded after a loss."""
    return _file(_folder(request, before) / CHECKPOINT_FILE, _TEXT, _SHORT)


@router.get("/cosigned/{size}")
@router.get("/before/{before}/cosigned/{size}")
def cosigned(request: Request, size: str, before: str = "") -> Response:
    """A head that witnesses were asked about, with the lines that came back so far."""
    if re.fullmatch(r"0|[1-9][0-9]{0,18}", size, re.ASCII) is None:
        raise NotPublishedError
    return _file(_folder(request, before) / COSIGNED_FOLDER / size, _TEXT, _SHORT)


@router.get("/sample/{which}")
def sample(request: Request, which: str) -> Response:
    """The list of a month's sample, or the head that it was drawn by: `2026-12`, `2026-12.checkpoint`."""
    if MONTH.fullmatch(which.removesuffix(".checkpoint")) is None:
        raise NotPublishedError
    return _file(_folder(request, "") / FOLDER / which, _TEXT, _SHORT)


@router.get("/tile/{rest:path}")
@router.get("/before/{before}/tile/{rest:path}")
def tile(request: Request, rest: str, before: str = "") -> Response:
    """A tile of hashes or a bundle of entries, by its one spelling."""
    try:
        path = parse_path(f"tile/{rest}").path
    except MalformedError as malformed:
        raise NotPublishedError from malformed
    return _file(_folder(request, before) / path, _BYTES, _FOREVER)


def _folder(request: Request, before: str) -> Path:
    """Where this log lies, or one before it, named by the SHA-256 of its origin."""
    settings: Settings = request.app.state.store.settings
    if before and re.fullmatch(r"[0-9a-f]{64}", before, re.ASCII) is None:
        raise NotPublishedError
    return settings.published_before / before if before else settings.published


def _file(path: Path, media_type: str, headers: dict[str, str]) -> Response:
    if not path.is_file():
        raise NotPublishedError
    return FileResponse(path, media_type=media_type, headers=headers)
