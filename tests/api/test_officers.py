"""Beside an account nobody acts under another's name: the officer of a body counts only where nobody signed in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import api
from registry.notices.model import PUBLIC_NOTICE
from registry.store.sealing import opened_row
from tests.api.access_people import bearer, holder_of_role, service, session_of
from tests.api.conftest import TOKEN
from tests.registry.accounts.people import founders

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

__all__ = ["service"]
NOTICE: dict[str, Any] = {
    "kind": "contract-notice", "village": "150626100210", "title": "延包方案", "body": "三组", "begins": "2026-11-20",
    "officer": {"name": "别人", "bureau": "别处"},
}  # fmt: skip


def test_act_is_of_who_signed_in_whatever_the_body_says(service: Caller, store: Store, village: Village) -> None:
    """An act commits who stood at the desk: four eyes and the log of reasons rest on it."""
    clerk = session_of(store, holder_of_role(store, founders(store), "agriculture", village))
    service.app.state.access.look_now()
    assert service.post("/v1/notices", json=NOTICE, headers=bearer(clerk)).status_code == 201
    assert service.post("/v1/notices", json=NOTICE, headers=bearer(TOKEN)).status_code == 201
    with store.reading() as connection:
        rows = connection.execute(sa.select(PUBLIC_NOTICE).order_by(PUBLIC_NOTICE.c.id)).mappings()
        told = [opened_row(store.vault, PUBLIC_NOTICE, dict(row)) for row in rows]
    assert [(each["officer"], each["bureau"]) for each in told] == [("张晓梅", "某局"), ("别人", "别处")]


def test_no_route_takes_an_officer_past_the_one_place() -> None:
    """Generated from the code: an officer of what was sent is made in `api.officers` alone; `/my` and counsel's page write down
    who signed in.
    """
    places = {
        path.name
        for path in Path(api.__file__).parent.rglob("*.py")
        if path.parent.name not in {"cli", "demo"} and re.search(r"Officer\((?!\"\")", path.read_text("utf-8"))
    }
    assert places == {"officers.py", "access.py", "whose.py", "clients.py"}
