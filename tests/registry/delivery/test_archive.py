"""A zip is counted before it is unpacked, and unpacked nowhere but into its scratch folder."""

from __future__ import annotations

import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.delivery.archive import DELIVERY, Bounds, unpacked
from registry.delivery.faults import Faults
from registry.delivery.register import import_delivery
from registry.store.engines import Store
from tests.registry.delivery.conftest import CLERK

Make = Callable[[zipfile.ZipFile], object]


def refused(path: Path, most: Bounds = DELIVERY) -> str:
    """The English reason for which an archive is not taken."""
    faults = Faults()
    with unpacked(path, faults, most) as folder:
        kept = folder
    assert not kept.exists()
    (fault,) = faults.found
    assert fault.id == "archive-refused"
    return fault.en


def test_delivery_as_a_zip_is_the_delivery(make_store: Callable[[str], Store], sound: Path, tmp_path: Path) -> None:
    """Zipped by another tool, names in GBK without the UTF-8 flag, it goes in; the folder again adds nothing."""
    path = tmp_path / "成果.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for each in sorted(sound.rglob("*")):
            if each.is_file():
                out.writestr(each.relative_to(sound.parent).as_posix(), each.read_bytes())
    _to_gbk(path)
    store = make_store("file")
    report = import_delivery(store, path, CLERK)
    assert (report.folder, report.returned) == (sound.name, False)
    assert import_delivery(store, sound, CLERK).committed is None


def _to_gbk(path: Path) -> None:
    """The same archive as Windows in Chinese writes it: the flag off, the names in GBK."""
    with zipfile.ZipFile(path) as old:
        files = [(info.filename, old.read(info)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in files:
            info = zipfile.ZipInfo(name.encode("gbk").decode("cp437"))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as written:
        for info in written.infolist():
            utf8 = info.orig_filename.encode()
            gbk = info.orig_filename.encode("cp437")
            if utf8 != gbk:
                raw = _renamed(raw, utf8, gbk)
    path.write_bytes(_offsets_mended(raw))


def _renamed(raw: bytes, old: bytes, new: bytes) -> bytes:
    """Local header and directory with the other name, its length, and the flag off."""
    for magic, flags, length, name in ((b"PK\3\4", 6, 26, 30), (b"PK\1\2", 8, 28, 46)):
        at = raw.find(magic)
        while at >= 0:
            size = struct.unpack_from("<H", raw, at + length)[0]
            if raw[at + name : at + name + size] == old:
                head = bytearray(raw[at : at + name])
                struct.pack_into("<H", head, flags, struct.unpack_from("<H", head, flags)[0] & ~0x800)
                struct.pack_into("<H", head, length, len(new))
                raw = raw[:at] + bytes(head) + new + raw[at + name + size :]
                break
            at = raw.find(magic, at + 1)
    return raw


def _offsets_mended(raw: bytes) -> bytes:
    """The directory's offsets, after local headers became shorter."""
    out = bytearray(raw)
    starts = {}
    end = raw.rfind(b"PK\5\6")
    at = 0
    directory = raw.find(b"PK\1\2")
    while raw[at : at + 4] == b"PK\3\4":
        size, length, extra = struct.unpack_from("<I", raw, at + 18)[0], *struct.unpack_from("<HH", raw, at + 26)
        starts[raw[at + 30 : at + 30 + length]] = at
        at += 30 + length + extra + size
    assert at == directory
    while out[at : at + 4] == b"PK\1\2":
        length, extra, comment = struct.unpack_from("<HHH", out, at + 28)
        struct.pack_into("<I", out, at + 42, starts[bytes(out[at + 46 : at + 46 + length])])
        at += 46 + length + extra + comment
    struct.pack_into("<II", out, end + 12, at - directory, directory)
    return bytes(out)


def _link(out: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("150626乌审旗/x")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    out.writestr(info, "/etc/passwd")


def _twice(out: zipfile.ZipFile) -> None:
    out.writestr("a/X.csv", "1")
    out.writestr("a/x.CSV", "2")


HOSTILE: dict[str, tuple[Make, str]] = {
    "traversal": (lambda z: z.writestr("150626乌审旗/../../x", "x"), "leads out"),
    "absolute": (lambda z: z.writestr("/etc/x", "x"), "leads out"),
    "drive": (lambda z: z.writestr("C:/x", "x"), "leads out"),
    "backslash": (lambda z: z.writestr("a\\..\\..\\x", "x"), "leads out"),
    "link": (_link, "link"),
    "same name": (_twice, "one name"),
    "unusual": (lambda z: z.writestr("a/x", "x" * 100, zipfile.ZIP_BZIP2), "unusual"),
    "bomb": (lambda z: z.writestr("a/x", bytes(40 << 20), zipfile.ZIP_DEFLATED), "swells"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archive_is_refused(tmp_path: Path, name: str) -> None:
    """hazards: traversal, absolute and drive names, links, doubled names, bombs."""
    make, reason = HOSTILE[name]
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as out:
        make(out)
    assert reason in refused(path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["x.zip"]


def test_archive_with_too_many_or_too_large_files_is_refused(tmp_path: Path) -> None:
    """Counted in the directory, before anything is unpacked."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as out:
        for n in range(12):
            out.writestr(f"a/{n}", "x" * 100_000)
    assert "12 files, at most 11" in refused(path, Bounds(11, 8 << 10))
    assert "over 1 MB" in refused(path, Bounds(12, 1))
    assert DELIVERY.size == "8 GB"


@pytest.mark.parametrize("kind", ["crc", "cut", "none", "encrypted", "overlap", "nul", "not gbk"])
def test_damaged_or_forged_archive_is_refused(tmp_path: Path, kind: str) -> None:
    """A wrong check sum, a file cut off, a password, files that lie over each other, forged names."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a/aaaa", "content of it")
        out.writestr("a/bbbb", "content of it")
    raw = bytearray(path.read_bytes())
    directory = raw.find(b"PK\1\2")
    second = raw.find(b"PK\1\2", directory + 1)
    if kind == "crc":
        raw[raw.find(b"content")] ^= 1
    elif kind == "cut":
        raw = raw[: len(raw) // 2]
    elif kind == "none":
        raw = bytearray(b"PK\3\4 nothing")
    elif kind == "encrypted":
        raw[directory + 8] |= 1
    elif kind == "overlap":
        struct.pack_into("<I", raw, second + 42, 0)
        raw = bytearray(bytes(raw).replace(b"bbbb", b"aaaB", 2))
    elif kind == "nul":
        raw = bytearray(bytes(raw).replace(b"a/bb", b"a/\0b"))
    else:
        raw = bytearray(bytes(raw).replace(b"a/bb", b"a/\xff\xff"))
    path.write_bytes(bytes(raw))
    assert refused(path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["x.zip"]


def test_folder_is_left_where_it_is(sound: Path) -> None:
    """What is no zip is the delivery itself."""
    faults = Faults()
    with unpacked(sound, faults) as folder:
        assert folder == sound
    assert faults.found == []
    assert sound.is_dir()


def test_refused_archive_registers_nothing(make_store: Callable[[str], Store], tmp_path: Path) -> None:
    """The report names the archive and its reason, and nothing else."""
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK")
    report = import_delivery(make_store("file"), path, CLERK)
    assert [(fault.id, fault.file) for fault in report.faults] == [("archive-refused", "x.zip")]
    assert (report.committed, report.villages) == (None, [])
    shutil.rmtree(tmp_path)
