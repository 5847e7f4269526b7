"""Where is a stranger's file opened? In a process of its own that can do no harm, and never in this one.

Nothing that it says is believed past its form: a line of JSON of known words, then bytes that begin as their type begins.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from registry.errors import SanquanError
from registry.evidence.cleaned import Cleaned, type_of
from registry.evidence.limits import (
    MEDIA_TYPES,
    MOST_BYTES,
    MOST_PAGES,
    MOST_PIXELS,
    MOST_SCANNED_PAGES,
    MOST_WAITED,
    REMOVED,
    WHYS,
    Why,
)

_LONGEST_LINE = 4096
# What a fresh Python needs to find itself and its libraries; no password and no address of a server.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
_SAID: dict[Why, tuple[str, str]] = {
    "empty": ("文件是空的: 重新扫描或拍照", "the file is empty: scan it or take the picture again"),
    "type": (
        "内容不是 PDF、JPEG、PNG 或 TIFF(看的是内容, 不是文件名): 扫描成 PDF, 或把照片存成 JPEG; Word、Excel 先打印或另存为 PDF",
        "by its content, not its name, it is no PDF, JPEG, PNG or TIFF: scan it to PDF, save a photograph as JPEG; print Word and "
        "Excel or save them as PDF",
    ),
    "encrypted": ("PDF 加了密码: 去掉密码再交", "the PDF is encrypted: take the password off first"),
    "unreadable": ("文件不完整或已损坏: 重新扫描或导出", "the file is cut short or broken: scan or export it again"),
    "pixels": (
        f"图太大, 每幅最多 {MOST_PIXELS} 像素: 降低分辨率(A3 用 400 dpi 足够)",
        f"the picture is too large, at most {MOST_PIXELS} pixels each: scan with less (400 dpi will do for A3)",
    ),
    "pages": (
        f"页数太多: PDF 最多 {MOST_PAGES} 页, TIFF 最多 {MOST_SCANNED_PAGES} 页, 分成几份",
        f"too many pages: a PDF has at most {MOST_PAGES}, a TIFF {MOST_SCANNED_PAGES}; divide it",
    ),
    "animated": ("会动的图不是材料: 存成一幅静止的图", "a moving picture is no evidence: save one still picture"),
    "inflates": (
        "压缩的内容展开后太大: 重新扫描成普通的 PDF",
        "what is compressed in it unfolds to too much: scan it to an ordinary PDF",
    ),
    "external": (
        "PDF 要从别处取内容: 重新扫描或另存成完整的 PDF",
        "the PDF takes content from elsewhere: scan it, or save it whole",
    ),
    "objects": ("PDF 过于复杂: 重新扫描成普通的 PDF", "the PDF is too intricate: scan it to an ordinary one"),
    "lost": (
        "清理这份文件用的内存或时间过多: 降低分辨率, 或重新扫描",
        "cleaning this file takes too much memory or time: scan it again, with fewer pixels",
    ),
}


class EvidenceRefused(SanquanError):
    """Raised when a file is not taken as evidence; `why` is the word of the reason. Nothing was kept."""

    def __init__(self, why: Why) -> None:
        """The reason."""
        super().__init__(*_SAID[why])
        self.why = why


def cleaned(content: bytes) -> Cleaned:
    """What may be kept of a file, with what is stated of it. Raises `EvidenceRefused`."""
    if len(content) > MOST_BYTES:
        raise EvidenceRefused("pixels" if type_of(content) != "application/pdf" else "inflates")
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # Where nobody looks (-P): a module in the folder that we stand in is not taken for one of ours.
    command = [sys.executable, "-P", "-m", "registry.evidence.reader"]
    try:
        done = subprocess.run(  # noqa: S603  (this program, by its full path)
            command, input=content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, timeout=MOST_WAITED,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise EvidenceRefused("lost") from None
    line, _, kept = done.stdout.partition(b"\n")
    said = _said(line)
    why: Any = said.get("refused")
    if why in WHYS:
        raise EvidenceRefused(why)
    found = _believed(said, kept)
    if found is None:
        raise EvidenceRefused("lost")
    return found


def _said(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line[:_LONGEST_LINE])
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _believed(said: dict[str, Any], kept: bytes) -> Cleaned | None:
    """What the cleaner says, where it is of the form that it has; None where it died or says anything else."""
    numbers = [said.get(name) for name in ("pages", "width", "height")]
    removed, taken, media_type = said.get("removed"), said.get("taken"), said.get("media_type")
    fits = (
        media_type in MEDIA_TYPES
        and type_of(kept) == media_type
        and len(kept) <= MOST_BYTES
        and all(type(number) is int and number >= 0 for number in numbers)
        and isinstance(taken, str)
        and isinstance(removed, list)
        and all(word in REMOVED for word in removed)
    )
    return Cleaned(content=kept, **said) if fits else None
