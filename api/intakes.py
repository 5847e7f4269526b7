"""How is a delivery that was dropped at a desk checked, and later registered, while the desk goes on working?

An intake is state of this process: one is checked at a time, few may wait, and each is its account's own. What was dropped lies
on disk sealed by a key that this process alone has; the register knows nothing of it until it is registered, by the import that
there is (`registry.delivery.register`). What is kept besides names nobody: the report and its files.
"""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Literal

import structlog
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gis.errors import GisError
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from api.inspection_page import Drawing
    from registry.cases import Actor
    from registry.delivery.faults import Fault
    from registry.delivery.inspection import Inspection
    from registry.delivery.report import ImportReport
    from registry.delivery.sheets import LastTime
    from registry.store.engines import Store

MOST_UNFINISHED = 8
MOST_OF_AN_ACCOUNT = 10
KEPT = dt.timedelta(hours=8)
"""How long an intake is kept after something was last done with it: a day at the desk."""
FORMS: tuple[Literal["gpkg", "xlsx", "verdict"], ...] = ("gpkg", "xlsx", "verdict")
_NONCE = 12


class IntakeNotFoundError(SanquanError):
    """Raised when this account has no intake of this id, or no longer."""

    def __init__(self) -> None:
        """What to do."""
        super().__init__(
            "没有这份收件, 或者放得太久已经删除: 把成果再交一次",
            "there is no such delivery at your desk, or it has expired: bring the delivery again",
        )


class TooManyIntakesError(SanquanError):
    """Raised when as many deliveries wait as may, or the account keeps as many as it may."""

    def __init__(self, most: int) -> None:
        """How many."""
        super().__init__(
            f"桌上已有 {most} 份成果: 等一份查完, 或拿走一份再收",
            f"there are {most} deliveries already: wait until one is checked, or put one aside, then bring this one",
        )


class NothingDroppedError(SanquanError):
    """Raised when what was sent is neither a zip nor the files of one folder. No name of a file is repeated."""

    def __init__(self, most: int) -> None:
        """What is taken."""
        super().__init__(
            f"放一个成果 zip, 或者整个成果文件夹(最多 {most} 个文件, 不重名; 再多先压缩成 zip)",
            f"drop the zip of a delivery, or its whole folder (at most {most} files, no name twice; more come as a zip)",
        )


class Stopped(Exception):
    """Raised within a check when the service stops."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the report, how many rows came of each part, of each village its faults drawn, the report as files."""

    report: ImportReport
    rows: Mapping[str, int]
    drawings: Mapping[str, Drawing]
    files: Sequence[tuple[str, bytes]]

    @property
    def ready(self) -> list[str]:
        """The villages that an import would register."""
        return [village.code for village in self.report.villages if village.state == "checked"]

    @property
    def whole(self) -> Sequence[Fault]:
        """The faults that are no village's."""
        return [fault for fault in self.report.listed()[0] if not fault.village]


@dataclass(slots=True)
class Intake:
    """One delivery at a desk: whose, how far, what was found, and what was registered of it.

    `name`: what it was called; `step`: what is being done, as an import calls it; `refusal`: why the last job ended without.
    """

    id: str
    account: str
    name: str
    at: str
    state: Literal["waiting", "running", "done"] = "waiting"
    step: str = ""
    checked: Checked | None = None
    registered: ImportReport | None = None
    refusal: SanquanError | GisError | None = None
    last: LastTime | None = None
    expires: dt.datetime | None = None

    @property
    def under_way(self) -> bool:
        """Whether something is being done with it."""
        return self.state != "done"


@dataclass(slots=True)
class Intakes:
    """All intakes of one running service."""

    store: Store
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="sanquan-intakes-")))
    _key: AESGCM = field(default_factory=lambda: AESGCM(AESGCM.generate_key(256)), repr=False)
    _intakes: dict[str, Intake] = field(default_factory=dict)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="intake"))
    _lock: Lock = field(default_factory=Lock)
    _stopping: Event = field(default_factory=Event)

    def take_in(self, actor: Actor, name: str, archive: Path, last: LastTime | None = None) -> Intake:
        """Keep a zip and check it when its turn comes. TooManyIntakesError."""
        now = self.store.clock()
        with self._lock:
            self._forget_expired()
            if sum(each.under_way for each in self._intakes.values()) >= MOST_UNFINISHED:
                raise TooManyIntakesError(MOST_UNFINISHED)
            if sum(each.account == actor.id for each in self._intakes.values()) >= MOST_OF_AN_ACCOUNT:
                raise TooManyIntakesError(MOST_OF_AN_ACCOUNT)
            intake = Intake(secrets.token_urlsafe(24), actor.id, name, f"{now:%Y-%m-%dT%H:%M:%SZ}", last=last)
            self._intakes[intake.id] = intake
        nonce = secrets.token_bytes(_NONCE)
        self._sealed(intake).write_bytes(nonce + self._key.encrypt(nonce, archive.read_bytes(), intake.id.encode()))
        self._pool.submit(self._check, intake, actor, check_only=True)
        return intake

    def of(self, actor: Actor) -> list[Intake]:
        """What lies at this account's desk, newest first."""
        with self._lock:
            self._forget_expired()
            return [each for each in reversed(self._intakes.values()) if each.account == actor.id]

    def get(self, actor: Actor, intake_id: str) -> Intake:
        """One of this account's. IntakeNotFoundError."""
        found = next((each for each in self.of(actor) if each.id == intake_id), None)
        if found is None:
            raise IntakeNotFoundError
        return found

    def again(self, intake: Intake, actor: Actor, *, check_only: bool, only: frozenset[str] = frozenset()) -> None:
        """Check it once more, for what was decided since counts now; or register the villages that pass, in one transaction:
        `only` these of them, where any are named.

        Nothing is begun while something is being done with it.
        """
        with self._lock:
            if intake.under_way:
                return
            intake.state, intake.step, intake.refusal, intake.expires = "waiting", "", None, None
        self._pool.submit(self._check, intake, actor, check_only=check_only, only=only)

    def put_aside(self, intake: Intake) -> None:
        """Forget one that nothing is being done with; what was registered stays registered."""
        with self._lock:
            if not intake.under_way:
                self._forget(intake)

    def close(self) -> None:
        """Stop what is being checked, forget what waits, remove every file."""
        self._stopping.set()
        self._pool.shutdown(cancel_futures=True)
        shutil.rmtree(self._folder)

    def _check(self, intake: Intake, actor: Actor, *, check_only: bool, only: frozenset[str] = frozenset()) -> None:
        from registry.delivery.register import taken_in

        with self._at_work(intake), self._opened(intake) as path:

            def told(step: str) -> None:
                if self._stopping.is_set():
                    raise Stopped
                intake.step = step

            found = taken_in(self.store, path, actor.officer, check_only=check_only, only=only, progress=told)
            intake.registered = intake.registered if check_only else found.report
            intake.checked = _kept(found)

    @contextmanager
    def _at_work(self, intake: Intake) -> Iterator[None]:
        intake.state = "running"
        try:
            yield
        except Stopped:
            return
        except (SanquanError, GisError) as refusal:
            intake.refusal = refusal
        except Exception as error:  # noqa: BLE001  (the last door of this thread: a job that fails says so)
            structlog.get_logger("sanquan.api").error("intake failed", error=type(error).__name__)
            intake.refusal = SanquanError("没有办成: 请把时间告诉管理员", "it failed: tell the administrator when this happened")
        intake.expires = self.store.clock() + KEPT
        intake.state = "done"

    @contextmanager
    def _opened(self, intake: Intake) -> Iterator[Path]:
        """The zip in clear, in a folder of mode 700 that is gone with the job."""
        sealed = self._sealed(intake).read_bytes()
        with tempfile.TemporaryDirectory(prefix="sanquan-") as folder:
            path = Path(folder) / "files.zip"
            path.write_bytes(self._key.decrypt(sealed[:_NONCE], sealed[_NONCE:], intake.id.encode()))
            yield path

    def _sealed(self, intake: Intake) -> Path:
        return self._folder / intake.id

    def _forget_expired(self) -> None:
        now = self.store.clock()
        for intake in [each for each in self._intakes.values() if each.expires is not None and each.expires <= now]:
            self._forget(intake)

    def _forget(self, intake: Intake) -> None:
        del self._intakes[intake.id]
        self._sealed(intake).unlink(missing_ok=True)


def _kept(found: Inspection) -> Checked:
    """What is kept of a check: what was read of people goes with it."""
    from api.answers import inspections
    from api.inspection_page import drawings
    from registry.delivery.sheets import rows_of

    groups: dict[str, list[Fault]] = {village.code: [] for village in found.report.villages}
    for fault in found.report.listed()[0]:
        groups.setdefault(fault.village, []).append(fault)
    files = [inspections.as_file(found, form) for form in FORMS]
    return Checked(found.report, rows_of(found.delivery), drawings(found, groups), files)
