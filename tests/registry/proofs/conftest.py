"""What must not stand in a certificate that tells no name."""

from __future__ import annotations

import pytest

from tests.registry import made_up


@pytest.fixture(scope="session")
def canaries_of_family() -> tuple[str, ...]:
    """Names, numbers, and what neighbours and places are called."""
    numbers = [made_up.id_number(born, sequence) for _, born, sequence in made_up.PEOPLE]
    return (*(name for name, _, _ in made_up.PEOPLE), *numbers, "西梁", "巴图", "公示无异议")
