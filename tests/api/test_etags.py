"""When may a caller keep an answer?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village


def test_same_question_on_the_same_log_is_not_answered_twice(caller: Caller, village: Village) -> None:
    """If-None-Match with the tag of the answer: 304, no body, the same tag; weak tags compare equal (RFC 9110)."""
    paths = (
        f"/v1/persons/{village.people[0]}/statement",
        "/v1/parcels?village=150626100210",
        f"/v1/parcels/{village.parcels['grass']}",
        "/v1/rights?kind=contract",
        "/v1/ledger",
    )
    for path in paths:
        tag = caller.get(path).headers["etag"]
        for sent in (tag, f'"other", W/{tag}'):
            again = caller.get(path, headers={"If-None-Match": sent})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_another_question_and_a_longer_log_have_other_tags(store: Store, caller: Caller, village: Village) -> None:
    """The tag is of the whole question and of the log's size: a new entry ends every old tag."""
    first = caller.get("/v1/rights?kind=contract").headers["etag"]
    assert caller.get("/v1/rights?kind=income").headers["etag"] != first
    assert caller.get("/v1/rights?kind=contract&valid_at=2020-01-01").headers["etag"] != first
    made_up.settle(store, village, "2019-01-01")
    assert caller.get("/v1/rights?kind=contract", headers={"If-None-Match": first}).status_code == 200


def test_answers_about_people_are_not_kept_by_anybody_between(caller: Caller, village: Village) -> None:
    """Cache-Control: private; every use is asked about first."""
    got = caller.get(f"/v1/persons/{village.people[0]}/statement")
    assert got.headers["cache-control"] == "private, no-cache"
