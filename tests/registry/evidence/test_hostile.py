"""Hostile files: each refused with a reason or cleaned of what it brought, in bounded memory and time, and never a crash."""

from __future__ import annotations

import io
import re
import resource
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from registry.evidence import apart
from registry.evidence.apart import EvidenceRefused
from registry.evidence.clean import clean
from registry.evidence.limits import MOST_SECONDS, WHYS, Refused
from tests.registry.evidence import hostile

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_KB = 700 << 10
"""What a cleaner may take in all: Python and its libraries, and what it is allowed beyond."""
_ACTS = re.compile(
    rb"/(JavaScript|JS|Launch|URI|SubmitForm|ImportData|GoToR|OpenAction|AA|EmbeddedFiles?|EF|AF|XFA|AcroForm|Filespec|RichMedia\w*"
    rb"|Names|Metadata)\b"
)


@pytest.mark.parametrize(("make", "outcomes"), [each[1:] for each in hostile.CORPUS], ids=[each[0] for each in hostile.CORPUS])
def test_hostile_file_is_refused_with_a_reason_or_cleaned(make: Callable[[], bytes], outcomes: frozenset[str]) -> None:
    """Hazards C10: what comes of it is what the corpus says; what is kept holds nothing of what it brought along."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    cleaned, why = None, ""
    try:
        cleaned = apart.cleaned(make())
    except EvidenceRefused as refused:
        why = refused.why
    assert why in outcomes
    if cleaned is not None:
        assert hostile.CANARY not in unfolded(cleaned.content)
        assert b"PK\x03\x04" not in cleaned.content
        if cleaned.media_type == "application/pdf":
            assert not _ACTS.search(unfolded(cleaned.content))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # A copy of this process begins with what this process has, and the greatest of all children is what is told.
    others = max(before.ru_maxrss, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    assert after.ru_maxrss <= max(_MOST_KB, others)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime <= MOST_SECONDS + 1


@pytest.mark.parametrize(("make", "outcomes"), [each[1:] for each in hostile.CORPUS], ids=[each[0] for each in hostile.CORPUS])
def test_cleaner_decides_by_itself_and_not_by_being_killed(make: Callable[[], bytes], outcomes: frozenset[str]) -> None:
    """The limits of the process are the second wall: without them, here, the same comes of each file."""
    why = ""
    try:
        clean(make())
    except Refused as refused:
        why = refused.why
    except RecursionError:
        why = "lost"
    assert why in outcomes


def unfolded(content: bytes) -> bytes:
    """The bytes, and whatever in them is zlib data, unfolded by nobody's library of PDF; names written plainly."""
    found = [content]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(packed, 1 << 24))
        except zlib.error:
            continue
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), b"\n".join(found))


def test_corpus_itself_brings_what_the_test_looks_for() -> None:
    """Guards the test above: searched in the same way, the hostile files that bring a canary or a script do show it."""
    shown = [name for name, make, outcomes in hostile.CORPUS if outcomes == {""} and _brings(make())]
    assert len(shown) >= 18


def _brings(content: bytes) -> bool:
    plain = unfolded(content)
    return hostile.CANARY in plain or b"PK\x03\x04" in plain or _ACTS.search(plain) is not None


def test_photograph_keeps_its_pixels_and_its_time_and_nothing_else() -> None:
    """users.md 2: the day of the photograph is stated; where it was taken, and by which telephone, is gone."""
    cleaned = apart.cleaned(hostile.photograph())
    assert cleaned.taken == "2026-11-20T09:12:00+08:00"
    assert set(cleaned.removed) == {"position", "device", "metadata"}
    with Image.open(io.BytesIO(cleaned.content)) as kept, Image.open(io.BytesIO(hostile.photograph())) as came:
        assert not kept.getexif()
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
        assert kept.size == came.size
        differences = [abs(a - b) for a, b in zip(kept.convert("L").tobytes(), came.convert("L").tobytes(), strict=True)]
    assert sum(differences) / len(differences) < 4


@pytest.mark.parametrize("turn", [3, 6, 8])
def test_photograph_that_lies_on_its_side_is_kept_upright(turn: int) -> None:
    """The camera says how it was held: that word is gone with the others, so the pixels are turned."""
    exif = Image.Exif()
    exif[0x0112] = turn
    lying = hostile.saved(hostile.picture(64, 48), "JPEG", exif=exif)
    cleaned = apart.cleaned(lying)
    assert (cleaned.width, cleaned.height) == ((64, 48) if turn == 3 else (48, 64))


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "LA", "P", "I;16"])
def test_png_keeps_every_pixel(mode: str) -> None:
    """Only what stands beside the pixels goes; 16 bits of grey become 8."""
    image = Image.new("I;16", (9, 9), 513) if mode == "I;16" else hostile.picture(9, 9, mode)
    with Image.open(io.BytesIO(apart.cleaned(hostile.saved(image, "PNG")).content)) as kept:
        wanted = Image.new("L", (9, 9), 2) if mode == "I;16" else image
        assert kept.convert("RGBA").tobytes() == wanted.convert("RGBA").tobytes()


def test_scan_of_several_pages_keeps_them_all() -> None:
    """A TIFF of black and white pages stays one, page by page, to the pixel."""
    pages = [hostile.picture(40 + n, 30, "1") for n in range(5)]
    cleaned = apart.cleaned(hostile.saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert cleaned.pages == 5
    with Image.open(io.BytesIO(cleaned.content)) as kept:
        for place, page in enumerate(pages):
            kept.seek(place)
            assert kept.convert("1").tobytes() == page.tobytes()


def test_same_file_is_cleaned_to_the_same_bytes() -> None:
    """A source is named by what is kept: the same photograph or paper brought twice is one."""
    for make in (hostile.photograph, hostile.pdf):
        assert apart.cleaned(make()).content == apart.cleaned(make()).content


def test_cleaner_reaches_no_network_and_writes_no_file() -> None:
    """The process gives both up before it reads a byte."""
    program = (
        "import socket, sys; from registry.evidence.reader import shut_in; shut_in()\n"
        "try:\n open('/tmp/sanquan-evidence-canary', 'w').write('x' * 10000); print('wrote')\n"
        "except OSError: print('no file')\n"
        "try:\n socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2); print('connected')\n"
        "except OSError: print('no network')\n"
    )
    import socket  # noqa: PLC0415  (of this test alone)

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        ignored = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        done = subprocess.run([sys.executable, "-c", ignored + program, port], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "no file"
    assert done.stdout.split("\n")[1] in {"no network", "connected"}
    if _can_leave_the_network():
        assert done.stdout.split("\n")[1] == "no network"


def _can_leave_the_network() -> bool:
    """Whether the kernel lets us: where it does not (some containers), the cleaner keeps the network that it has."""
    program = "import ctypes; l = ctypes.CDLL(None); print(l.unshare(0x40000000) == 0 or l.unshare(0x50000000) == 0)"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "True"


def test_cleaner_that_dies_or_lies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says is believed only in its form: no word, half a word, another type, an unknown word."""
    said = [
        b"", b"{", b"[]\n", b'{"refused": "whatever"}\n', b'{"media_type": "image/png"}\n\x89PNG\r\n\x1a\n',
        b'{"media_type":"image/png","taken":"","pages":1,"width":1,"height":1,"removed":[]}\n%PDF-',
        b'{"media_type":"image/png","taken":"","pages":-1,"width":1,"height":1,"removed":[]}\n\x89PNG\r\n\x1a\n',
        b'{"media_type":"image/png","taken":"","pages":1,"width":1,"height":1,"removed":["all"]}\n\x89PNG\r\n\x1a\n',
    ]  # fmt: skip
    for words in said:
        done = subprocess.CompletedProcess([], 0, words, b"")
        monkeypatch.setattr(subprocess, "run", lambda *_a, done=done, **_k: done)
        with pytest.raises(EvidenceRefused) as refused:
            apart.cleaned(hostile.pdf())
        assert refused.value.why == "lost"


@settings(max_examples=80)
@given(st.sampled_from([hostile.photograph, hostile.pdf, lambda: hostile.saved(hostile.picture(), "PNG")]), st.data())
def test_damaged_file_is_cleaned_or_refused_and_nothing_else(make: Callable[[], bytes], data: st.DataObject) -> None:
    """Whatever bytes are changed, taken out or cut off: the cleaner knows one way to fail."""
    content = bytearray(make())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    why = ""
    try:
        clean(bytes(content[: cut or None]))
    except Refused as refused:
        why = refused.why
    assert why in {"", *WHYS}
