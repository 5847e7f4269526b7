"""What is left of a photograph or scan? Its pixels, drawn anew; of what the camera wrote beside them only the time.

Whatever stood before, between or behind the picture is not copied: a second file in the same bytes ends here.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageOps, TiffImagePlugin, UnidentifiedImageError

from registry.evidence.cleaned import Cleaned
from registry.evidence.limits import MOST_PIXELS, MOST_PIXELS_TOGETHER, MOST_SCANNED_PAGES, MediaType, Refused

if TYPE_CHECKING:
    from registry.evidence.limits import Removed

_PILLOW: Final[dict[MediaType, str]] = {"image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF"}
_DETAILS, _POSITION = 0x8769, 0x8825
_TAKEN, _ZONE = 0x9003, 0x9011
_DEVICE: Final = {0x010F, 0x0110, 0x013C, 0xA430, 0xA431, 0xA433, 0xA434, 0xA435}
_TIME: Final = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_ZONE_FORM: Final = re.compile(r"[+-]\d\d:\d\d")
_QUALITY = 92
_UNREADABLE: Final = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError,
    OverflowError, EOFError, RuntimeError, NotImplementedError, ZeroDivisionError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow is known to raise over a broken file; memory past measure ends the process."""

Image.MAX_IMAGE_PIXELS = None  # measured below, before a pixel is read
TiffImagePlugin.READ_LIBTIFF = False


def clean_image(content: bytes, kind: MediaType) -> Cleaned:
    """The picture again, without anything beside it. Raises `Refused`."""
    try:
        with Image.open(io.BytesIO(content), formats=[_PILLOW[kind]]) as image:
            return _cleaned(image, kind)
    except _UNREADABLE as broken:
        raise Refused("unreadable") from broken


def _cleaned(image: Image.Image, kind: MediaType) -> Cleaned:
    _refuse_flood(image.width * image.height)  # before anything is asked of it: some answers read the pixels
    frames = int(getattr(image, "n_frames", 1))
    if kind == "image/png" and frames > 1:
        raise Refused("animated")
    if frames > MOST_SCANNED_PAGES:
        raise Refused("pages")
    # A telephone puts further pictures behind a JPEG (depth, brightness): none is what was photographed.
    pages = frames if kind == "image/tiff" else 1
    removed, taken = _beside(image, more=frames > pages)
    drawn = []
    together = 0
    for page in range(pages):
        image.seek(page)
        together += image.width * image.height
        _refuse_flood(image.width * image.height, together)
        drawn.append(_drawn(image, kind))
    first = drawn[0]
    return Cleaned(kind, _written(drawn, kind), taken, pages, first.width, first.height, removed)


def _refuse_flood(pixels: int, together: int = 0) -> None:
    if pixels > MOST_PIXELS or together > MOST_PIXELS_TOGETHER:
        raise Refused("pixels")


def _drawn(image: Image.Image, kind: MediaType) -> Image.Image:
    """The pixels the right way up, as grey, colour or black and white; transparency of a PNG stays."""
    upright = ImageOps.exif_transpose(image)
    upright.load()
    if upright.mode in {"1", "L", "RGB"} or (kind == "image/png" and upright.mode in {"LA", "RGBA", "P"}):
        plain = upright
        if plain.mode == "P":
            plain = plain.convert("RGBA" if "transparency" in plain.info else "RGB")
    elif upright.mode.startswith(("I", "F")):
        plain = upright.convert("F").point(lambda value: value / 256).convert("L")
    else:
        plain = upright.convert("RGB")
    bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    return bare.convert("L") if kind == "image/jpeg" and bare.mode == "1" else bare


def _written(drawn: list[Image.Image], kind: MediaType) -> bytes:
    out = io.BytesIO()
    if kind == "image/jpeg":
        drawn[0].save(out, "JPEG", quality=_QUALITY)
    elif kind == "image/png":
        drawn[0].save(out, "PNG", compress_level=3)
    elif all(page.mode == "1" for page in drawn):
        drawn[0].save(out, "TIFF", compression="group4", save_all=True, append_images=drawn[1:])
    else:
        even = [page if page.mode == drawn[0].mode != "1" else page.convert("RGB") for page in drawn]
        even[0].save(out, "TIFF", compression="jpeg", quality=_QUALITY, save_all=True, append_images=even[1:])
    return out.getvalue()


def _beside(image: Image.Image, *, more: bool) -> tuple[list[Removed], str]:
    """What stood beside the pixels, by kind, and when the camera says that it took them."""
    exif = image.getexif()
    details = exif.get_ifd(_DETAILS)
    removed: list[Removed] = []
    if exif.get_ifd(_POSITION):
        removed.append("position")
    if _DEVICE & {*exif, *details}:
        removed.append("device")
    if details or {"comment", "xmp", "photoshop", "XML:com.adobe.xmp"} & {*image.info} or getattr(image, "text", None):
        removed.append("metadata")
    if more:
        removed.append("pictures")
    return removed, _time(str(details.get(_TAKEN, "")), str(details.get(_ZONE, "")))


def _time(said: str, zone: str) -> str:
    found = _TIME.match(said)
    if found is None:
        return ""
    year, month, day, clock = found.groups()
    return f"{year}-{month}-{day}T{clock}{zone if _ZONE_FORM.fullmatch(zone) else ''}"
