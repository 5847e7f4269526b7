"""What does the metadata file of a delivery say, and is it safe to read (NY/T 2539-2016 appendix D)?

Only its texts are taken, by element and group. A document type is refused before any entity of it could be expanded, and so
is what is too long or too deep.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from registry.delivery.containers import Unreadable

if TYPE_CHECKING:
    from pathlib import Path

FAULT = "metadata-unreadable"
_LARGEST, _DEEPEST = 8 << 20, 32
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,20})[\"']")
_CHINESE = frozenset({"gbk", "gb2312", "gb18030"})
GROUPS = ("dataIdInfo", "refSysInfo", "contInfo", "dqInfo")


@dataclass(slots=True)
class Metadata:
    """The texts by group and element; `layers` gives the number of features (capacity, as written) by layerName."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    layers: dict[str, str] = field(default_factory=dict)


def read_metadata(path: Path) -> Metadata:
    """Read one file. `Unreadable`."""
    if path.stat().st_size > _LARGEST:
        raise Unreadable(FAULT, reason=("超过 8 MB", "it is over 8 MB"))
    raw = path.read_bytes()
    declared = _ENCODING.search(raw[:200])
    reader = _Reader()
    try:
        if declared is not None and declared[1].decode().lower() in _CHINESE:
            raw = raw.decode("gb18030").encode()  # a name that the parser does not know
            reader.parser = reader.made("utf-8")
        reader.parser.Parse(raw, True)  # noqa: FBT003  (the last piece: expat's own)
    except UnicodeDecodeError:
        reason = ("文字不是声明的编码", "its text is not of the encoding that it says")
        raise Unreadable(FAULT, reason=reason) from None
    except expat.ExpatError as bad:
        reason = (f"不是完整的 XML（第 {bad.lineno} 行）", f"no whole XML (line {bad.lineno})")
        raise Unreadable(FAULT, reason=reason) from None
    return reader.found


class _Reader:
    """Collects texts while expat reads."""

    def __init__(self) -> None:
        self.found = Metadata()
        self._path: list[str] = []
        self._text: list[str] = []
        self._layer = ""
        self.parser = self.made(None)

    def made(self, encoding: str | None) -> expat.XMLParserType:
        """A parser that tells this reader; `encoding` overrides what the file says of itself."""
        parser = expat.ParserCreate(encoding)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.buffer_text = True
        return parser

    @staticmethod
    def _doctype(*_declared: object) -> None:
        raise Unreadable(FAULT, reason=("含有 DOCTYPE", "it holds a DOCTYPE"))

    def _start(self, name: str, _attributes: object) -> None:
        self._path.append(name)
        self._text.clear()
        if len(self._path) > _DEEPEST:
            reason = (f"嵌套超过 {_DEEPEST} 层", f"its elements are more than {_DEEPEST} deep")
            raise Unreadable(FAULT, reason=reason)

    def _end(self, name: str) -> None:
        text = "".join(self._text).strip()
        self._text.clear()
        self._path.pop()
        group = next((each for each in self._path if each in GROUPS), "")
        if name == "layerName":
            self._layer = text
        elif name == "capacity":
            self.found.layers[self._layer] = text
        elif group:
            self.found.texts[group, name] = text
