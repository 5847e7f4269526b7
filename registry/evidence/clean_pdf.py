"""What is left of a PDF? Its pages and what they draw: no script, no action, no file inside, no form's program.

Pages are copied into a new document after everything that acts was taken out of them; then what was written is read again
and must hold none of it. What stands outside the pages (outline, names, metadata, signatures' own data) is not copied.
"""

from __future__ import annotations

import io
import logging
import zlib
from typing import TYPE_CHECKING, Any, Final

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, StreamObject

from registry.evidence.cleaned import Cleaned
from registry.evidence.limits import MOST_INFLATED, MOST_OBJECTS, MOST_PAGES, MOST_PIXELS_TOGETHER, Refused

if TYPE_CHECKING:
    from registry.evidence.limits import Removed

_ACTIONS: Final = {
    "/GoTo", "/GoToR", "/GoToE", "/GoToDp", "/Launch", "/Thread", "/URI", "/Sound", "/Movie", "/Hide", "/Named", "/SubmitForm",
    "/ResetForm", "/ImportData", "/JavaScript", "/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView", "/RichMediaExecute",
}  # fmt: skip
"""Every type of action of ISO 32000-2, table 201, and the one of Adobe's extension."""
_BY_KEY: Final[tuple[tuple[frozenset[str], Removed], ...]] = (
    (frozenset({"/AA", "/OpenAction", "/JS", "/JavaScript", "/URI"}), "actions"),
    (frozenset({"/EF", "/RF", "/AF", "/EmbeddedFiles", "/RichMediaContent", "/RichMediaSettings", "/Ref", "/OPI"}), "files"),
    (frozenset({"/XFA", "/AcroForm"}), "forms"),
    (frozenset({"/Metadata", "/PieceInfo", "/Thumb"}), "metadata"),
)
_PLAYING: Final = {
    "/FileAttachment", "/Sound", "/Movie", "/Screen", "/RichMedia", "/3D", "/Projection", "/Link", "/TrapNet", "/PrinterMark",
}  # fmt: skip
_DRAWN: Final = {"/Font", "/XObject", "/ExtGState", "/Pattern", "/OCG", "/OCMD"}
"""A resource may bear any name: what is one of these under such a key is drawn, and stays."""
_OUTSIDE: Final = ("/Metadata", "/PieceInfo", "/Thumb", "/B", "/AA", "/Trans", "/Dur", "/StructParents")
_CHUNK: Final = 1 << 20
_UNREADABLE: Final = (PyPdfError, OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError,
                      NotImplementedError, OverflowError, RuntimeError, zlib.error)  # fmt: skip
"""What pypdf is known to raise over a broken file; memory past measure ends the process."""


def clean_pdf(content: bytes) -> Cleaned:
    """The pages again, without anything that acts. Raises `Refused`."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of broken files line by line
    try:
        return _cleaned(content)
    except _UNREADABLE as broken:
        raise Refused("unreadable") from broken


def _cleaned(content: bytes) -> Cleaned:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise Refused("encrypted")
    pages = len(reader.pages)
    if not pages:
        raise Refused("unreadable")
    if pages > MOST_PAGES:
        raise Refused("pages")
    walk = _Walk()
    walk.outside(reader.root_object)
    writer = PdfWriter()
    for page in reader.pages:
        walk.through(page)
        writer.add_page(page, excluded_keys=_OUTSIDE)
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    kept = out.getvalue()
    _refuse_what_is_left(kept, pages)
    return Cleaned("application/pdf", kept, pages=pages, removed=sorted(walk.removed))


def _refuse_what_is_left(kept: bytes, pages: int) -> None:
    """Read what was written once more: whatever the first walk did not reach must not be there either."""
    again = PdfReader(io.BytesIO(kept))
    walk = _Walk()
    walk.through(again.root_object)
    if walk.removed or len(again.pages) != pages or set(again.root_object) - {"/Type", "/Pages"}:
        raise Refused("unreadable")


class _Walk:
    """Goes through every object that can be reached, once, and takes out what acts. `removed` says of which kinds it was."""

    def __init__(self) -> None:
        self.removed: set[Removed] = set()
        self._seen: set[tuple[int, int]] = set()
        self._inflated = 0
        self._objects = 0

    def outside(self, root: DictionaryObject) -> None:
        """Only say what a document has outside its pages: none of it is copied."""
        names = root.get("/Names")
        names = names.get_object() if names is not None else {}
        if "/OpenAction" in root or "/AA" in root or "/JavaScript" in names:
            self.removed.add("actions")
        if "/EmbeddedFiles" in names or "/AF" in root or "/Collection" in root:
            self.removed.add("files")
        if "/AcroForm" in root:
            self.removed.add("forms")
        if "/OCProperties" in root:
            self.removed.add("layers")
        if "/Metadata" in root:
            self.removed.add("metadata")

    def through(self, start: Any) -> None:  # noqa: ANN401  (any object of a PDF)
        """Clean in place what hangs on `start`. Raises `Refused`."""
        waiting = [start]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, IndirectObject):
                if (thing.idnum, thing.generation) in self._seen:
                    continue
                self._seen.add((thing.idnum, thing.generation))
                thing = thing.get_object()
            self._objects += 1
            if self._objects > MOST_OBJECTS:
                raise Refused("objects")
            if isinstance(thing, DictionaryObject):
                self._dictionary(thing)
                waiting += [thing.raw_get(key) for key in thing]
            elif isinstance(thing, ArrayObject):
                self._array(thing)
                waiting += list(thing)

    def _dictionary(self, of: DictionaryObject) -> None:
        if isinstance(of, StreamObject):
            if "/F" in of or "/FFilter" in of:
                raise Refused("external")
            self._measure(of)
        for key in list(of):
            why = self._why(key, _resolved(of.raw_get(key)))
            if why is not None:
                self.removed.add(why)
                del of[key]

    def _array(self, of: ArrayObject) -> None:
        for place, item in enumerate(of):
            why = self._why("", _resolved(item))
            if why is not None:
                self.removed.add(why)
                of[place] = NullObject()

    def _why(self, key: str, value: Any) -> Removed | None:  # noqa: ANN401  (any object of a PDF)
        """Of which kind a value is that does not stay, by what it is or under which key it stands."""
        if isinstance(value, DictionaryObject):
            by_itself = _by_itself(value)
            if by_itself is not None or _is_drawn(value):
                return by_itself
        return next((why for keys, why in _BY_KEY if key in keys), None)

    def _measure(self, stream: StreamObject) -> None:
        """How much a stream unfolds to is counted, not believed; nothing of it is kept in memory."""
        width, height = (_resolved(stream.get(name)) for name in ("/Width", "/Height"))
        if isinstance(width, int) and isinstance(height, int) and width * height > MOST_PIXELS_TOGETHER:
            raise Refused("pixels")
        if any("/Flate" in name or name == "/Fl" for name in _filters(stream)):
            self._inflated += _inflated(stream._data)  # noqa: SLF001  (pypdf offers the bytes as they stand nowhere else)
        if self._inflated > 10 * MOST_INFLATED:
            raise Refused("inflates")


def _by_itself(value: DictionaryObject) -> Removed | None:
    """What acts, is a file or plays, wherever it hangs."""
    if _resolved(value.get("/S")) in _ACTIONS:
        return "actions"
    if _resolved(value.get("/Type")) in {"/Filespec", "/F", "/EmbeddedFile"}:
        return "files"
    return "annotations" if _resolved(value.get("/Subtype")) in _PLAYING and "/Rect" in value else None


def _is_drawn(value: DictionaryObject) -> bool:
    kind, sort = _resolved(value.get("/Type")), _resolved(value.get("/Subtype"))
    return kind in _DRAWN or sort in {"/Image", "/Form"} or "/ShadingType" in value or "/FunctionType" in value


def _filters(stream: StreamObject) -> list[str]:
    named = _resolved(stream.get("/Filter"))
    names = list(named) if isinstance(named, ArrayObject) else [named]
    found = [str(_resolved(name)) for name in names if name is not None]
    if sum("/Flate" in name or name in {"/Fl", "/LZWDecode", "/RunLengthDecode"} for name in found) > 1:
        raise Refused("inflates")  # folded twice: of use to nobody but who means it
    return found


def _inflated(data: bytes) -> int:
    """To how many bytes zlib data unfolds; what is no such data counts as it is. Raises `Refused`."""
    unfolding, size, rest = zlib.decompressobj(), 0, data
    try:
        while rest and not unfolding.eof:
            size += len(unfolding.decompress(rest, _CHUNK))
            rest = unfolding.unconsumed_tail
            if size > MOST_INFLATED:
                raise Refused("inflates")
    except zlib.error:
        return len(data)
    return size


def _resolved(value: Any) -> Any:  # noqa: ANN401  (any object of a PDF)
    return value.get_object() if isinstance(value, IndirectObject) else value
