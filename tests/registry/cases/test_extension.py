"""延包 of a whole village: is nobody left off because they live in town, and does each household wait for its own alone?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from registry import cases
from registry.audit import audit
from registry.cases import ActRefusedError, NotByYouError, SaidMalformedError, StepNotOpenError
from registry.cases.rows import MENDED, Standing, standings
from registry.holding import acts as holdings
from registry.holding.model import HOLDING, CoHolder
from registry.holding.read import members
from registry.law import causes
from registry.ledger.act import ActFields
from registry.ledger.chain import read_chains, state_at, timeline
from registry.ledger.commit import desk
from registry.ledger.tables import LEDGER_ENTRY
from registry.membership import acts as memberships
from registry.membership.model import MEMBERSHIP_VERSION
from registry.rights import acts as rights
from registry.rights.model import RIGHT
from registry.settlement import settle_family
from tests.guarantee.village import verdict
from tests.registry import made_up
from tests.registry.cases.extending import first_home, line, register_homes, request
from tests.registry.cases.walking import FIRST, PAPER, SECOND, Example
from tests.registry.made_up import CLERK, VILLAGE_CODE, town

if TYPE_CHECKING:
    from registry.ledger.nouns import Version
    from tests.registry.cases.extending import Home
    from tests.registry.cases.walking import Walker

TOWN = replace(FIRST, id="bai", name="白云", bureau="嘎鲁图镇", role="township")
VOTERS = 42
"""Four adults of the made-up family, two of each of nineteen households."""


@pytest.fixture
def homes(walker: Walker) -> list[Home]:
    """Twenty households, all on the register; the first and the last settled in town, whole."""
    found = register_homes(walker.store, walker.village)
    made_up.settle(walker.store, walker.village)
    settle_family(walker.store, list(found[-1].people), day="2018-05-08", town=town(), officer_name="王警官")
    return found


def right_of(walker: Walker, home: Home) -> list[Version]:
    """The chain of a household's contract."""
    with walker.store.reading() as connection:
        return read_chains(connection, RIGHT, [home.right])[home.right]


def term_of(walker: Walker, home: Home, day: str = "2028-01-01") -> tuple[str, str]:
    """First and last day of the term that holds on a day."""
    state = state_at(right_of(walker, home), day)
    assert state is not None
    return state.columns["term_start"], state.columns["term_end"]


def acts(walker: Walker) -> list[str]:
    """The kinds of every act on the log."""
    with walker.store.reading() as connection:
        query = sa.select(LEDGER_ENTRY.c.kind).where(LEDGER_ENTRY.c.cls == "R").order_by(LEDGER_ENTRY.c.idx)
        return list(connection.scalars(query))


def rows_of(walker: Walker, case_id: str) -> dict[str, Standing]:
    """Every row as it stands, by household."""
    case, _, facts = walker.look(case_id)
    return {each.row.id: each for each in standings(case, facts.touched.rows or (), facts.objections)}


def why(walker: Walker, case_id: str, home: Home) -> str:
    """Why a household's row is not ready, "" where it is."""
    return "; ".join(zh for zh, _ in rows_of(walker, case_id)[home.holding].why)


def missing(walker: Walker, case_id: str, word: str) -> str:
    """What is missing for a step, in Chinese."""
    return "; ".join(zh for each in walker.look(case_id)[1] if each.step == word for zh, _ in each.missing)


def noticed(walker: Walker, subject: list[str], asked: dict[str, Any]) -> str:
    """A case at its notice, which has stood its days, with its papers and everybody told."""
    case_id = walker.walk("extension", Example(subject, asked), "noticed")
    for paper in ("roster", "resolution"):
        walker.step(case_id, "evidence-added", paper=paper, source=PAPER)
    walker.ask(case_id)
    walker.clock.ahead += dt.timedelta(days=20)
    return case_id


def vote(walker: Walker, case_id: str, attended: int = VOTERS, agreed: int = 28) -> None:
    """An assembly of all members; twenty-eight of forty-two are two thirds."""
    walker.step(case_id, "voted", day=walker.today(), attended=attended, agreed=agreed, source=PAPER)


def decide(walker: Walker, case_id: str) -> None:
    """Reviewed, approved by a second officer and registered by them."""
    walker.step(case_id, "reviewed", opinion="逐户核对过")
    walker.step(case_id, "approved", SECOND, opinion="同意")
    walker.step(case_id, "registered", SECOND)


def explain(walker: Walker, case_id: str, home: Home, difference: str, cause: str) -> None:
    """One difference explained by the first officer."""
    walker.step(case_id, "explained", row=home.holding, difference=difference, cause=cause, source=PAPER)


@pytest.mark.rule("RLCL/settled-in-town", "RLCL/extension", "WS-2016/II.3.1-g")
def test_roster_of_18_for_a_village_of_20_extends_18_and_drops_nobody(walker: Walker, homes: list[Home]) -> None:
    """Both missing families live in town: each is a red row that blocks only itself, and the case does not end without them."""
    first, last = homes[0], homes[-1]
    before = acts(walker)
    case_id = noticed(walker, [home.right for home in homes], request(line(walker.store, home) for home in homes[1:-1]))
    found = rows_of(walker, case_id)
    assert len(found) == 20
    assert {holding for holding, each in found.items() if not each.ready} == {first.holding, last.holding}
    assert "名册上没有这户" in why(walker, case_id, first)
    vote(walker, case_id)
    assert acts(walker) == before, "counts and rows are shown before anything is written"
    decide(walker, case_id)
    assert acts(walker) == [*before, *["extended"] * 18]
    for home in homes[1:-1]:
        assert term_of(walker, home) == ("2028-01-01", "2057-12-31")
        assert term_of(walker, home, "2027-12-31") == ("1998-01-01", "2027-12-31")
    for home in (first, last):
        assert len(right_of(walker, home)) == 1
        assert term_of(walker, home) == ("1998-01-01", "2027-12-31")
    assert missing(walker, case_id, "delivered") == "还有 2 户没有办完: 一户也不能丢下"
    assert missing(walker, case_id, "registered") == "没有一户可以办: 看每一户缺什么"
    assert not {"withdrawn", "refused", "returned"} & {each.step for each in walker.look(case_id)[1]}

    for home in (first, last):
        explain(walker, case_id, home, "missing", MENDED)
    with pytest.raises(NotByYouError):
        walker.step(case_id, "registered")
    walker.step(case_id, "registered", SECOND)
    assert acts(walker) == [*before, *["extended"] * 20]
    assert term_of(walker, first) == term_of(walker, last) == ("2028-01-01", "2057-12-31")
    walker.step(case_id, "delivered")
    assert audit(walker.store).findings == ()


def test_same_holders_and_parcels_go_on(walker: Walker) -> None:
    """Only the term changes: who holds, which parcels, of which areas, under which powers stays to the byte (C9)."""
    before = right_of(walker, first_home(walker.village))[-1]
    walker.walk("extension", walker.example("extension"))
    after = right_of(walker, first_home(walker.village))[-1]
    moved = {name for name in before.columns if before.columns[name] != after.columns[name]}
    assert moved == {"term_start", "term_end", "extension", "terms_digest"}
    assert [dict(each, ver=1, cause_idx=0) for each in after.children["right_parcel"]] == [
        dict(each, ver=1, cause_idx=0) for each in before.children["right_parcel"]
    ]


@pytest.mark.rule("RLCL/settled-in-town", "RLCL/women-keep")
def test_only_a_lawful_cause_explains_why_a_household_is_not_on_the_roster(walker: Walker, homes: list[Home]) -> None:
    """No household event is one, whatever it is called; a marriage, a registration, an empty house are none (causes.md)."""
    case_id = noticed(walker, [homes[1].right], request([line(walker.store, homes[1])]))
    for word in (*causes.status_kinds(), "settled", "落户", "外嫁", "member-deceased", "extended", "leased", "certificate-issued"):
        with pytest.raises(SaidMalformedError, match="合法原因"):
            explain(walker, case_id, homes[0], "missing", word)
    for where, difference in ((homes[0], "moved"), (homes[1], "missing")):
        with pytest.raises(SaidMalformedError, match="difference"):
            explain(walker, case_id, where, difference, MENDED)
    nobody = replace(homes[0], holding="0" * 32)
    with pytest.raises(SaidMalformedError, match="row"):
        explain(walker, case_id, nobody, "missing", MENDED)


def test_household_said_to_have_exited_waits_until_the_register_has_it(walker: Walker, homes: list[Home]) -> None:
    """A cause in words takes nothing: the row stands, is told anew, and ends only by the exit's own registration."""
    case_id = noticed(walker, [homes[1].right], request(line(walker.store, home) for home in homes[1:]))
    explain(walker, case_id, homes[0], "missing", "exited")
    assert why(walker, case_id, homes[0]) == "名册上没有这户: 等它自己的案件登记; 这户还有 5 人没有告知到"
    vote(walker, case_id)
    decide(walker, case_id)
    assert rows_of(walker, case_id).keys() == {homes[0].holding}
    assert term_of(walker, homes[0]) == ("1998-01-01", "2027-12-31")
    assert "delivered" not in {each.step for each in walker.look(case_id)[1] if each.open}


def test_person_left_off_is_a_difference_and_stays_on_the_list(walker: Walker, homes: list[Home]) -> None:
    """A daughter in town is not on the household's lines: no row without a cause; whatever is said, her line is not touched."""
    home = homes[0]
    short = line(walker.store, replace(home, identities=home.identities[:2] + home.identities[3:]))
    case_id = noticed(walker, [home.right], request([short, *(line(walker.store, each) for each in homes[1:])]))
    key = f"person-missing-{home.people[2]}"
    assert f"名册上少了一个人 {home.people[2]}" in why(walker, case_id, home)
    for word in ("member-added", "placed-rural", "exited"):
        with pytest.raises(SaidMalformedError):
            explain(walker, case_id, home, key, word)
    vote(walker, case_id)
    explain(walker, case_id, home, key, "member-deceased")
    assert "表决以后才说明的原因: 要再表决" in why(walker, case_id, home)
    assert "这户还有 5 人没有告知到" in why(walker, case_id, home)
    walker.ask(case_id)
    vote(walker, case_id)
    assert why(walker, case_id, home) == ""
    walker.step(case_id, "reviewed", opinion="齐全")
    with pytest.raises(NotByYouError):
        walker.step(case_id, "approved", FIRST, opinion="同意")
    walker.step(case_id, "approved", SECOND, opinion="同意")
    walker.step(case_id, "registered", SECOND)
    with walker.store.reading() as connection:
        head = read_chains(connection, HOLDING, [home.holding])[home.holding][-1]
    assert [member.alive for member in members(head)] == [True] * 5
    assert term_of(walker, home) == ("2028-01-01", "2057-12-31")


def test_a_person_more_another_area_and_a_contract_left_out_are_differences(walker: Walker, homes: list[Home]) -> None:
    """Each names what differs and takes only the causes that could have made it."""
    one, two, three = homes[1:4]
    told = [
        line(walker.store, replace(one, identities=(*one.identities, ("其其格", "")))),
        line(walker.store, two, contracts=[{"code": two.contract, "mu": "12.00"}]),
        line(walker.store, three, contracts=[{"code": "X-1", "mu": ""}]),
    ]
    case_id = noticed(walker, [one.right], request(told))
    found = {home: rows_of(walker, case_id)[home.holding].row.differences for home in (one, two, three)}
    assert [each.key.rsplit("-", 1)[0] for each in found[one]] == ["person-more"]
    assert [each.key for each in found[two]] == [f"area-{two.right}"]
    assert "登记 15.00 亩, 名册 12.00 亩" in found[two][0].zh
    assert [each.key for each in found[three]] == [f"contract-missing-{three.right}"]
    assert "member-added" in found[one][0].causes
    assert "member-deceased" not in found[one][0].causes
    assert "expropriated" in found[two][0].causes
    assert found[three][0].waits
    explain(walker, case_id, one, found[one][0].key, "member-added")
    explain(walker, case_id, two, found[two][0].key, MENDED)
    walker.ask(case_id)
    vote(walker, case_id)
    decide(walker, case_id)
    assert [len(right_of(walker, home)) for home in (one, two, three)] == [2, 2, 1]


def test_objection_holds_its_household_alone(walker: Walker, homes: list[Home]) -> None:
    """斯琴 objects to one row: the others go on; upheld, the row waits until the register was put right."""
    case_id = noticed(walker, [homes[1].right], request(line(walker.store, home) for home in homes))
    hers = homes[5]
    with pytest.raises(SaidMalformedError, match="row"):
        walker.open("objection", Example(challenges=case_id, request={"row": "0" * 32}))
    objection = walker.open("objection", Example(challenges=case_id, request={"row": hers.holding}))
    assert why(walker, case_id, hers) == "", "a draft is nobody's"
    walker.step(objection, "submitted")
    assert "还没有答复" in why(walker, case_id, hers)
    vote(walker, case_id)
    decide(walker, case_id)
    assert acts(walker).count("extended") == 19
    walker.step(objection, "answered", SECOND, outcome="upheld", reasons="名册漏了一个人")
    assert "先把登记更正过来" in why(walker, case_id, hers)
    walker.walk("omission-corrected", Example([hers.holding], walker.example("omission-corrected").request))
    (added,) = rows_of(walker, case_id)[hers.holding].row.differences
    explain(walker, case_id, hers, added.key, MENDED)
    assert why(walker, case_id, hers) == "这户还有 3 人没有告知到"
    walker.ask(case_id)
    walker.step(case_id, "registered", SECOND)
    assert acts(walker).count("extended") == 20
    walker.step(case_id, "delivered")


def test_objection_to_the_plan_stops_the_whole_until_answered(walker: Walker, homes: list[Home]) -> None:
    """Without a household it is about the vote or the plan."""
    case_id = noticed(walker, [homes[1].right], request(line(walker.store, home) for home in homes))
    objection = walker.walk("objection", Example(challenges=case_id), "submitted")
    with pytest.raises(StepNotOpenError, match="异议"):
        vote(walker, case_id)
    walker.step(objection, "supplement-asked", reasons="哪一户")
    with pytest.raises(SaidMalformedError, match="row"):
        walker.step(objection, "supplemented", request={"row": "0" * 32})
    walker.step(objection, "supplemented", note="说的是方案")
    walker.step(objection, "answered", SECOND, outcome="not-upheld", reasons="方案公示过")
    vote(walker, case_id)


@pytest.mark.rule("RLCL/extension", "COL/27")
@pytest.mark.parametrize(("attended", "agreed", "carried"), [(28, 28, True), (27, 27, False), (42, 27, False), (42, 28, True)])
def test_vote_takes_two_thirds_of_all_members(
    walker: Walker, homes: list[Home], attended: int, agreed: int, carried: bool
) -> None:
    """Of all members of the register, those in town too (RLCL/extension); not carried it decides nothing and ends nothing."""
    case_id = noticed(walker, [homes[1].right], request(line(walker.store, home) for home in homes))
    vote(walker, case_id, attended, agreed)
    last = walker.look(case_id)[0].last("voted")
    assert last is not None
    assert (last.said["of"], last.said["agree"], len(last.said["rows"])) == (VOTERS, 28, 20)
    assert ("表决没有通过" in missing(walker, case_id, "reviewed")) is not carried
    vote(walker, case_id, VOTERS, VOTERS)
    assert missing(walker, case_id, "reviewed") == ""


def test_vote_that_cannot_be_is_not_recorded(walker: Walker, homes: list[Home]) -> None:
    """More than there are members, more who agree than came, a day to come."""
    case_id = noticed(walker, [homes[1].right], request(line(walker.store, home) for home in homes))
    for attended, agreed in ((VOTERS + 1, 28), (28, 29)):
        with pytest.raises(SaidMalformedError, match="agreed"):
            vote(walker, case_id, attended, agreed)
    notice = walker.look(case_id)[2].notice_until
    assert notice is not None
    for day in ("2099-01-01", "2010-01-01", notice):
        with pytest.raises(SaidMalformedError, match="day"):
            walker.step(case_id, "voted", day=day, attended=42, agreed=42, source=PAPER)


def test_vote_needs_members_of_the_register(walker: Walker, homes: list[Home]) -> None:
    """Where nobody of the collective is entered as a member there is nothing to count against."""
    with desk(walker.store, CLERK) as at:
        act = at.act("court-ordered", "2020-01-01", ActFields(basis="判决"))
        for membership in walker.ids(MEMBERSHIP_VERSION):
            memberships.end(act, membership)
        at.commit()
    case_id = noticed(walker, [homes[1].right], request(line(walker.store, home) for home in homes))
    with pytest.raises(SaidMalformedError, match="先登记成员"):
        vote(walker, case_id)


@pytest.mark.rule("RLCL/inherit-last-member")
def test_household_of_which_nobody_is_left_is_not_extended_and_blocks_nothing(walker: Walker, homes: list[Home]) -> None:
    """C26: not extended, and said why; its right stands until a person decided in a case of its own."""
    gone = homes[3]
    with desk(walker.store, CLERK) as at:
        act = at.act("member-deceased", "2020-05-01", ActFields(basis="死亡证明"))
        holdings.change(act, gone.holding, members=[replace(m, alive=False) for m in members(at.chain(HOLDING, gone.holding)[-1])])
        at.commit()
    case_id = noticed(walker, [homes[1].right], request(line(walker.store, home) for home in homes))
    assert "没有在世的人" in why(walker, case_id, gone)
    vote(walker, case_id)
    decide(walker, case_id)
    assert len(right_of(walker, gone)) == 1
    assert right_of(walker, gone)[-1].status == "live"
    walker.step(case_id, "delivered")


def test_twice_is_once(walker: Walker, homes: list[Home]) -> None:
    """Two cases about one village, one after the other or side by side: each contract is extended once."""
    asked = request(line(walker.store, home) for home in homes)
    other = noticed(walker, [homes[1].right], asked)
    vote(walker, other)
    walker.step(other, "reviewed", opinion="齐全")
    walker.step(other, "approved", SECOND, opinion="同意")
    walker.walk("extension", Example([homes[1].right], asked), "noticed")
    one = noticed(walker, [homes[1].right], asked)
    vote(walker, one)
    decide(walker, one)
    assert acts(walker).count("extended") == 20
    with pytest.raises(StepNotOpenError, match="没有一户"):
        walker.step(other, "registered", SECOND)
    assert rows_of(walker, other) == {}
    assert {len(right_of(walker, home)) for home in homes} == {2}


def test_whoever_came_onto_a_list_is_told_before_their_row_goes_on(walker: Walker, homes: list[Home]) -> None:
    """What is registered of a household after it was told holds that household, not the village."""
    home = homes[2]
    case_id = noticed(walker, [homes[1].right], request(line(walker.store, each) for each in homes))
    with desk(walker.store, CLERK) as at:
        act = at.act("member-added", "2020-05-01", ActFields(basis="出生"))
        lines = members(at.chain(HOLDING, home.holding)[-1])
        holdings.change(act, home.holding, members=[*lines, CoHolder(homes[4].people[0], "20")])
        at.commit()
    assert "这户还有 3 人没有告知到" in why(walker, case_id, home)
    assert [each.row.id for each in rows_of(walker, case_id).values() if not each.ready] == [home.holding]


def test_case_is_about_its_village_and_land(walker: Walker, homes: list[Home]) -> None:
    """A contract on another kind of land, a village that is none, a day decades ahead, a household twice are refused."""
    good = request([line(walker.store, homes[0])])
    for subject, asked, says in (
        ([walker.village.rights["contract-grass"]], good, "subject"),
        ([homes[0].right], good | {"collective": "15062610021001"}, "collective"),
        ([homes[0].right], good | {"collective": VILLAGE_CODE[:12]}, "collective"),
        ([homes[0].right], good | {"until": "2047-12-31"}, "until"),
        ([homes[0].right], good | {"land": "contract-other"}, "land"),
        ([homes[0].right], good | {"years": 70}, "…"),
        ([homes[0].right], good | {"roster": good["roster"] * 2}, "code"),
        ([homes[0].right], good | {"roster": []}, "roster"),
    ):
        case_id = walker.open("extension", Example(subject, asked))
        with pytest.raises((SaidMalformedError, ActRefusedError), match=says):
            walker.step(case_id, "submitted")


def test_pasture_goes_on_for_the_years_of_the_plan_within_the_law(walker: Walker) -> None:
    """Grass and forest are extended correspondingly: the plan gives the years, the law their least and most (C9)."""
    right = walker.village.rights["contract-forest"]
    with desk(walker.store, CLERK) as at:
        act = at.act("record-corrected", "2016-11-30", ActFields(basis="更正"))
        rights.change(act, right, term_end="2027-06-30")
        at.commit()
    walker.first = replace(FIRST, role="forestry")
    walker.second = replace(SECOND, role="forestry")
    home = replace(first_home(walker.village), right=right, mu="6.00")
    for years, says in ((29, "30 到 70"), (71, "30 到 70"), (None, "years")):
        asked = request([line(walker.store, home)], land="contract-forest") | ({} if years is None else {"years": years})
        with pytest.raises(SaidMalformedError, match=says):
            walker.step(walker.open("extension", Example([right], asked)), "submitted")
    walker.walk("extension", Example([right], request([line(walker.store, home)], land="contract-forest", years=70)))
    assert term_of(walker, home) == ("2027-07-01", "2097-06-30")


def test_family_that_settles_after_the_extension_loses_nothing(walker: Walker) -> None:
    """The new term is theirs in town as the old one was."""
    walker.walk("extension", walker.example("extension"))
    before = right_of(walker, first_home(walker.village))
    done = made_up.settle(walker.store, walker.village, walker.today())
    assert right_of(walker, first_home(walker.village)) == before
    for person in walker.village.people:
        assert verdict(walker.store, person, done.idx, walker.today()).verdict == "unchanged"
        then = verdict(walker.store, person, done.idx, "2028-01-01")
        assert {change.kind for thing in then.things for change in thing.changes} <= {"extended"}
        arable = next(thing for thing in then.things if thing.thing == "contract-arable")
        assert (arable.now or {})["term_end"] == "2057-12-31"


def test_contract_that_names_no_end_or_begins_too_late_waits_for_its_correction(walker: Walker, homes: list[Home]) -> None:
    """It is a row, because nobody may be lost by a blank; it holds nobody else."""
    with desk(walker.store, CLERK) as at:
        act = at.act("record-corrected", "2016-11-30", ActFields(basis="更正"))
        rights.change(act, homes[1].right, term_end="")
        rights.change(act, homes[2].right, term_end="2015-12-31")
        at.commit()
    case_id = noticed(walker, [homes[3].right], request(line(walker.store, home) for home in homes))
    assert "没有写到哪天" in why(walker, case_id, homes[1])
    assert timeline(right_of(walker, homes[2]))[0].start > "2016-01-01"
    assert "新期限开始以后才有登记" in why(walker, case_id, homes[2])
    vote(walker, case_id)
    decide(walker, case_id)
    assert acts(walker).count("extended") == 18
    assert {each.row.id for each in rows_of(walker, case_id).values()} == {homes[1].holding, homes[2].holding}


def test_roster_names_strangers_and_is_not_believed(walker: Walker, homes: list[Home]) -> None:
    """A household that the register does not know is shown and gets nothing; one already extended is no stranger."""
    unknown = replace(homes[1], code=f"{VILLAGE_CODE}0099")
    case_id = noticed(walker, [homes[1].right], request(line(walker.store, home) for home in (unknown, *homes)))
    assert walker.look(case_id)[2].touched.strangers == (unknown.code,)
    vote(walker, case_id)
    decide(walker, case_id)
    assert walker.look(case_id)[2].touched.strangers == (unknown.code,)
    assert cases.phase(walker.look(case_id)[0], cases.kind_of("extension")) == "registered"


def test_township_explains_and_tells_and_decides_nothing(walker: Walker, homes: list[Home]) -> None:
    """The village and the township may put a family back; they can neither vote it away nor register."""
    case_id = noticed(walker, [homes[1].right], request(line(walker.store, home) for home in homes[1:]))
    walker.step(case_id, "explained", TOWN, row=homes[0].holding, difference="missing", cause=MENDED, source=PAPER)
    assert why(walker, case_id, homes[0]) == ""
    with pytest.raises(NotByYouError):
        walker.step(case_id, "refused", TOWN, reasons="不办")
    vote(walker, case_id)
    with pytest.raises(NotByYouError):
        walker.step(case_id, "reviewed", TOWN, opinion="同意")
