"""Registered deliveries and their withdrawal: the service and the command say and do the same, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.answers import deliveries as answers
from api.settings import ApiSettings
from api.v1 import delivery_models as models
from api.v1 import models as forms
from registry.delivery.register import import_delivery
from registry.ledger.position import position
from tests.api.conftest import TOKEN, Caller, caller_of
from tests.api.test_handing_over import zipped
from tests.registry.cases.delivering import wrong_delivery
from tests.registry.cases.walking import Example, Walker
from tests.registry.delivery.conftest import CLERK, GACHA, copy, sound
from tests.registry.made_up import MOVED
from tests.registry.withdrawal.conftest import small, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.store.engines import Store
    from tests.api.conftest import Ended
    from tests.registry.delivery.conftest import Copy
    from tests.registry.made_up import Village

__all__ = ["copy", "small", "sound"]
BY = {"name": "张晓梅", "bureau": "农牧业局"}


@pytest.fixture
def content_hash(store: Store, small: Copy) -> str:
    """The sample delivery, registered."""
    return import_delivery(store, small.root, CLERK).content_hash


@pytest.fixture
def asking(store: Store) -> Iterator[Caller]:
    """The service over a registry with nothing but that delivery."""
    caller = caller_of(ApiSettings(store.settings.folder, token=TOKEN))
    yield caller
    caller.close()


def test_delivery_is_checked_then_registered_over_http(store: Store, small: Copy, asking: Caller) -> None:
    """What `sanquan import` says and does: a check writes nothing; registered once, the same again is unchanged."""

    def sent(**asked: str) -> forms.DeliveryReport:
        got = asking.post("/v1/deliveries", files=packed, data={"officer": "张晓梅"}, params=asked, headers=_token())
        assert got.status_code == 200, got.text
        return forms.DeliveryReport.model_validate(got.json())

    packed = {"files": ("成果.zip", zipped(small.root))}
    small.put("CBF", 0, CBFMC="")
    spoilt = {"files": ("成果.zip", zipped(small.root))}
    assert asking.post("/v1/deliveries", files=packed, data={"officer": "张晓梅"}).status_code == 401
    for nobody in ({}, {"officer": " "}, {"officer": "张\0晓梅"}):
        assert asking.post("/v1/deliveries", files=packed, data=nobody, headers=_token()).status_code == 422
    checked = sent()
    assert (checked.check_only, checked.committed, {one.state for one in checked.villages}) == (True, None, {"checked"})
    assert asking.get("/v1/deliveries", headers=_token()).json() == {"deliveries": []}
    for wrong, problem in (("9" * 12, "village-not-delivered"), ("1", "invalid-input")):
        asked = {"check_only": "false", "village": wrong}
        got = asking.post("/v1/deliveries", files=packed, data={"officer": "张晓梅"}, params=asked, headers=_token())
        assert (got.status_code, got.json()["type"].rsplit(":", 1)[-1]) == (422, problem)
    first = sent(check_only="false", village=GACHA)
    assert first.committed is not None
    assert {one.code for one in first.villages if one.state == "registered"} == {GACHA}
    done = sent(check_only="false")
    assert done.committed is not None
    assert {one.state for one in done.villages} == {"registered", "unchanged"}
    (listed,) = models.Deliveries.model_validate(asking.get("/v1/deliveries", headers=_token()).json()).deliveries
    assert (listed.content_hash, listed.villages[0].entries[0]) == (done.content_hash, first.committed.first)
    again = sent(check_only="false")
    assert (again.committed, {one.state for one in again.villages}) == (None, {"unchanged"})
    packed = spoilt
    returned = sent()
    assert [one.state for one in returned.villages].count("returned") == 1
    with store.reading() as connection:
        assert position(connection).size == done.committed.size


def test_delivery_is_listed_and_shown_with_the_case_that_takes_it_back_over_http(content_hash: str, asking: Caller) -> None:
    """List and preview have their forms; nothing is written; the case asks for one village or for all, by what is there."""
    listed = models.Deliveries.model_validate(asking.get("/v1/deliveries", headers=_token()).json())
    assert [one.content_hash for one in listed.deliveries] == [content_hash]
    assert all(one.withdrawn is None for one in listed.deliveries[0].villages)
    shown = asking.post("/v1/withdrawals/preview", json={"delivery": content_hash, "village": GACHA}, headers=_token())
    told = models.Withdrawal.model_validate(shown.json())
    assert [(one.code, one.goes, one.stops) for one in told.villages] == [(GACHA, True, [])]
    assert told.case is not None
    assert told.case.request == {"delivery": content_hash, "village": GACHA, "expect": told.expect, "reason": ""}
    sent = {"case": told.case.model_dump(), "actor": {**BY, "account": "zhang", "role": "agriculture"}}
    opened = asking.post("/v1/cases", json=sent, headers=_token())
    assert opened.status_code == 201, opened.text
    assert asking.post("/v1/withdrawals", json={}, headers=_token()).status_code == 404
    unknown = asking.post("/v1/withdrawals/preview", json={"delivery": "0" * 64}, headers=_token())
    assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:sanquan:problem:delivery-not-registered")
    assert asking.get("/v1/deliveries").status_code == 401


def _token() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


def test_delivery_is_taken_back_by_the_case_that_a_terminal_shows(
    store: Store, village: Village, command: Callable[..., Ended]
) -> None:
    """`delivery list`, `withdraw` shows, its `--case` walked to the end takes it back; the made-up family stays."""
    wrong = wrong_delivery(store, village)
    others = standing(store, "2026-11-26")
    listed = command("delivery", "list", "--json").json
    with store.reading() as connection:
        assert listed == answers.deliveries(store, connection)
    assert wrong.content_hash in command("delivery", "list").out.replace("\n", "").replace(" ", "")
    found = command("delivery", "withdraw", wrong.content_hash)
    assert (found.code, f"{wrong.person} {MOVED}" in found.out) == (0, True)
    malformed = command("delivery", "withdraw", "x", "--village", "1")
    assert (malformed.code, "delivery, village" in malformed.err) == (2, True)
    case = command("delivery", "withdraw", wrong.content_hash, "--reason", "偏移", "--case").json
    Walker(store, village).walk(case["kind"], Example(case["subject"], case["request"]))
    assert len(others) - len(standing(store, "2026-11-26")) == case["request"]["expect"] == 3
    again = command("delivery", "withdraw", wrong.content_hash)
    assert (again.code, "已经撤回" in again.out) == (1, True)
    assert "withdrawn" in command("delivery", "list").out
