"""Made-up accounts: two administrators, whoever else a test needs, and a clock that the test moves."""

from __future__ import annotations

import pytest

from tests.registry.accounts.people import Clock


@pytest.fixture
def clock() -> Clock:
    """A clock that stands until it is moved."""
    return Clock()
