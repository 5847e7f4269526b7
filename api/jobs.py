"""How are exports made one after the other while the service goes on answering, and how long are their files kept?

Jobs are state of this process and files in a folder that goes with it: nothing of them is in the register. One is made at
a time, few may wait, and an id is 192 random bits: who has it may fetch the file.
"""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Literal

import orjson
import structlog

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

MOST_UNFINISHED = 8
KEPT = dt.timedelta(hours=1)
"""How long a file, or the reason why there is none, is kept after the end."""


class Stopped(Exception):
    """Raised within a job when the service stops."""


@dataclass(slots=True)
class Job:
    """One export: what was asked, how far it is, and at the end its file or why there is none."""

    id: str
    sent: ExportIn
    scope: Scope
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    done: int = 0
    parcels: int | None = None
    made: Exported | None = None
    problem: dict[str, Any] | None = None
    expires: dt.datetime | None = None

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
        return {
            "id": self.id,
            "status": self.state,
            "format": self.sent.format,
            "parcels_done": self.done,
            "parcels": self.parcels,
            "provenance": provenance(self.scope),
            "expires_at": None if self.expires is None else self.expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "file": file,
            "problem": self.problem,
        }


@dataclass(slots=True)
class Jobs:
    """All exports of one running service. `problem_of` writes a refusal as RFC 9457; `clock` gives UTC."""

    problem_of: Callable[[Exception], Response]
    clock: Callable[[], dt.datetime] = field(default=lambda: dt.datetime.now(dt.UTC))
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="sanquan-exports-")))
    _jobs: dict[str, Job] = field(default_factory=dict)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="export"))
    _lock: Lock = field(default_factory=Lock)
    _stopping: Event = field(default_factory=Event)

    def start(self, sent: ExportIn, scope: Scope) -> Job:
        """Put an export behind those that wait. TooManyExportsError."""
        with self._lock:
            self._forget_expired()
            if sum(job.expires is None for job in self._jobs.values()) >= MOST_UNFINISHED:
                raise TooManyExportsError(MOST_UNFINISHED)
            job = Job(secrets.token_urlsafe(24), sent, scope)
            self._jobs[job.id] = job
        self._pool.submit(self._make, job)
        return job

    def get(self, job_id: str) -> Job:
        """The export of an id. ExportNotFoundError."""
        with self._lock:
            self._forget_expired()
            if job_id not in self._jobs:
                raise ExportNotFoundError
            return self._jobs[job_id]

    def file(self, job_id: str) -> tuple[Job, Exported]:
        """The export and its file. ExportNotFoundError, ExportNotReadyError."""
        job = self.get(job_id)
        if job.made is None:
            raise ExportNotReadyError
        return job, job.made

    def close(self) -> None:
        """Stop what is being made, forget what waits, remove every file."""
        self._stopping.set()
        self._pool.shutdown(cancel_futures=True)
        shutil.rmtree(self._folder)

    def _make(self, job: Job) -> None:
        from registry import exports

        def told(done: int, parcels: int) -> None:
            if self._stopping.is_set():
                raise Stopped
            job.done, job.parcels = done, parcels

        job.state = "running"
        try:
            place = self._folder / job.id
            place.mkdir()
            job.made = exports.export(
                job.scope,
                job.sent.format,
                place / job.name,
                epsg=job.sent.epsg,
                encoding=job.sent.encoding,
                zipped=job.zipped,
                told=told,
            )
        except Stopped:
            return
        except Exception as error:  # noqa: BLE001  (the last door of this thread: a job that fails says so)
            if not isinstance(error, SanquanError | GisError):
                structlog.get_logger("sanquan.api").error("export failed", error=type(error).__name__)
            job.problem = orjson.loads(bytes(self.problem_of(error).body))
        job.expires = self.clock() + KEPT
        job.state = "failed" if job.made is None else "done"

    def _forget_expired(self) -> None:
        now = self.clock()
        for job in [each for each in self._jobs.values() if each.expires is not None and each.expires <= now]:
            del self._jobs[job.id]
            shutil.rmtree(self._folder / job.id)
