"""Every way through the twelve situations: few questions, a reasoned answer, what stays; and every sentence of it, golden."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.decisions.may_i import UNKNOWN, Sheet, Situation, UnknownAnswerError, answer, situations
from registry.decisions.may_i.answering import DECIDERS
from registry.decisions.may_i.model import FILE, SituationsError, read_situations
from registry.law.book import BANNER, book, holds_at

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = date(2026, 11, 26)
GOLDEN = Path(__file__).with_name("may_i.golden.txt")
TWELVE = [
    *("本子上没有我", "我要在镇上落户", "外地来的", "没户口", "结婚", "离婚", "生孩子", "考学、当兵"),
    *("家里有人去世", "想租地", "想退地", "村里要收我的地"),
]
# Where policy-map says REVIEW or [?]: the Q number, or the place of the mark.
REVIEWS = {
    ("WS-2016/II.1.2", "Q1"),
    ("WS-2016/II.1.2(3)", "Q2"),
    ("WS-2016/II.1.2(6)", "Q14"),
    ("WS-2016/II.1.4-d", "Q4"),
    ("WS-2016/II.1.2", None),  # 合法稳定就业 is not defined: REVIEW (section 3)
    ("WS-2016/II.1.2(7)", None),  # 一定条件 not given: REVIEW (II.1.2)
    ("RLCL/inherit-last-member", None),  # last member of the household dies: REVIEW (section 5)
    ("RLCL/long-lease", None),  # over 20 years: REVIEW (9.4)
    ("GUARANTEE/SC-2014-25", None),  # a taking-back dated 2014-07-24 to 2016-09-13: REVIEW (9.6)
}


def paths(situation: Situation, given: dict[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Every way through a situation, 不知道 included."""
    given = given or {}
    question = situation.next_after(given)
    if question is None:
        yield given
        return
    for word in (*(option.word for option in question.options), UNKNOWN):
        yield from paths(situation, given | {question.word: word})


@cache
def sheets(word: str) -> tuple[tuple[dict[str, str], Sheet], ...]:
    """The sheet of every way."""
    return tuple((given, answer(word, given, DAY)) for given in paths(situations()[word]))


def test_there_are_the_twelve_situations_of_users_4() -> None:
    """users.md section 4: twelve big buttons, 漏登 among them, in this order."""
    assert [each.zh for each in situations().values()] == TWELVE
    assert set(DECIDERS) == set(situations())


@pytest.mark.parametrize("word", situations())
def test_no_way_has_more_than_six_questions_and_every_one_ends_in_a_sheet(word: str) -> None:
    """At most six questions, 不知道 always allowed, and a sheet at the end of each way."""
    assert sheets(word)
    for given, sheet in sheets(word):
        assert 1 <= len(given) <= 6
        assert sheet.says[0]
        assert sheet.decision.reasons
        assert sheet.bring
        assert sheet.offices


@pytest.mark.parametrize("word", situations())
def test_every_sheet_says_what_will_not_change(word: str) -> None:
    """Always, whatever the answer: the rights, or that nothing is to be given up, are named in words."""
    for _, sheet in sheets(word):
        assert len(sheet.stays[0]) > 30
        assert any(said in sheet.stays[0] for said in ("地", "份", "权利"))


@pytest.mark.parametrize("word", situations())
def test_every_reason_names_a_rule_in_force_on_that_day_at_that_place(word: str) -> None:
    """Issue 5, Show: reasons name rules in force on that date at that place."""
    for _, sheet in sheets(word):
        for rule in sheet.decision.rules:
            assert holds_at(book().rule(rule, DAY), BANNER)
        assert {r.id for r in sheet.rules} == {reason.rule for reason in sheet.decision.reasons}


@pytest.mark.parametrize("word", situations())
def test_a_missing_paper_is_named_and_is_never_a_no(word: str) -> None:
    """A missing paper is `needs evidence` and says which paper; 不知道 to everything is never a refusal."""
    for given, sheet in sheets(word):
        assert (sheet.decision.result != "needs evidence") or sheet.missing
        if set(given.values()) == {UNKNOWN}:
            # To whom a village says nothing the answer is that it may not take anything.
            assert sheet.decision.result != "not eligible" or word == "taken"


def test_review_only_where_our_pages_leave_it_open() -> None:
    """Issue 5, Show: `review` only where policy-map says REVIEW or [?]; each with its Q number or its place."""
    found = set()
    for word in situations():
        for _, sheet in sheets(word):
            if sheet.decision.result == "review":
                found |= {(r.rule, r.question) for r in sheet.decision.reasons} & REVIEWS
                assert any((r.rule, r.question) in REVIEWS for r in sheet.decision.reasons), sheet.decision.reasons
    assert found == REVIEWS


@pytest.mark.rule("WS-2016/II.3.1-h", "EXIT/E4", "GUARANTEE/SC-2014-25")
def test_no_question_about_a_move_asks_about_land() -> None:
    """I19: what decides a settlement asks nothing about land; an exit that is pressed is answered with no."""
    for word in ("settle", "from-outside", "unregistered"):
        asked = "".join(q.zh + "".join(o.zh for o in q.options) for q in situations()[word].questions)
        assert not [each for each in ("地里", "承包", "草场", "院子", "退") if each in asked]
    pressed = [s for given, s in sheets("give-up") if given["pressed"] == "yes"]
    assert {s.decision.result for s in pressed} == {"not eligible"}
    assert {s.decision.reasons[0].rule for s in pressed} == {"EXIT/E4"}


@pytest.mark.rule("RLCL/settled-in-town", "HOME/no-forced-exit", "RLCL/women-keep", "COL/18", "COL/17", "RLCL/extension")
def test_what_a_village_says_takes_nothing() -> None:
    """A move, a marriage, an absence, the end of a term: the answer is no, and the rule is that of the thing."""
    for given, sheet in sheets("taken"):
        if given["reason"] in {"married", "away", "expired"} or (given["reason"], given.get("when")) == ("moved", "now"):
            assert sheet.decision.result == "not eligible"
            assert sheet.says[0] == "不能收，地还是您的"


@pytest.mark.rule("RLCL/moved-to-a-city")
def test_an_old_taking_back_is_judged_by_the_table_of_9_6() -> None:
    """Ended only where proved and within the narrow terms of 2002; the sheet says what the decision says."""
    ended = [given for given, sheet in sheets("taken") if sheet.decision.result == "eligible"]
    assert {(given["where"], given["proof"]) for given in ended} == {
        ("city", "handed"),
        ("city", "taken-early"),
        ("town", "handed"),
    }


@pytest.mark.rule("WS-2016/II.1.1", "WS-2016/II.1.1-dwelling")
def test_a_banner_resident_with_a_filed_lease_may_settle() -> None:
    """II.1.1: rented counts; an unfiled lease is one paper short."""
    given = {"hukou": "banner", "in_town": "yes", "lives": "yes", "home": "filed"}
    assert answer("settle", given, DAY).says == ("能落户", "You may settle in town")
    short = answer("settle", given | {"home": "not-filed"}, DAY)
    assert short.says[0] == "还差一张纸"
    assert short.missing


def test_words_that_are_not_ours_are_refused() -> None:
    """A made-up situation, question or answer, one that was not asked, or a way half gone, is no answer."""
    given = {"hukou": "banner", "in_town": "yes", "lives": "yes", "home": "filed"}
    for situation, answers in (
        ("gold", given),
        ("settle", given | {"home": "castle"}),
        ("settle", given | {"name": "x"}),
        ("settle", {"hukou": "none", "home": "filed"}),
        ("settle", {"hukou": "banner"}),
    ):
        with pytest.raises(UnknownAnswerError):
            answer(situation, answers, DAY)


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('word = "settle"', 'word = "left-out"', "is there already"),
        ('word = "why"', 'word = "book"', "is there already"),
        ("when = [{ why", "when = [{ whence", "no earlier question"),
        ('["married", "left", "unknown"]', '["merried"]', "unknown word"),
        ("can = { zh", "may = { zh", "can is missing"),
        ('stays_en = "Not', 'asks = "x"\nstays_en = "Not', "unknown key"),
    ],
)
def test_a_slip_in_the_file_of_situations_is_refused_with_its_line(
    right: str, wrong: str, says: str, tmp_path: Path
) -> None:
    """A clerk may add a situation: the file is read as strictly as the law is."""
    whole = FILE.read_text("utf-8")
    assert right in whole
    path = tmp_path / "situations.toml"
    path.write_text(whole.replace(right, wrong, 1), "utf-8")
    with pytest.raises(SituationsError, match=says) as refusal:
        read_situations(path)
    assert refusal.value.line > 1


def test_every_explanation_is_golden() -> None:
    """Issue 5, Show: golden texts for every explanation. `python -m tests.registry.decisions.test_may_i` writes them anew."""
    assert GOLDEN.read_text("utf-8") == _explanations()


def _explanations() -> str:
    lines = []
    for word, situation in situations().items():
        lines += [f"== {word} {situation.zh} {situation.en}", f"   {situation.stays_zh}", f"   {situation.stays_en}"]
        said = sorted({
            (sheet.decision.result, reason.rule, reason.zh, reason.en, reason.question or "", "；".join(reason.needs))
            for _, sheet in sheets(word)
            for reason in sheet.decision.reasons
        })  # fmt: skip
        for result, rule, zh, en, question, needs in said:
            lines += [f"-- {result} · {rule} {question}".rstrip(), f"   {zh}", f"   {en}"]
            lines += [f"   ☐ {needs}"] if needs else []
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(_explanations(), "utf-8")
