"""How does the scan of a signed sheet file itself: which sheet is it, and was it made by this register?

A scan comes from outside: it is cleaned in a process of its own first, as every paper is. The code on it is read and looked
for among the sheets that this register made; then it is kept as evidence under its content hash. A code that nobody here
printed files nothing.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import PIL.Image
import pypdf
import pypdf.errors
import zxingcpp

from registry import papers
from registry.evidence import apart, keeping
from registry.sheets.notice import WORD
from registry.sheets.refusals import SheetError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Officer
    from registry.store.engines import Store

KIND = "公示签字件"
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


class ScanUnreadable(SheetError):
    """Raised when a file is no picture and no PDF, or no code of a sheet can be read on it."""

    def __init__(self) -> None:
        """What helps."""
        super().__init__(
            "扫描件上读不到公示图表的二维码: 用 300 dpi 以上重扫整页(PNG、JPEG、TIFF 或 PDF), 不要折叠、遮挡右上角",
            "no code of a sheet can be read on the scan: scan the whole page at 300 dpi or more (PNG, JPEG, TIFF or PDF), "
            "its upper right corner flat and uncovered",
        )


class NotOurSheet(SheetError):
    """Raised when a code was printed by nobody here: another register's, an altered one, or a made-up one."""

    def __init__(self) -> None:
        """What is on the scan is not repeated."""
        super().__init__(
            "二维码里的图表不是本登记库印出的, 没有归档: 核对是哪个旗的图表, 或重新打印后再签",
            "the sheet on the scan was not printed by this register, nothing was filed: check whose it is, or print it anew",
        )


@dataclass(frozen=True, slots=True)
class Filed:
    """A sheet that came back: its code, the content hash of what is kept of the scan, and whether it was filed before."""

    code: str
    source: str
    again: bool


def read_codes(scan: bytes) -> list[str]:
    """The codes of sheets on the pictures of a scan, in the order of its pages. Raises `ScanUnreadable`."""
    found = [
        barcode.text
        for picture in _pictures(scan)
        for barcode in zxingcpp.read_barcodes(picture.convert("L"), formats=_QR)
        if barcode.text.startswith(f"{WORD} ")
    ]
    if not found:
        raise ScanUnreadable
    return list(dict.fromkeys(found))


def file_scan(store: Store, officer: Officer, scan: bytes) -> list[Filed]:
    """File a scan under each sheet on it. Raises `ScanUnreadable`, `NotOurSheet`; then nothing was kept."""
    try:
        cleaned = apart.cleaned(scan)
        codes = read_codes(cleaned.content)
    except apart.EvidenceRefused as refused:
        raise ScanUnreadable from refused
    with store.reading() as connection:
        made = _made(store, connection)
    if not set(codes) <= made:
        raise NotOurSheet
    days = [code.split(" ")[4] for code in codes]
    about = "; ".join(codes)[: keeping.LONGEST_ABOUT]
    piece = keeping.receive(store, officer, scan, kind=KIND, dated=days[0], about=about, cleaned=cleaned)
    digest = bytes.fromhex(piece.content_hash)
    # Before scans were cleaned they were filed under their own hash.
    known = {digest, hashlib.sha256(scan).digest()}
    with store.reading() as connection:
        back = [paper for paper in papers.papers(store, connection) if paper.what == papers.FILED and paper.digest in known]
    filed = {paper.detail["code"] for paper in back}
    for code in codes:
        if code not in filed:
            papers.enter(store, officer, papers.FILED, code.split(" ")[1], digest, KIND, {"code": code})
    return [Filed(code, piece.content_hash, code in filed) for code in codes]


class Scan(NamedTuple):
    """A scan that came back: its content hash, and the second of UTC in which it was taken in."""

    source: str
    at: str


def sheets_of(store: Store, connection: Connection, village: str) -> list[tuple[str, list[Scan]]]:
    """Every sheet of notice made of a village, in order, each with the scans that came back."""
    rows = papers.papers(store, connection, village)
    back: dict[str, list[Scan]] = {}
    for paper in rows:
        if paper.what == papers.FILED:
            back.setdefault(paper.detail["code"], []).append(Scan(paper.digest.hex(), paper.at))
    made = dict.fromkeys(code for paper in rows if paper.what == "sheet-notice" for code in paper.detail["codes"])
    return [(code, back.get(code, [])) for code in made]


def _made(store: Store, connection: Connection) -> set[str]:
    rows = papers.papers(store, connection)
    return {code for paper in rows if paper.what == "sheet-notice" for code in paper.detail["codes"]}


def _pictures(scan: bytes) -> Iterator[PIL.Image.Image]:
    try:
        if scan.startswith(b"%PDF"):
            for page in pypdf.PdfReader(io.BytesIO(scan)).pages:
                for image in page.images:
                    if image.image is not None:
                        yield image.image
        else:
            with PIL.Image.open(io.BytesIO(scan)) as picture:
                yield picture
    except (OSError, ValueError, PIL.Image.DecompressionBombError, pypdf.errors.PyPdfError) as broken:
        raise ScanUnreadable from broken
