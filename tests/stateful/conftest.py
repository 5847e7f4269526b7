"""What machines draw at random is not measured: coverage must be the same in every run."""

from __future__ import annotations

import pytest

from tests.untraced import untraced

__all__ = ["untraced"]


@pytest.fixture(autouse=True)
def _at_random(untraced: None) -> None:
    """Each test of this folder."""
