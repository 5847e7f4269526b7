"""How is what takes long made, one after the other, while the service goes on answering, and how long is it kept?

Jobs are state of this process and files in a folder that goes with it: nothing of them is in the register. One is made at
a time, few may wait, and an id is 192 random bits. Of an export whoever has the id may fetch the file, for it names nobody; a
hand-in names everybody: it is its account's alone, and lies on disk sealed by a key that its job alone has.
"""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import tempfile
import zipfile
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import orjson
import structlog
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.answers.exports import ExportNotFoundError, ExportNotReadyError, TooManyExportsError
from gis.errors import GisError
from registry.errors import SanquanError
from registry.exports.beside import provenance
from registry.ways_out import MEDIA_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Response

    from api.answers.exports import ExportIn
    from registry.exports.scope import Scope
    from registry.exports.write import Exported
    from registry.handin import HandedIn
    from registry.ledger.commit import Officer
    from registry.store.engines import Store
    from registry.subsidies import SubsidyCheck

MOST_UNFINISHED = 8
KEPT = dt.timedelta(hours=1)
"""How long what was made, or the reason why there is nothing, is kept after the end."""
_NONCE = 12


class Stopped(Exception):
    """Raised within a job when the service stops."""


@dataclass(slots=True, kw_only=True)
class Kept:
    """One thing that is kept for an account ("" while there are none): how far it is, and why there is none of it."""

    account: str
    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    problem: dict[str, Any] | None = None
    expires: dt.datetime | None = None

    def told(self) -> dict[str, Any]:
        """How far it is, as every job tells it."""
        return {
            "id": self.id,
            "status": self.state,
            "expires_at": None if self.expires is None else self.expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "problem": self.problem,
        }


@dataclass(slots=True, kw_only=True)
class Job(Kept, ABC):
    """What takes long and is made beside the service."""

    @abstractmethod
    def make(self, place: Path, go_on: Callable[[], None]) -> None:
        """Make it; files go into `place`, and `go_on` is called now and then: it raises when the service stops."""


@dataclass(slots=True, kw_only=True)
class Export(Job):
    """One export: what was asked, how many parcels are written, and at the end its file."""

    sent: ExportIn
    scope: Scope
    done: int = 0
    parcels: int | None = None
    made: Exported | None = None

    @property
    def name(self) -> str:
        """What the file is called where it is saved: place and day, no person."""
        day = self.scope.valid_at.replace("-", "")
        return (
            f"sanquan-{self.scope.store.settings.banner_code}-{day}.{self.sent.format}{'.zip' if self.zipped else ''}"
        )

    @property
    def zipped(self) -> bool:
        """A Shapefile is several files, one answer is one."""
        return self.sent.zip or self.sent.format == "shp"

    def answer(self) -> dict[str, Any]:
        """How far it is, as it is told."""
        file = None
        if self.made is not None:
            file = {
                "href": f"/v1/exports/{self.id}/file",
                "name": self.name,
                "media_type": MEDIA_TYPES["zip" if self.zipped else self.sent.format],
                "bytes": self.made.size,
                "sha256": self.made.sha256,
            }
        return self.told() | {
            "format": self.sent.format,
            "parcels_done": self.done,
            "parcels": self.parcels,
            "provenance": provenance(self.scope),
            "file": file,
        }

    def file(self) -> Exported:
        """What was written. ExportNotReadyError."""
        if self.made is None:
            raise ExportNotReadyError
        return self.made

    def make(self, place: Path, go_on: Callable[[], None]) -> None:
        """Write the file."""
        from registry import exports

        def told(done: int, parcels: int) -> None:
            go_on()
            self.done, self.parcels = done, parcels

        self.made = exports.export(
            self.scope,
            self.sent.format,
            place / self.name,
            epsg=self.sent.epsg,
            encoding=self.sent.encoding,
            zipped=self.zipped,
            told=told,
        )


@dataclass(slots=True, kw_only=True)
class HandIn(Job):
    """One hand-in (汇交): by whom, what for, the step under way as the command calls it, and at the end what was written."""

    store: Store
    officer: Officer
    purpose: str = field(repr=False)
    step: str = ""
    made: HandedIn | None = None
    _sealed: Path | None = None
    _key: AESGCM = field(default_factory=lambda: AESGCM(AESGCM.generate_key(256)), repr=False)

    @property
    def name(self) -> str:
        """What the zip is called where it is saved."""
        return f"hand-in-{self.store.settings.banner_code}.zip"

    def answer(self) -> dict[str, Any]:
        """How far it is, as it is told."""
        made = None
        if self.made is not None:
            made = {
                "href": f"/v1/hand-ins/{self.id}/file",
                "name": self.name,
                "sha256": self.made.digest,
                "records": self.made.counts,
                "remarks": [{"zh": zh, "en": en} for zh, en in self.made.remarks],
            }
        return self.told() | {"step": self.step, "made": made}

    def file(self) -> bytes:
        """The zip in clear. ExportNotReadyError."""
        if self._sealed is None or self.made is None:
            raise ExportNotReadyError
        raw = self._sealed.read_bytes()
        return self._key.decrypt(raw[:_NONCE], raw[_NONCE:], self.id.encode())

    def make(self, place: Path, go_on: Callable[[], None]) -> None:
        """Write the folder, pack it, seal the zip; in clear it stands in a folder of mode 700 that is gone then."""
        from registry.handin import hand_in

        def told(step: str) -> None:
            go_on()
            self.step = step

        with tempfile.TemporaryDirectory(dir=place) as folder:
            out, packed = Path(folder) / "out", Path(folder) / "out.zip"
            made = hand_in(self.store, out, self.officer, self.purpose, progress=told)
            told("pack")
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for path in sorted(out.rglob("*")):
                    archive.write(path, path.relative_to(out))
            nonce = secrets.token_bytes(_NONCE)
            self._sealed = place / "sealed"
            self._sealed.write_bytes(nonce + self._key.encrypt(nonce, packed.read_bytes(), self.id.encode()))
        self.made = made


@dataclass(slots=True, kw_only=True)
class SubsidyList(Kept):
    """A payment list that was checked at a desk: the check, which masks everybody, and never the list."""

    found: SubsidyCheck


K = TypeVar("K", bound=Kept)
J = TypeVar("J", bound=Job)


@dataclass(slots=True)
class Jobs:
    """All jobs of one running service. `problem_of` writes a refusal as RFC 9457; `clock` gives UTC."""

    problem_of: Callable[[Exception], Response]
    clock: Callable[[], dt.datetime] = field(default=lambda: dt.datetime.now(dt.UTC))
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="sanquan-jobs-")))
    _jobs: dict[str, Kept] = field(default_factory=dict)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="job"))
    _lock: Lock = field(default_factory=Lock)
    _stopping: Event = field(default_factory=Event)

    def start(self, job: J) -> J:
        """Put a job behind those that wait. TooManyExportsError."""
        with self._lock:
            self._forget_expired()
            if sum(each.expires is None for each in self._jobs.values()) >= MOST_UNFINISHED:
                raise TooManyExportsError(MOST_UNFINISHED)
            self._jobs[job.id] = job
        self._pool.submit(self._make, job)
        return job

    def keep(self, one: K) -> K:
        """Keep what was made already as long as the others."""
        with self._lock:
            self._forget_expired()
            one.state, one.expires = "done", self.clock() + KEPT
            self._jobs[one.id] = one
        return one

    def get(self, kind: type[K], job_id: str) -> K:
        """The job of a kind and an id. ExportNotFoundError."""
        with self._lock:
            self._forget_expired()
            job = self._jobs.get(job_id)
        if not isinstance(job, kind):
            raise ExportNotFoundError
        return job

    def mine(self, kind: type[K], account: str, job_id: str) -> K:
        """The same, where it is this account's. ExportNotFoundError."""
        job = self.get(kind, job_id)
        if job.account != account:
            raise ExportNotFoundError
        return job

    def of(self, account: str) -> list[Kept]:
        """What this account had made, newest first."""
        with self._lock:
            self._forget_expired()
            return [each for each in reversed(self._jobs.values()) if each.account == account]

    def close(self) -> None:
        """Stop what is being made, forget what waits, remove every file."""
        self._stopping.set()
        self._pool.shutdown(cancel_futures=True)
        shutil.rmtree(self._folder)

    def _make(self, job: Job) -> None:
        job.state = "running"
        try:
            place = self._folder / job.id
            place.mkdir()
            job.make(place, self._go_on)
        except Stopped:
            return
        except Exception as error:  # noqa: BLE001  (the last door of this thread: a job that fails says so)
            if not isinstance(error, SanquanError | GisError):
                structlog.get_logger("sanquan.api").error("job failed", error=type(error).__name__)
            job.problem = orjson.loads(bytes(self.problem_of(error).body))
        job.expires = self.clock() + KEPT
        job.state = "done" if job.problem is None else "failed"

    def _go_on(self) -> None:
        if self._stopping.is_set():
            raise Stopped

    def _forget_expired(self) -> None:
        now = self.clock()
        for job in [each for each in self._jobs.values() if each.expires is not None and each.expires <= now]:
            del self._jobs[job.id]
            shutil.rmtree(self._folder / job.id, ignore_errors=True)
