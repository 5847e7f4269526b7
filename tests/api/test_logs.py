"""What stands in the service's logs?"""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from api import logs


@pytest.fixture
def configured(logging_restored: None) -> None:
    """The service's logging."""
    logs.configure()


def test_log_is_one_json_line_on_stderr(configured: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Machines read it; stdout belongs to whoever started the service."""
    structlog.get_logger("sanquan.api").info("request", route="/v1/ledger", status=200)
    written = capsys.readouterr()
    line = json.loads(written.err)
    assert (line["event"], line["route"], line["level"], written.out) == ("request", "/v1/ledger", "info", "")


def test_message_and_traceback_of_a_library_are_not_logged(
    configured: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """A driver's message holds values: only that a library complained is written."""
    logging.getLogger("sqlalchemy").error("parameters: %s", "达楞太", exc_info=ValueError("达楞太"))
    structlog.get_logger().error("failure", exc_info=ValueError("达楞太"))
    logging.getLogger("uvicorn").info("started")
    written = capsys.readouterr().err
    assert [json.loads(line)["event"] for line in written.splitlines()] == ["library", "failure"]
    assert "达楞太" not in written
