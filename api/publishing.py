"""How does the service publish the log again and again, while it answers?

One thread, one publication at a time; where another process publishes, or the log has no key yet, this one waits for its
next turn. A failure is logged by its class and tried again: each publication begins where the last one that ended left off.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING

import structlog

from registry.errors import SanquanError
from registry.ledger.publishing import NoLogKeyError, PublisherBusyError, publish

if TYPE_CHECKING:
    from registry.store.engines import Store


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often the log is published, in seconds, the passphrase of its key where it has one, the witness asked afterwards."""

    seconds: float
    passphrase: bytes | None = field(default=None, repr=False)
    witness: str | None = None


class Publisher:
    """Publishes at once, then each time that the schedule says, until closed."""

    def __init__(self, store: Store, schedule: Schedule) -> None:
        self._store = store
        self._schedule = schedule
        self._stop = Event()
        self._log = structlog.get_logger("sanquan.publishing")
        self._thread = Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let the publication that runs come to its end."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._once()
            if self._stop.wait(self._schedule.seconds):
                return

    def _once(self) -> None:
        try:
            done = publish(self._store, self._schedule.passphrase)
        except (NoLogKeyError, PublisherBusyError):
            return
        except SanquanError as refusal:
            self._log.error("not published", error=type(refusal).__name__, zh=refusal.zh, en=refusal.en)
        except Exception as failure:  # noqa: BLE001  (the thread must live: what fails now may go well next time)
            self._log.error("not published", error=type(failure).__name__)
        else:
            if done.new:
                self._log.info("published", size=done.size, new=done.new)
            if self._schedule.witness is not None:
                self._ask(self._schedule.witness, done.size)

    def _ask(self, url: str, size: int) -> None:
        """Step 9 of the commit order. A witness that is absent or refuses stops no publication: it is asked at the next turn."""
        from registry import witnessing

        try:
            if witnessing.cosigned_size(self._store) < size:
                self._log.info("cosigned", size=witnessing.ask(self._store, url).size)
        except witnessing.WitnessAbsentError as absent:
            self._log.warning("not cosigned", error=type(absent).__name__, zh=absent.zh, en=absent.en)
        except SanquanError as refusal:
            self._log.error("not cosigned", error=type(refusal).__name__, zh=refusal.zh, en=refusal.en)
        except Exception as failure:  # noqa: BLE001  (as above)
            self._log.error("not cosigned", error=type(failure).__name__)
