"""Where do the service's logs go, and what stands in them? JSON, one line each, to stderr, without personal data.

Lines are made of names of ours, numbers and route templates only; logs of libraries are let through from warning on and
by their event alone.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from typing import Any


class _PlainLine(logging.Handler):
    """A library's record as a line of ours: its logger and level, never its message, which may hold values."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        structlog.get_logger("sanquan").warning("library", logger=record.name, level_of=record.levelname)


def configure() -> None:
    """Set up logging for the service. Called once by whoever starts it, never on import."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_exceptions,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_PlainLine(logging.WARNING)]
    root.setLevel(logging.WARNING)


def _without_exceptions(
    _logger: object,
    _method: str,
    event: MutableMapping[str, Any],
) -> Mapping[str, Any]:
    event.pop("exc_info", None)
    event.pop("stack_info", None)
    return event
