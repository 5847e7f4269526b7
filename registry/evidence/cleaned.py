"""What is left of a file, and of which type is one by its content? The name of a file is never asked."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from registry.evidence.limits import MediaType, Removed


@dataclass(slots=True)
class Cleaned:
    """What is kept, and what is stated of the file that came.

    `taken`: when a photograph says that it was taken (ISO 8601, with its zone where it names one); "" where it does not. The
    camera's clock says so, nobody else. `width` and `height` in pixels of the first picture, 0 for a PDF.
    """

    media_type: MediaType
    content: bytes
    taken: str = ""
    pages: int = 1
    width: int = 0
    height: int = 0
    removed: list[Removed] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """All but the content."""
        return {name: value for name, value in asdict(self).items() if name != "content"}


def type_of(content: bytes) -> MediaType | None:
    """By the first bytes, which must be the file's own: what stands before a PDF makes it something else as well."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith((b"II*\x00", b"MM\x00*")):
        return "image/tiff"
    return None
