"""Files that mean harm, or could: each made here, by hand where a library would not make it, each with what must come of it.

`CORPUS`: the name of the trick, what makes the file, and the reasons for which it may be refused; none where it must be cleaned,
both where either is right (what is broken may still be readable).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter

if TYPE_CHECKING:
    from collections.abc import Callable

SCRIPT = b"app.alert('sanquan-canary')"
CANARY = b"sanquan-canary"
CLEANED = ""


def picture(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """A small picture that is not of one colour."""
    pixels = bytes((x * 7 + y * 3) % 256 for y in range(height) for x in range(width))
    return Image.frombytes("L", (width, height), pixels).convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """As a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def zipped() -> bytes:
    """A zip with one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("canary.txt", CANARY)
    return out.getvalue()


def photograph() -> bytes:
    """A JPEG as a telephone writes it: position, device, time, a comment."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Huawei", "sanquan-canary"
    details = exif.get_ifd(0x8769)
    details[0x9003], details[0x9011] = "2026:11:20 09:12:00", "+08:00"
    position = exif.get_ifd(0x8825)
    position[1], position[2], position[3], position[4] = "N", (38.0, 36.0, 12.3), "E", (108.0, 50.0, 45.6)
    return saved(picture(), "JPEG", exif=exif, comment=CANARY)


def png(width: int, height: int, body: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of grey pixels, told as it is told: nobody checks that the body has so many."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(body)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def jpeg_of_size(width: int, height: int) -> bytes:
    """A JPEG whose header says a size that it has not."""
    good = bytearray(saved(picture(), "JPEG"))
    at = good.index(b"\xff\xc0")
    good[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(good)


def pdf(*more: bytes, catalog: bytes = b"", page: bytes = b"", content: bytes = b"0 0 m 9 9 l S") -> bytes:
    """A PDF of one page: object 1 the catalog, 2 the pages, 3 the page, 4 its content, 5 on what is handed in."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<<>>" + page + b">>",
        stream(content),
        *more,
    ]
    return written(objects)


def stream(data: bytes, words: bytes = b"") -> bytes:
    """A stream with its length."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), words, data)


def written(objects: list[bytes]) -> bytes:
    """Objects 1, 2, … with their table."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def annotated(*annotations: bytes) -> bytes:
    """A page with annotations."""
    return pdf(page=b"/Annots[" + b" ".join(annotations) + b"]")


def _annotation(sort: bytes, more: bytes) -> bytes:
    return b"<</Type/Annot/Subtype/" + sort + b"/Rect[0 0 99 99]" + more + b">>"


def _script() -> bytes:
    return b"<</S/JavaScript/JS(" + SCRIPT.replace(b"(", b"\\(").replace(b")", b"\\)") + b")>>"


def _encrypted() -> bytes:
    writer, out = PdfWriter(PdfReader(io.BytesIO(pdf()))), io.BytesIO()
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def _with_tricks_in_an_object_stream() -> bytes:
    """The same hidden where no search of the bytes finds it, with its name written otherwise."""
    inner = b"<</S/J#61vaScript/JS(sanquan-canary)>>"
    packed = zlib.compress(b"5 0 " + inner)
    body = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/AA<</O 5 0 R>>/Annots[<</Subtype/Widget/Rect[0 0 9 9]/A 5 0 R>>]>>",
        b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(body, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    rows = [(0, 0, 65535), *((1, place, 0) for place in places), (2, 4, 0), (1, len(out), 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    out += b"6 0 obj\n<</Type/XRef/Size 7/Root 1 0 R/W[1 4 2]/Length %d>>stream\n%s\nendstream\nendobj\n" % (len(table), table)
    out += b"startxref\n%d\n%%%%EOF\n" % rows[-1][1]
    return bytes(out)


def _tiff_that_goes_round() -> bytes:
    """The last page says that the first one comes next."""
    good = bytearray(saved(picture(mode="L"), "TIFF"))
    first = struct.unpack_from("<I", good, 4)[0]
    entries = struct.unpack_from("<H", good, first)[0]
    struct.pack_into("<I", good, first + 2 + 12 * entries, first)
    return bytes(good)


def _tiff_of_size(width: int, height: int) -> bytes:
    good = bytearray(saved(picture(mode="L"), "TIFF"))
    first = struct.unpack_from("<I", good, 4)[0]
    for entry in range(struct.unpack_from("<H", good, first)[0]):
        at = first + 2 + 12 * entry
        tag = struct.unpack_from("<H", good, at)[0]
        if tag in {256, 257}:
            struct.pack_into("<HII", good, at + 2, 4, 1, width if tag == 256 else height)
    return bytes(good)


def _pages(many: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(many))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    head = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % many]
    return written([*head, *[page] * many])


@cache
def _bomb() -> bytes:
    """A content stream that unfolds to 600 MB. Kept: folding them is long, and what is folded is small."""
    fold = zlib.compressobj(9)
    blank = b" " * (1 << 20)
    packed = b"".join(fold.compress(blank) for _ in range(600)) + fold.flush()
    return pdf(b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed), page=b"/X 5 0 R")


def _folded_twice() -> bytes:
    packed = zlib.compress(zlib.compress(b" " * (1 << 24)))
    words = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream"
    return pdf(words % (len(packed), packed), page=b"/X 5 0 R")


def _png_with_a_bomb_of_text() -> bytes:
    text = b"note\0\0" + zlib.compress(b"x" * (80 << 20))
    return png(8, 8, bytes(9 * 8), (b"zTXt", text))


def _moving() -> bytes:
    frames = [picture(mode="L"), picture(mode="L").rotate(90), picture(mode="L").rotate(180)]
    return saved(frames[0], "PNG", save_all=True, append_images=frames[1:])


def _words() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", CANARY.decode())
    info.add_itxt("XML:com.adobe.xmp", "<x>sanquan-canary</x>")
    return info


_FILE = b"<</Type/Filespec/F(canary.exe)/EF<</F 6 0 R>>>>"
_EMBEDDED = stream(CANARY, b"/Type/EmbeddedFile")
_XFA = b"<</Fields[]/XFA 5 0 R>>"
_HUGE = b"/Subtype/Image/Width 99999/Height 99999"
_ROOT = b"<</Type/Catalog/Pages 2 0 R>>"


def _with_a_file_in(sort: bytes, more: bytes) -> bytes:
    return pdf(_FILE, _EMBEDDED, page=b"/Annots[" + _annotation(sort, more) + b"]")


def _with_an_action_that_leads_on() -> bytes:
    return annotated(_annotation(b"Stamp", b"/A<</S/GoTo/Next[" + _script() + b"]>>"))


def _scan_of(pages: int) -> bytes:
    return saved(picture(mode="1"), "TIFF", save_all=True, append_images=[picture(mode="1")] * (pages - 1))


CORPUS: tuple[tuple[str, Callable[[], bytes], frozenset[str]], ...] = tuple(
    (name, make, frozenset(outcomes))
    for name, make, *outcomes in (
        ("photograph with position, device, comment", photograph, CLEANED),
        ("jpeg with a zip behind it", lambda: saved(picture(), "JPEG") + zipped(), CLEANED),
        ("jpeg with a page behind it", lambda: saved(picture(), "JPEG") + b"<script>sanquan-canary</script>", CLEANED),
        ("jpeg with further pictures", lambda: saved(picture(), "MPO", save_all=True, append_images=[picture()]), CLEANED),
        ("png with words beside it", lambda: saved(picture(), "PNG", pnginfo=_words()), CLEANED),
        ("png with a zip behind it", lambda: saved(picture(), "PNG") + zipped(), CLEANED),
        ("png of 3600 million pixels", lambda: png(60_000, 60_000, b""), "pixels"),
        ("png of 49 million pixels in 50 kB", lambda: png(7000, 7000, bytes(7001 * 7000)), CLEANED),
        ("png with a bomb of text", _png_with_a_bomb_of_text, "unreadable", CLEANED),
        ("png cut short", lambda: saved(picture(400, 300), "PNG")[:-500], "unreadable"),
        ("png that moves", _moving, "animated"),
        ("png of nothing", lambda: png(8, 8, b""), "unreadable"),
        ("jpeg of 65500 by 65500", lambda: jpeg_of_size(65_500, 65_500), "pixels"),
        ("jpeg cut short", lambda: saved(picture(400, 300), "JPEG")[:-900], "unreadable"),
        ("jpeg of three bytes", lambda: b"\xff\xd8\xff", "unreadable"),
        ("tiff of 60 pages", lambda: _scan_of(60), "pages"),
        ("tiff of 100000 by 100000", lambda: _tiff_of_size(100_000, 100_000), "pixels"),
        ("tiff that goes round", _tiff_that_goes_round, "unreadable", CLEANED),
        ("tiff cut short", lambda: saved(picture(400, 300), "TIFF")[:200], "unreadable"),
        ("gif that moves", lambda: saved(picture(mode="P"), "GIF", save_all=True, append_images=[picture(mode="P")]), "type"),
        ("bmp", lambda: saved(picture(), "BMP"), "type"),
        ("webp", lambda: saved(picture(), "WEBP"), "type"),
        ("heic", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64), "type"),
        ("svg with a script", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "type"),
        ("page called pdf", lambda: b"<html><script>alert(1)</script>", "type"),
        ("zip called pdf, or a docx", zipped, "type"),
        ("program called jpg", lambda: b"MZ\x90\0" + bytes(200), "type"),
        ("postscript", lambda: b"%!PS-Adobe-3.0\nshowpage\n", "type"),
        ("nothing", lambda: b"", "empty"),
        ("text", "同意".encode, "type"),
        ("pdf with a zip before it", lambda: zipped() + pdf(), "type"),
        ("pdf with a zip behind it", lambda: pdf() + zipped(), CLEANED),
        ("pdf that runs a script when opened", lambda: pdf(catalog=b"/OpenAction" + _script()), CLEANED),
        ("pdf with scripts by name", lambda: pdf(catalog=b"/Names<</JavaScript<</Names[(a)" + _script() + b"]>>>>"), CLEANED),
        ("pdf page with a script", lambda: pdf(page=b"/AA<</O" + _script() + b"/C" + _script() + b">>"), CLEANED),
        ("pdf with a script in an object stream", _with_tricks_in_an_object_stream, CLEANED),
        ("pdf that starts a program", lambda: annotated(_annotation(b"Widget", b"/A<</S/Launch/F(canary.exe)>>")), CLEANED),
        ("pdf that opens an address", lambda: annotated(_annotation(b"Link", b"/A<</S/URI/URI(http://x.test/)>>")), CLEANED),
        ("pdf whose action leads to a script", _with_an_action_that_leads_on, CLEANED),
        ("pdf that sends a form", lambda: annotated(_annotation(b"Widget", b"/AA<</D<</S/SubmitForm/F(x)>>>>")), CLEANED),
        ("pdf with a file inside", lambda: pdf(_FILE, _EMBEDDED, catalog=b"/Names<</EmbeddedFiles<</Names[(a)5 0 R]>>>>"), CLEANED),
        ("pdf with a file pinned to it", lambda: _with_a_file_in(b"FileAttachment", b"/FS 5 0 R"), CLEANED),
        ("pdf page with a file of its own", lambda: pdf(_FILE, _EMBEDDED, page=b"/AF[5 0 R]"), CLEANED),
        ("pdf that plays", lambda: _with_a_file_in(b"RichMedia", b"/RichMediaContent 5 0 R"), CLEANED),
        ("pdf with a form's program", lambda: pdf(stream(SCRIPT), catalog=b"/AcroForm" + _XFA), CLEANED),
        ("pdf with a password", _encrypted, "encrypted"),
        ("pdf that unfolds to 600 MB", _bomb, "inflates"),
        ("pdf folded twice", _folded_twice, "inflates"),
        ("pdf that takes from elsewhere", lambda: pdf(stream(b"", b"/F(/etc/passwd)"), page=b"/X 5 0 R"), "external"),
        ("pdf with a picture of 10^10 pixels", lambda: pdf(stream(b"", _HUGE), page=b"/X 5 0 R"), "pixels"),
        ("pdf of 501 pages", lambda: _pages(501), "pages"),
        ("pdf of no page", lambda: written([_ROOT, b"<</Type/Pages/Kids[]/Count 0>>"]), "unreadable"),
        ("pdf whose pages go round", lambda: written([_ROOT, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]), "unreadable", "lost"),
        ("pdf nested 100000 deep", lambda: pdf(b"[" * 100_000 + b"]" * 100_000, page=b"/X 5 0 R"), "unreadable", "lost"),
        ("pdf cut short", lambda: pdf()[:120], "unreadable"),
        ("pdf of six bytes", lambda: b"%PDF-1", "unreadable"),
    )
)  # fmt: skip
