"""Every way through the twelve situations: few questions, a reasoned answer, what stays; and every sentence of it, golden."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.decisions.may_i import UNKNOWN, Sheet, Situation, UnknownAnswerError, answer, situations
from registry.decisions.may_i.answering import DECIDERS, OFFICES
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


def outcome(word: str, **given: str) -> tuple[str, set[str], str]:
    """Result, rules of the reasons, and all that the reasons say, for these answers and 不知道 to the rest."""
    situation, answers = situations()[word], dict[str, str]()
    while (question := situation.next_after(answers)) is not None:
        answers[question.word] = given.get(question.word, UNKNOWN)
    assert given.items() <= answers.items()
    decision = answer(word, answers, DAY).decision
    return decision.result, {r.rule for r in decision.reasons}, "".join(r.zh for r in decision.reasons)


@pytest.mark.rule(
    *("WS-2016/III.2.1", "WS-2016/III.2.4", "WS-2016/III.2.5", "WS-2016/III.2.6", "WS-2016/III.2.7"),
    *("WS-2016/III.2.8", "WS-2016/III.2.10", "WS-2016/III.2.11", "WS-2016/III.2.14"),
)
def test_every_office_is_one_that_the_plan_names() -> None:
    """Part III.2: a sheet sends people to the bureaus in charge, by the names that the book has."""
    named = {rule for each in situations().values() for rule in each.offices}
    assert named == set(OFFICES)
    assert all(sheet.offices for word in situations() for _, sheet in sheets(word))


@pytest.mark.rule("RLCL/household-holds", "COL/11", "COL/12", "COL/66", "WS-2016/II.3.1-d")
def test_who_was_left_out_may_ask_and_is_never_refused() -> None:
    """漏登: with an old paper the claim is taken in; without one the sheet says where to look."""
    assert {sheet.decision.result for _, sheet in sheets("left-out")} == {"eligible", "needs evidence"}
    for book_, rule in (("land", "RLCL/household-holds"), ("member", "COL/11"), ("share", "WS-2016/II.3.1-d")):
        result, rules, _ = outcome("left-out", book=book_, why="there", paper="yes")
        assert (result, rule in rules) == ("eligible", True)
    assert "COL/66" in outcome("left-out", book="member", why="there", paper="yes")[1]
    assert "COL/12" in outcome("left-out", book="member", why="born", paper="yes")[1]
    assert outcome("left-out", book="land", why="left", land_elsewhere="yes", paper="yes")[0] == "needs evidence"


@pytest.mark.rule("RLCL/women-keep", "COL/18", "HR-1958/19")
def test_marriage_and_divorce_cost_neither_land_nor_membership() -> None:
    """Policy-map section 5: marriage, divorce: nothing of a right; wherever the registration goes."""
    for word in ("married", "divorced"):
        for given, sheet in sheets(word):
            rules = {reason.rule for reason in sheet.decision.reasons}
            assert {"RLCL/women-keep", "COL/18"} <= rules, given
    assert "HR-1958/19" in outcome("married", to="town", land_elsewhere="no")[1]
    assert outcome("divorced", listed="yes", want="divide", land_elsewhere="no")[0] == "needs evidence"


@pytest.mark.rule("HR-1958/7", "COL/12")
def test_a_newborn_is_registered_and_the_collective_is_asked() -> None:
    """Within a month, or later; membership is a question to the collective, never a share by itself."""
    result, rules, said = outcome("born", certificate="yes", member="yes")
    assert (result, rules) == ("eligible", {"HR-1958/7", "COL/12"})
    assert "晚了也给登记" in said
    assert outcome("born", certificate="no", member="yes")[0] == "needs evidence"


@pytest.mark.rule("RLCL/inherit-income", "RLCL/inherit-forest", "RLCL/inherit-last-member", "RLCL/inherit-other-ways")
@pytest.mark.parametrize(
    ("given", "result", "rule"),
    [
        ({"thing": "field", "left": "yes"}, "eligible", "RLCL/inherit-income"),
        ({"thing": "field", "left": "no", "agreed": "yes"}, "review", "RLCL/inherit-last-member"),
        ({"thing": "forest", "left": "yes"}, "eligible", "RLCL/inherit-income"),
        ({"thing": "forest", "left": "no", "agreed": "yes"}, "eligible", "RLCL/inherit-forest"),
        ({"thing": "waste", "agreed": "yes"}, "eligible", "RLCL/inherit-other-ways"),
    ],
)
def test_law_10_contract_land_on_a_death(given: dict[str, str], result: str, rule: str) -> None:
    """law.md section 10: the household goes on; after the last member fields go back, forest and other ways go to heirs."""
    found = outcome("death", **given)
    assert (found[0], rule in found[1]) == (result, True)


@pytest.mark.rule("HOME/inherit", "HOME/urban-heir", "COL/inherit-share")
@pytest.mark.rule("CC/order", "CC/spouse-first", "CC/renounce", "REG/heir-papers")
def test_law_10_house_and_share_on_a_death() -> None:
    """The homestead follows the house, to an heir in town too; without a house it goes back; a share goes by the charter."""
    result, rules, said = outcome("death", thing="home", left="no", house="yes", agreed="yes")
    assert result == "eligible"
    assert {"HOME/inherit", "HOME/urban-heir", "CC/order", "REG/heir-papers"} <= rules
    assert f"{book().whole('CC/renounce', 'legatee_days', DAY)}天" in said
    assert "先拿出配偶" in said
    assert outcome("death", thing="home", left="no", house="no")[0] == "not eligible"
    assert outcome("death", thing="home", left="no", house="yes", agreed="no")[0] == "needs evidence"
    assert "COL/inherit-share" in outcome("death", thing="share", agreed="yes")[1]


LET = {"agree": "yes", "years": "short", "within": "no", "burden": "no"}


@pytest.mark.rule("RLCL/lease", "RLCL/limits", "RLCL/written", "RLCL/registrable", "RLCL/long-lease", "RLCL/relet")
@pytest.mark.rule("GL/15", "WS-2016/II.3.1-f", "EXCHANGE/transferable", "EXCHANGE/homestead-not-listed")
@pytest.mark.parametrize(
    ("given", "result", "rule"),
    [
        ({}, "eligible", "RLCL/lease"),
        ({"years": "short"}, "eligible", "RLCL/written"),
        ({"years": "long"}, "eligible", "RLCL/registrable"),
        ({"years": "longest"}, "review", "RLCL/long-lease"),
        ({"agree": "no"}, "not eligible", "WS-2016/II.3.1-f"),
        ({"within": "yes"}, "not eligible", "RLCL/limits"),
        ({"burden": "stopped"}, "not eligible", "EXCHANGE/transferable"),
        ({"burden": "mortgage"}, "needs evidence", "EXCHANGE/transferable"),
        ({"land": "contract-grass"}, "eligible", "GL/15"),
    ],
)
def test_9_4_letting_land(given: dict[str, str], result: str, rule: str) -> None:
    """Policy-map 9.4: by will, within the term, with what lies on it settled; where the holder lives is not asked."""
    found = outcome("let", **{"land": "contract-arable"} | LET | given)
    assert (found[0], rule in found[1]) == (result, True)
    assert outcome("let", land="homestead")[:2] == ("not eligible", {"EXCHANGE/homestead-not-listed"})
    operating = {k: v for k, v in LET.items() if k != "agree"} | {"land": "operating"}
    assert outcome("let", **operating, consent="no")[:2] == ("needs evidence", {"RLCL/relet"})


GIVE = {"thing": "land", "pressed": "no", "agree": "yes", "confirmed": "yes", "burden": "no"}


@pytest.mark.rule("EXIT/E1", "EXIT/E2", "EXIT/E3", "EXIT/E5", "EXIT/E6", "EXIT/E7", "EXIT/E12")
@pytest.mark.rule("EXIT/scope", "COL/16", "HOME/paid-exit")
@pytest.mark.rule("EXIT/E9", "EXIT/E11", "EXIT/lapse", "EXIT/apart-from-settling", "RLCL/hand-back", "WS-2016/II.3.1-h")
@pytest.mark.parametrize(
    ("given", "result", "rule"),
    [
        ({}, "eligible", "EXIT/E12"),
        ({"agree": "no"}, "not eligible", "EXIT/E2"),
        ({"confirmed": "no"}, "needs evidence", "EXIT/E1"),
        ({"burden": "yes"}, "needs evidence", "EXIT/E6"),
        ({"thing": "home", "other_home": "no"}, "needs evidence", "EXIT/E5"),
        ({"thing": "home", "other_home": "yes"}, "eligible", "HOME/paid-exit"),
    ],
)
def test_9_1_giving_up_a_right(given: dict[str, str], result: str, rule: str) -> None:
    """Policy-map 9.1: each condition that is not met stops it, and every step that is left is told with its days."""
    found = outcome("give-up", **GIVE | given)
    assert (found[0], rule in found[1]) == (result, True)
    _, _, said = outcome("give-up", **GIVE)
    for each, name in (
        *(("EXIT/E9", "exit_notice_days"), ("EXIT/E11", "cooling_off_days"), ("EXIT/lapse", "lapse_months")),
        *(("EXIT/apart-from-settling", "red_flag_days"), ("RLCL/hand-back", "notice_months")),
    ):
        assert str(book().whole(each, name, DAY)) in said
    assert "转给本集体的别的人家" in said
    assert outcome("give-up", thing="member", pressed="no")[:2] == ("needs evidence", {"COL/16"})


@pytest.mark.rule("RLCL/readjustment", "REG/expropriation", "RLCL/inherit-last-member")
def test_what_may_end_a_right_takes_papers_or_a_person() -> None:
    """A readjustment takes two thirds and two approvals, an expropriation its notice; an extinct household a person."""
    result, rules, said = outcome("taken", thing="field", reason="reshuffle")
    assert (result, rules) == ("needs evidence", {"RLCL/readjustment"})
    assert str(book().fraction("RLCL/readjustment", "assembly_share", DAY)) in said
    assert outcome("taken", thing="forest", reason="reshuffle")[0] == "not eligible"
    assert outcome("taken", thing="home", reason="expropriated")[:2] == ("needs evidence", {"REG/expropriation"})
    assert outcome("taken", thing="field", reason="all-dead")[0] == "review"


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


@pytest.mark.rule("RLCL/coercion-is-void", "RLCL/disputes", "RLCL/price", "RLCL/soil-compensation", "GL/33", "FL/17")
def test_sheets_about_land_tell_what_the_decisions_about_rights_say() -> None:
    """Issue 5: `/may-i` answers from them: what is forced is void, whose the rent is, what stays a duty, where a dispute goes."""
    pressed = [s for given, s in sheets("give-up") if given["pressed"] == "yes"]
    assert all("RLCL/coercion-is-void" in {r.rule for r in sheet.decision.reasons} for sheet in pressed)
    assert "RLCL/soil-compensation" in outcome("give-up", **GIVE)[1]
    assert {"RLCL/price", "GL/33"} <= outcome("let", land="contract-grass", **LET)[1]
    assert {"RLCL/price", "FL/17"} <= outcome("let", land="contract-forest", **LET)[1]
    refused = outcome("taken", thing="field", reason="expired")
    assert (refused[0], "RLCL/disputes" in refused[1]) == ("not eligible", True)


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
