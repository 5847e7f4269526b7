"""Is a desk told whether somebody is a member, on what paper and how fresh, and does the person read that it asked?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.looks import reading
from registry.membership import acts as memberships
from tests.api.access_people import service
from tests.api.desk.test_desk import Office, office, text_of
from tests.registry.made_up import CLERK, PEOPLE, SIGNED, id_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

__all__ = ["office", "service"]
PURPOSE = "宅基地申请审核"


def number_of(n: int) -> str:
    """The made-up ID number of the n-th of the family."""
    return id_number(*PEOPLE[n][1:])


def test_a_desk_is_told_yes_with_collective_day_act_and_paper(office: Office) -> None:
    """users.md 2(b) 10: from the collective's own registration; the number stands on no page and in no address."""
    office.realty.send("/desk/membership", 200, id_number=number_of(0), purpose=PURPOSE)
    said = text_of(office.realty.page)
    assert "是成员 呼和陶勒盖嘎查 15062610021000" in said
    assert "从2016年11月30日起" in said
    assert "依据：成员大会决议1号" in said
    assert "最近一次登记：" in said
    assert "达楞太" not in said
    assert number_of(0) not in office.realty.page
    looks = reading.looks(office.store, office.village.people[:1])
    assert [(look.what, look.purpose) for look in looks if look.what == "answer"] == [("answer", PURPOSE)]


def test_who_was_found_in_the_search_is_asked_about_without_a_number(office: Office) -> None:
    """The hit leads there; without a purpose nothing is told and nothing is asked."""
    office.realty.send("/desk/search", 200, asked="dlt")
    person = office.village.people[0]
    assert f'href="/desk/membership?person={person}"' in office.realty.page
    assert "查的是： **太 1974" in text_of(office.realty.read(f"/desk/membership?person={person}"))
    office.realty.send("/desk/membership", 422, person=person, purpose=" ")
    assert "写明用途" in text_of(office.realty.page)
    office.realty.send("/desk/membership", 200, person=person, purpose=PURPOSE)
    assert "是成员" in text_of(office.realty.page)
    office.first.read("/desk/membership", 403)
    office.first.send("/desk/search", 200, asked="dlt")
    assert "/desk/membership" not in office.first.page


def test_what_the_register_does_not_know_is_no_no(office: Office) -> None:
    """A number of nobody, and somebody whose membership ended: what to ask the collective for, and never a reason."""
    asked_for = "请集体出具盖章、写明日期的成员名册或者证明"
    office.realty.send("/desk/membership", 200, id_number=id_number("19900101", 1), purpose=PURPOSE)
    assert asked_for in text_of(office.realty.page)
    with desk(office.store, CLERK) as at:
        act = at.act("membership-lost", SIGNED, ActFields(basis="成员大会决议"))
        memberships.end(act, office.village.memberships[0])
        at.commit()
    office.realty.send("/desk/membership", 200, id_number=number_of(0), purpose=PURPOSE)
    said = text_of(office.realty.page)
    assert "没有查到" in said
    assert asked_for in said
    assert "户口" not in said.partition("没有查到")[2].partition("只看集体")[0]


def test_command_page_and_api_tell_the_same(caller: Caller, command: Callable[..., Ended], village: Village) -> None:
    """`sanquan answer land`, `POST /v1/bureaus/land/answers`."""
    words = ("answer", "land", "--person", village.people[0], "--purpose", PURPOSE)
    told = command(*words, "--json").json
    assert [(one["question"], one["answer"]) for one in told["answers"]][-1] == ("member", True)
    (membership,) = told["memberships"]
    assert (membership["collective"], membership["since"]) == ("呼和陶勒盖嘎查", SIGNED)
    assert "呼和陶勒盖嘎查" in command(*words).out
