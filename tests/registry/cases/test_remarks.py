"""Does the heir's sentence stand beside the right from its act on, word for word as the rule quotes it, and nowhere else?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from api.desk.forms import forms
from registry import homesteads
from registry.audit import audit
from registry.certificates import register_sheet
from registry.law.book import RuleNotInForceError, book
from registry.ledger.act import ActFields
from registry.ledger.read import size
from registry.remarks import RULES, remarks_of, with_remark
from registry.rights.model import RIGHT, RIGHT_VERSION
from registry.sheets import AsOf, of_parcel
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.walking import Example
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from gis.sheets import Sheet
    from registry.masks import Reader
    from tests.registry.cases.walking import Walker

READERS: tuple[Reader, ...] = ("paper", "desk")
SENTENCE = "该权利人为本农民集体经济组织原成员住宅的合法继承人"
CODE = f"{VILLAGE_CODE[:12]}JC00001F00010001"


def inherit(walker: Walker, **more: str) -> list[str]:
    """The homestead comes to two heirs; the ids of their rights."""
    return registered(walker, "inherited", **more)


def registered(walker: Walker, kind: str, **more: str) -> list[str]:
    """A case of 国土局; the ids of the rights that it began."""
    example = walker.example(kind)
    before = walker.ids(RIGHT_VERSION)
    walker.first, walker.second = walker.of_desk("realty")
    walker.walk(kind, Example(example.subject, {**example.request, **more}))
    return [right for right in walker.ids(RIGHT_VERSION) if right not in before]


@pytest.mark.rule("HOME/urban-heir")
def test_the_sentence_stands_beside_each_heirs_right(walker: Walker) -> None:
    """自然资源部 2020-10-09: in the book's 附记, part of the act, so that the audit answers for it."""
    rights = inherit(walker, remark="urban-heir")
    with walker.store.reading() as connection:
        found = remarks_of(walker.store, connection, rights, size(connection))
        views = [AsOf.of(walker.store, connection, None, None, reader=reader) for reader in READERS]
        drawn = [each(at) for each in SHEETS for at in views]
    assert found == dict.fromkeys(rights, (SENTENCE,))
    assert [dict(sheet.facts)["附记"] for sheet in drawn] == [SENTENCE] * len(drawn)
    assert audit(walker.store).findings == ()


def of_plot(at: AsOf) -> Sheet:
    """The 宗地图."""
    return of_parcel(at, CODE)[0]


def extract(at: AsOf) -> Sheet:
    """The extract of the register."""
    return register_sheet(at, CODE)


SHEETS = (of_plot, extract)


def test_without_the_two_clicks_there_is_no_sentence(walker: Walker) -> None:
    """It is said of whom the officer says it, and read off nobody's registration."""
    rights = inherit(walker)
    with walker.store.reading() as connection:
        assert remarks_of(walker.store, connection, rights, size(connection)) == {}


def test_a_sentence_about_a_homestead_stands_on_no_other_land(walker: Walker) -> None:
    """A forest contract has heirs, too, and the register of contracts no such sentence; a word of nobody's is refused."""
    example = walker.example("inherited")
    forest = walker.village.rights["contract-forest"]
    refused(walker, "inherited", Example([forest], {**example.request, "remark": "urban-heir"}), "remark")
    refused(walker, "inherited", Example(example.subject, {**example.request, "remark": "外嫁女"}), "remark")


def test_a_homestead_that_is_entered_first_may_bear_it(walker: Walker) -> None:
    """首次登记 of a house that was inherited before anybody registered it."""
    (right,) = registered(walker, "homestead-registered", remark="urban-heir")
    with walker.store.reading() as connection:
        assert remarks_of(walker.store, connection, [right], size(connection)) == {right: (SENTENCE,)}


def test_every_sentence_is_the_quote_of_a_dated_rule_and_of_the_form() -> None:
    """Nobody writes a sentence of their own: the form offers what the book quotes, and before its day there is none."""
    offered = next(field for field in forms().kinds["inherited"] if field.name == "remark").options
    assert {option.word: option.zh for option in offered} == {
        word: book().rule(rule, dt.date(2026, 11, 27)).quote for word, rule in RULES.items()
    }
    assert with_remark(ActFields("继承"), "", "2019-01-01").basis == "继承"
    with pytest.raises(RuleNotInForceError):
        with_remark(ActFields("继承"), "urban-heir", "2020-10-08")


@pytest.mark.rule("HOME/one-household-one")
def test_a_second_plot_is_told_with_code_village_day_and_cause(walker: Walker) -> None:
    """users.md 2(b) 2: on the form as information; the plot that the case is about is not told as another."""
    own, people = walker.village.rights["homestead"], walker.village.people

    def told(things: list[str], kind: str = "") -> homesteads.Others | None:
        with walker.store.reading() as connection:
            return homesteads.others(walker.store, connection, things, kind, people)

    alone = told([own])
    assert alone is not None
    assert alone.held == ()
    assert told([walker.village.rights["contract-grass"]]) is None
    first = told([walker.village.holding], homesteads.REGISTERED)
    assert first is not None
    assert [(each.right, each.code, each.since, each.cause.kind) for each in first.held] == [
        (own, CODE, "2016-11-30", "first-registration")
    ]
    rights = inherit(walker, remark="urban-heir")
    heirs = told([rights[0]])
    assert heirs is not None
    assert [(each.right, each.cause.kind) for each in heirs.held] == [(rights[1], "inherited")]
    assert (alone.remarks, heirs.remarks) == ((), (SENTENCE,))
    assert "没有超" in heirs.says[0]
    assert [rule.id for rule in heirs.rules][:2] == ["HOME/one-household-one", "HOME/inherit"]
    assert head(walker, RIGHT, own).status == "ended"
