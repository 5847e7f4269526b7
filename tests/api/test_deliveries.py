"""Registered deliveries and their withdrawal: the service and the command say and do the same, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.answers import deliveries as answers
from api.main import create_app
from api.settings import ApiSettings
from api.v1 import delivery_models as models
from api.v1 import models as forms
from registry.delivery.register import import_delivery
from registry.ledger.position import position
from tests.api.conftest import TOKEN, Caller
from tests.api.test_handing_over import zipped
from tests.registry.delivery.conftest import CLERK, GACHA, copy, sound
from tests.registry.withdrawal.conftest import proof, small, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.store.engines import Store
    from tests.api.conftest import Ended
    from tests.registry.delivery.conftest import Copy

__all__ = ["copy", "small", "sound"]
BY = {"name": "张晓梅", "bureau": "农牧业局"}


@pytest.fixture
def content_hash(store: Store, small: Copy) -> str:
    """The sample delivery, registered."""
    return import_delivery(store, small.root, CLERK).content_hash


@pytest.fixture
def asking(store: Store) -> Iterator[Caller]:
    """The service over a registry with nothing but that delivery."""
    caller = Caller(create_app(ApiSettings(store.settings.folder, token=TOKEN)))
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
    done = sent(check_only="false")
    assert done.committed is not None
    assert {one.state for one in done.villages} == {"registered"}
    (listed,) = models.Deliveries.model_validate(asking.get("/v1/deliveries", headers=_token()).json()).deliveries
    assert (listed.content_hash, listed.villages[0].entries[0]) == (done.content_hash, done.committed.first)
    again = sent(check_only="false")
    assert (again.committed, {one.state for one in again.villages}) == (None, {"unchanged"})
    packed = spoilt
    returned = sent()
    assert [one.state for one in returned.villages].count("returned") == 1
    with store.reading() as connection:
        assert position(connection).size == done.committed.size


def order(store: Store, content_hash: str, expect: int, **what: Any) -> dict[str, Any]:  # noqa: ANN401  (JSON)
    """A withdrawal as it was shown."""
    withdrawal = {"delivery": content_hash, **what}
    return {"withdrawal": withdrawal, "expect": expect, "reason": "偏移", "officer": BY, "sources": [proof(store)]}


def test_delivery_is_listed_shown_and_taken_back_over_http(store: Store, content_hash: str, asking: Caller) -> None:
    """List, preview, order; each answer has its form; a second order and one that was shown otherwise are problems."""
    listed = models.Deliveries.model_validate(asking.get("/v1/deliveries", headers=_token()).json())
    assert [one.content_hash for one in listed.deliveries] == [content_hash]
    assert all(one.withdrawn is None for one in listed.deliveries[0].villages)
    shown = asking.post("/v1/withdrawals/preview", json={"delivery": content_hash, "village": GACHA}, headers=_token())
    told = models.Withdrawal.model_validate(shown.json())
    assert [(one.code, one.goes, one.stops) for one in told.villages] == [(GACHA, True, [])]
    other = asking.post("/v1/withdrawals", json=order(store, content_hash, told.expect + 1, village=GACHA), headers=_token())
    assert (other.status_code, other.json()["type"]) == (409, "urn:sanquan:problem:moved-on")
    sent = order(store, content_hash, told.expect, village=GACHA)
    missing = asking.post("/v1/withdrawals", json=sent | {"sources": ["0" * 64]}, headers=_token())
    assert (missing.status_code, missing.json()["type"]) == (422, "urn:sanquan:problem:paper-missing")
    done = asking.post("/v1/withdrawals", json=sent, headers=_token())
    assert done.status_code == 201
    assert models.WithdrawalDone.model_validate(done.json()).expect == told.expect
    again = asking.post("/v1/withdrawals", json=sent, headers=_token())
    assert (again.status_code, again.json()["type"]) == (409, "urn:sanquan:problem:not-withdrawable")
    after = models.Deliveries.model_validate(asking.get("/v1/deliveries", headers=_token()).json())
    assert {one.code for one in after.deliveries[0].villages if one.withdrawn} == {GACHA}
    unknown = asking.post("/v1/withdrawals/preview", json={"delivery": "0" * 64}, headers=_token())
    assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:sanquan:problem:delivery-not-registered")
    assert asking.get("/v1/deliveries").status_code == 401


def _token() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


def test_delivery_is_taken_back_at_a_terminal(store: Store, content_hash: str, command: Callable[..., Ended]) -> None:
    """`delivery list`, `withdraw` shows, `withdraw --apply N` does; the made-up family of this registry stays."""
    others = standing(store, "2026-11-26")
    listed = command("delivery", "list", "--json").json
    with store.reading() as connection:
        assert listed == answers.deliveries(store, connection)
    assert content_hash in command("delivery", "list").out.replace("\n", "").replace(" ", "")
    found = command("delivery", "withdraw", content_hash)
    assert (found.code, "什么都没有" in found.err) == (0, False)
    expect = command("delivery", "withdraw", content_hash, "--json").json["expect"]
    assert f"--apply {expect}" in found.out
    assert command("delivery", "withdraw", content_hash, "--apply", str(expect)).code == 2
    malformed = command("delivery", "withdraw", "x", "--village", "1", "--will", "x")
    assert (malformed.code, "delivery, person, source, village" in malformed.err) == (2, True)
    done = command(
        "delivery", "withdraw", content_hash, "--apply", str(expect), "--reason", "偏移", "--source", proof(store)
    )
    assert (done.code, f"撤回了 {expect} 项" in done.out) == (0, True)
    assert len(others) - len(standing(store, "2026-11-26")) == expect
    again = command("delivery", "withdraw", content_hash)
    assert (again.code, "已经撤回" in again.out) == (1, True)
    assert GACHA in command("delivery", "list").out
