"""What is said when a file cannot be written, in whichever format?"""

from __future__ import annotations

from gis.errors import SourceError


class TargetUnwritable(SourceError):
    """Raised when the file cannot be written."""

    def __init__(self, file: str, reason: str) -> None:
        """Name the file and the reason."""
        super().__init__(f"{file} 无法写入 ({reason})；请检查磁盘和权限", f"{file} cannot be written ({reason})")
