"""A real second process witnesses, over HTTP and over files; what comes back stands under the published head."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from registry import witnessing
from registry.ledger import publishing
from registry.ledger.published import place, read_published
from registry.ledger.publishing import policy_text
from registry.ledger.verify.note import check, parse_note, parse_policy
from registry.rights.model import RIGHT_VERSION
from registry.witness.command import PASSPHRASE_VARIABLE
from registry.witness.words import STATEMENT_ZH
from registry.witnessing import (
    NoAnswerError,
    NoWitnessError,
    WitnessAbsentError,
    WitnessAheadError,
    WitnessRefusedError,
    online,
)
from registry.witnessing.cosigned import NotOurHeadError, NoWitnessKeyError
from registry.witnessing.folder import FolderNotEmptyError
from registry.witnessing.online import AddressError
from tests.attacks.locks_off import damage
from tests.registry import made_up
from tests.registry.witnessing.conftest import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.ledger.verify.note import Policy
    from registry.store.engines import Store
    from tests.registry.witnessing.conftest import Both

ROOT = Path(__file__).parents[3]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What the witness's own process is given."""
    (tmp_path / "words").write_text(f"{WORDS}\n")
    return os.environ | {"PYTHONPATH": str(ROOT), PASSPHRASE_VARIABLE: str(tmp_path / "words")}


@pytest.fixture
def url(both: Both, environment: dict[str, str]) -> Iterator[str]:
    """The witness as a process of its own; where it answers."""
    command = [sys.executable, "-m", "registry.witness", "serve", str(both.witness.settings.folder), "--port", "0"]
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert isinstance(process.stdout, io.TextIOWrapper)
        yield process.stdout.readline().rpartition(" ")[2].strip()
        process.terminate()


def policy_of(store: Store) -> Policy:
    """What a verifier asks for."""
    with store.reading() as connection:
        return parse_policy(policy_text(connection))


def one_more(both: Both) -> None:
    """An event and a publication: the log grows."""
    made_up.settle(both.store, both.village, "2019-06-01")
    publishing.publish(both.store)


def test_second_process_cosigns_over_http(both: Both, url: str) -> None:
    """Handed the whole log at first, then only what is new; a stranger's replay finds its line, and a publisher leaves it."""
    store = both.store
    first = witnessing.ask(store, url)
    assert first.published
    assert [name for name, _ in first.witnesses] == ["bureau.example/jiancha"]
    again = witnessing.ask(store, url)
    assert again.size == first.size
    one_more(both)
    second = witnessing.ask(store, url)
    assert second.size > first.size
    checkpoint = (store.settings.published / "checkpoint").read_bytes()
    assert check(checkpoint, policy_of(store)).checkpoint.size == second.size
    read = read_published(place(str(store.settings.published)), policy_of(store), first.note)
    assert read.ok
    publishing.publish(store)
    assert (store.settings.published / "checkpoint").read_bytes() == checkpoint
    assert (witnessing.best(store), witnessing.cosigned_size(store)) == (checkpoint, second.size)


def test_second_process_cosigns_over_files(both: Both, environment: dict[str, str], tmp_path: Path) -> None:
    """Out, check, cosign, back, while the log goes on: the line is kept with its head, and the next request goes on from it."""
    store, stick = both.store, tmp_path / "stick"
    assert witnessing.write_out(store, stick)[0] == 0
    one_more(both)
    for word in ("check", "cosign"):
        command = [sys.executable, "-m", "registry.witness", word, str(both.witness.settings.folder), str(stick)]
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    taken = witnessing.bring_back(store, stick)
    assert not taken.published
    assert witnessing.best(store) == taken.note
    start, size = witnessing.write_out(store, tmp_path / "next")
    assert (start, size > taken.size) == (taken.size, True)
    assert witnessing.take(store, taken.note).witnesses == taken.witnesses


def test_large_log_is_handed_over_in_parts(both: Both, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few entries at a time, each part where the one before ended: the same line comes back."""
    monkeypatch.setattr(online, "_PART_BYTES", 2_000)
    assert witnessing.ask(both.store, url).published


@pytest.mark.parametrize(
    ("path", "answer", "raised"),
    [
        ("add-checkpoint", (200, b"no line"), WitnessAbsentError),
        ("add-checkpoint", (200, b"\xff"), WitnessAbsentError),
        ("add-checkpoint", (409, b"many\n"), WitnessAbsentError),
        ("add-checkpoint", (409, b"0\n"), WitnessRefusedError),
        ("add-checkpoint", (500, "不行".encode() + b"\x1b[31m"), WitnessRefusedError),
        ("entries", (409, b"7\n"), WitnessAbsentError),
        ("entries", (500, b""), WitnessAbsentError),
    ],
)
def test_witness_that_answers_wrongly_is_a_sentence(
    both: Both, monkeypatch: pytest.MonkeyPatch, path: str, answer: tuple[int, bytes], raised: type[Exception]
) -> None:
    """No line, no size, the same size for ever, an error of its own with a control character in it: nothing is taken."""

    def post(_door: object, asked: str, _content: bytes, _seconds: int) -> tuple[int, bytes]:
        return answer if asked.endswith(path) else (428, b"")

    monkeypatch.setattr(online._Door, "post", post)  # noqa: SLF001  (the wire itself is replaced)
    with pytest.raises(raised) as told:
        witnessing.ask(both.store, "http://127.0.0.1:1")
    assert "\x1b" not in str(told.value)
    assert witnessing.cosigned_size(both.store) == 0


def test_receipt_is_one_page_that_says_what_was_signed(both: Both, url: str) -> None:
    """Made only of what verifies: origin, size, who and when, and the sentence that the inspector asks for."""
    taken = witnessing.ask(both.store, url)
    pages = PdfReader(io.BytesIO(witnessing.receipt_pdf(taken.note, policy_of(both.store)))).pages
    text = pages[0].extract_text().replace("\n", "")
    assert len(pages) == 1
    for word in ("监督签名回执", "log.example/sanquan", str(taken.size), "bureau.example/jiancha", STATEMENT_ZH[:12]):
        assert word in text


def test_witness_that_is_absent_stops_nothing(both: Both) -> None:
    """A refused connection is a sentence; the head stays published and remembered."""
    before = (both.store.settings.published / "checkpoint").read_bytes()
    with pytest.raises(WitnessAbsentError):
        witnessing.ask(both.store, "http://127.0.0.1:9/")
    assert (both.store.settings.published / "checkpoint").read_bytes() == before
    assert witnessing.cosigned_size(both.store) == 0


@pytest.mark.parametrize("address", ["", "ftp://127.0.0.1", "http://witness.example", "http://10.0.0.5:8770", "https://a/?x=1", "https://"])
def test_pairs_never_leave_in_the_clear(both: Both, address: str) -> None:
    """Plain http stays on this machine."""
    with pytest.raises(AddressError):
        witnessing.ask(both.store, address)


def test_restored_backup_learns_that_the_witness_is_ahead(both: Both, url: str, tmp_path: Path) -> None:
    """A witness that signed more than is published here: refused with the range that is missing."""
    old = {name: (both.store.settings.published / name).read_bytes() for name in ("checkpoint",)}
    first = parse_note(old["checkpoint"])
    one_more(both)
    witnessing.ask(both.store, url)
    (both.store.settings.published / "checkpoint").write_bytes(old["checkpoint"])
    with pytest.raises(WitnessAheadError, match=first.text.split("\n")[1]):
        witnessing.ask(both.store, url)


def test_unlawful_register_is_refused_over_http(both: Both, url: str) -> None:
    """Guards off, a version moved into another hand behind the log: its pairs no longer are what the entry names."""
    edit = sa.update(RIGHT_VERSION).where(RIGHT_VERSION.c.ver == 1).values(digest=bytes(32))
    damage(both.store, lambda connection: connection.execute(edit), RIGHT_VERSION.name)
    with pytest.raises(WitnessRefusedError, match="P4"):
        witnessing.ask(both.store, url)


def test_what_comes_back_must_be_ours_and_of_a_witness_that_we_name(both: Both, url: str, tmp_path: Path) -> None:
    """No answer, another log's head, a head that was never ours, a line of nobody."""
    store = both.store
    with pytest.raises(NoAnswerError):
        witnessing.bring_back(store, tmp_path)
    taken = witnessing.ask(store, url)
    with pytest.raises(NoWitnessError):
        witnessing.take(store, taken.note.rpartition("— ".encode())[0])
    with pytest.raises(NotOurHeadError):
        witnessing.take(store, taken.note.replace(b"log.example", b"log.another"))
    with pytest.raises(NotOurHeadError):
        witnessing.take(store, taken.note.replace(f"\n{taken.size}\n".encode(), f"\n{taken.size - 1}\n".encode()))
    with pytest.raises(FolderNotEmptyError):
        witnessing.write_out(store, store.settings.published)


def test_witness_must_be_named_with_a_key_of_its_kind(both: Both) -> None:
    """The log's own key is none; a name that stands can't be given twice."""
    with pytest.raises(NoWitnessKeyError):
        witnessing.trust(both.store, policy_of(both.store).logs[0].__str__(), "another", quorum=False)
    with pytest.raises(ValueError, match="line"):
        witnessing.trust(both.store, str(both.witness.signer.key), "jiancha", quorum=False)
