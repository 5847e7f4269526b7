"""How much may one piece of evidence be, and of which types? Measured against scans: A3 at 400 dpi has 31 million pixels."""

from __future__ import annotations

from typing import Literal, get_args

MediaType = Literal["application/pdf", "image/jpeg", "image/png", "image/tiff"]
MEDIA_TYPES: tuple[MediaType, ...] = get_args(MediaType)
SUFFIXES: dict[MediaType, str] = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
}
MOST_BYTES = 50 << 20
"""Of what comes in and of what is kept; the folder of sources takes no more of one paper."""
MOST_PIXELS = 50_000_000
"""Of one picture or page of a scan."""
MOST_PIXELS_TOGETHER = 100_000_000
MOST_SCANNED_PAGES = 50
MOST_PAGES = 500
MOST_OBJECTS = 200_000
MOST_INFLATED = 200 << 20
"""What one stream of a PDF may unfold to, and all of them ten times over."""
MOST_SECONDS = 20
"""Of processor."""
MOST_WAITED = 90
"""Seconds by the clock: a machine may be busy."""
MOST_MEMORY = 512 << 20
"""Beyond what the cleaner starts with."""

Why = Literal[
    "type", "encrypted", "unreadable", "pixels", "pages", "animated", "inflates", "external", "objects", "lost", "empty",
]  # fmt: skip
WHYS: tuple[Why, ...] = get_args(Why)
Removed = Literal["position", "device", "metadata", "pictures", "actions", "files", "forms", "annotations", "layers"]
REMOVED: dict[Removed, tuple[str, str]] = {
    "position": ("拍摄位置", "where it was taken"),
    "device": ("拍摄设备", "the device"),
    "metadata": ("其他附带信息", "other metadata"),
    "pictures": ("附在后面的图", "further pictures in the file"),
    "actions": ("脚本和动作", "scripts and actions"),
    "files": ("夹带的文件", "files inside it"),
    "forms": ("填表程序", "the program of a form"),
    "annotations": ("会动、会放的批注", "annotations that play or open something"),
    "layers": ("图层开关", "the switches of its layers"),
}


class Refused(Exception):
    """Raised inside the cleaner when a file is not taken; leaves it as its word, and becomes `EvidenceRefused`."""

    def __init__(self, why: Why) -> None:
        """Which of the reasons."""
        super().__init__(why)
        self.why = why
