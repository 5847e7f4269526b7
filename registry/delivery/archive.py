"""A delivery, or an export of a book, that comes as a zip: may it be unpacked, and where to?

Nothing of it is believed before it is counted: how many files, how large, how much they swell, what they are called.
Names without the UTF-8 flag are GBK, as Windows in Chinese writes them. Unpacked into a scratch folder that goes with the
import; an archive inside the archive stays closed.
"""

from __future__ import annotations

import os
import stat
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.delivery.faults import Faults

_MOST_SWELLING = 200
# A blank dBASE field swells as much as a bomb does; small files may.
_SMALL = 32 << 20
_CHUNK = 1 << 20
_UTF8_FLAG, _ENCRYPTED = 0x800, 0x1
_LOCAL_HEADER = 30
# In bytes, as file systems count them; what Windows packs is shorter.
_LONGEST_NAME, _LONGEST_PATH = 255, 2_000

_LOCKED = ("有密码", "it is encrypted")
_LINK = ("含有链接", "it holds a link")
_UNUSUAL = ("用了少见的压缩方法", "it is packed in an unusual way")
_SWELLS = ("一个文件展开后大得不合理", "one file swells beyond measure")
_ONE_NAME = ("有同名文件", "two files have one name")
_OVERLAP = ("文件互相重叠", "its files overlap")
_NAME_UNREADABLE = ("文件名既不是 UTF-8 也不是 GBK", "a file name is neither UTF-8 nor GBK")
_NAME_ELSEWHERE = ("文件名指向文件夹之外", "a file name leads out of the folder")
_NAME_TOO_LONG = ("文件名太长", "a file name is too long")
_FILE_AND_FOLDER = ("同一个名字既是文件又是文件夹", "one name is a file and a folder")
_LARGER = ("文件比声明的大", "a file is larger than announced")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many files an archive may hold, and how many megabytes they may be when unpacked."""

    files: int
    megabytes: int

    @property
    def size(self) -> str:
        """As a report shows it."""
        return f"{self.megabytes >> 10} GB" if self.megabytes >= 1 << 10 else f"{self.megabytes} MB"


DELIVERY = Bounds(20_000, 8 << 10)


class _Refused(Exception):
    """Raised inside this file with the reason in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.reason = (zh, en)


@contextmanager
def unpacked(path: Path, faults: Faults, most: Bounds = DELIVERY) -> Iterator[Path]:
    """The folder that was delivered: the path itself, or where the zip was unpacked to while the block lasts."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="sanquan-delivery-") as scratch:
        folder = Path(scratch) / "delivery"
        folder.mkdir()
        try:
            _unpack(path, folder, most)
        except _Refused as refused:
            faults.whole("archive-refused", path.name, reason=refused.reason)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as bad:
            reason = (f"损坏或不是 zip（{type(bad).__name__}）", f"damaged, or no zip ({type(bad).__name__})")
            faults.whole("archive-refused", path.name, reason=reason)
        yield folder


def _unpack(path: Path, folder: Path, most: Bounds) -> None:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > most.files:
            count = len(members)
            zh, en = f"有 {count} 个文件，最多 {most.files}", f"{count} files, at most {most.files}"
            raise _Refused(zh, en)
        named = [(member, _name(member)) for member in members]
        _check(members, [name for _, name in named], most)
        left = most.megabytes << 20
        for member, name in named:
            target = folder.joinpath(*name.parts)
            if member.is_dir() or member.filename.endswith("\\"):
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            left -= _copy(archive, member, target, left)


def _check(members: list[zipfile.ZipInfo], names: list[PurePosixPath], most: Bounds) -> None:
    """What the directory of the archive says of itself."""
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise _Refused(*_LOCKED)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _Refused(*_LINK)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _Refused(*_UNUSUAL)
        if member.file_size > max(_SMALL, _MOST_SWELLING * member.compress_size):
            raise _Refused(*_SWELLS)
    if sum(member.file_size for member in members) > most.megabytes << 20:
        zh, en = f"展开后超过 {most.size}", f"it is over {most.size} when unpacked"
        raise _Refused(zh, en)
    files = [str(name).casefold() for name, member in zip(names, members, strict=True) if not member.is_dir()]
    if len(set(files)) != len(files):
        raise _Refused(*_ONE_NAME)
    folders = {str(above).casefold() for name in names for above in name.parents}
    folders |= {str(name).casefold() for name, member in zip(names, members, strict=True) if member.is_dir()}
    if not folders.isdisjoint(files):
        raise _Refused(*_FILE_AND_FOLDER)
    spans = sorted((member.header_offset, _LOCAL_HEADER + member.compress_size) for member in members)
    if any(start + size > following for (start, size), (following, _) in pairwise(spans)):
        raise _Refused(*_OVERLAP)


def _name(member: zipfile.ZipInfo) -> PurePosixPath:
    """A member's path below the folder. Refuses what would lie elsewhere, or under a name that Windows keeps."""
    name = member.orig_filename
    if not member.flag_bits & _UTF8_FLAG:
        raw = name.encode("cp437")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            try:
                name = raw.decode("gbk")
            except UnicodeDecodeError:
                raise _Refused(*_NAME_UNREADABLE) from None
    path = PurePosixPath(normalize("NFC", name.replace("\\", "/")))
    if "\0" in name or ":" in name or path.is_absolute() or ".." in path.parts or not path.parts:
        raise _Refused(*_NAME_ELSEWHERE)
    if len(os.fsencode(path)) > _LONGEST_PATH or any(len(os.fsencode(part)) > _LONGEST_NAME for part in path.parts):
        raise _Refused(*_NAME_TOO_LONG)
    return path


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Write one file, no more than was announced. The CRC is checked by reading to the end."""
    written = 0
    with archive.open(member) as source, target.open("xb") as out:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > min(member.file_size, left):
                raise _Refused(*_LARGER)
            out.write(chunk)
    return written
