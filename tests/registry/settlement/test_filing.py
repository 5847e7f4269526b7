"""Applications to settle: decided one by one on shown facts, recorded for those who may and want to, and nothing else."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import pytest

from registry import residence
from registry.audit import audit
from registry.decisions.categories import Grounds
from registry.decisions.facts import Dwelling
from registry.decisions.family import CollectivePlace, Companion
from registry.decisions.guardian import Guardianship
from registry.decisions.permits import PermitAsked, PermitHeld
from registry.decisions.rural import RuralPlacement
from registry.decisions.unregistered import Unregistered
from registry.guarantee.reach import within_reach
from registry.parties import Identity
from registry.settlement import Application, Event, record
from registry.settlement.filing import Filed, LookedAt, MixedFilingError, decide, settle
from registry.settlement.life import Desk, link_people, record_residence
from registry.settlement.wills import AppliedForAnotherError, GuardianMissingError
from tests.guarantee.village import everything, registered, state_root
from tests.registry import made_up
from tests.registry.decisions.cases import HIRED, IDLE, OUTSIDER, paid
from tests.registry.settlement.filings import PAPER, SIGNED, TOWN, applied, banner, family, filing, kept, papers

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.settlement.filing import Filing
    from registry.store.engines import Store
    from tests.registry.made_up import Village

POLICE = ("王警官", "公安局")


def where(store: Store, village: Village, day: str = "2018-01-01") -> list[tuple[str, str, str] | None]:
    """Where each of the family is registered, since when, as what."""
    with store.reading() as connection:
        rows = [residence.registration_at(connection, store.vault, p, day) for p in village.people]
    return [None if row is None else (row.division_code, row.valid_from, row.relation) for row in rows]


def results(store: Store, given: Filing) -> list[str]:
    """What would be decided for each."""
    with store.reading() as connection:
        return [answer.decision.result for answer in decide(store, connection, given)]


def test_family_at_once_equals_its_members_one_by_one(make_store: Callable[[str], Store], engine_name: str) -> None:
    """II.1.1, I28: the same decisions and registrations, and neither way writes a right."""
    seen = []
    for parts in ([range(5)], [[n] for n in range(5)], [[4], [3, 2], [1, 0]]):
        store = make_store(engine_name)
        village = registered(store)
        before, root = everything(store), state_root(store)
        told = []
        for part in parts:
            answers, done = settle(store, filing(*family(village, part)), *POLICE)
            assert done is not None
            told += [(village.people.index(a.person), a.decision.result, a.state) for a in answers]
        assert (everything(store), state_root(store)) == (before, root)
        seen.append((sorted(told), where(store, village)))
    assert seen[0] == seen[1] == seen[2]
    assert {row[0] for row in seen[0][1] if row} == {"150626100010"}


def test_part_of_a_family_settles_and_the_rest_stays(store: Store) -> None:
    """II.1.1: who does not apply is not moved; one household may have members on both sides."""
    village = registered(store)
    people = family(village)
    people[1] = replace(people[1], application=None)
    answers, done = settle(store, filing(*people), *POLICE)
    assert [a.state for a in answers] == ["recorded", "did not apply", "recorded", "recorded", "recorded"]
    assert done is not None
    assert [row and row[0] for row in where(store, village)] == [
        "150626100010", "150626100210", "150626100010", "150626100010", "150626100010",
    ]  # fmt: skip


def test_no_head_of_household_applies_for_a_wife(store: Store) -> None:
    """I.2.2: an adult's application that somebody else signed is refused by name (masked), and nothing is recorded."""
    village = registered(store)
    husband, wife = village.people[:2]
    with pytest.raises(AppliedForAnotherError) as refusal:
        settle(store, filing(banner(husband), banner(wife, husband)), *POLICE)
    assert "*登" in str(refusal.value.zh)
    assert "敖登" not in str(refusal.value.zh)
    assert {row and row[0] for row in where(store, village)} == {"150626100210"}


def test_minor_settles_on_a_guardians_signature(store: Store) -> None:
    """I.2.2: somebody under age does not sign alone, nor another child for them; of age on the day, they do."""
    village = registered(store)
    son, daughter = village.people[2:4]
    for signer in (son, daughter):
        with pytest.raises(GuardianMissingError):
            settle(store, filing(banner(son, signer)), *POLICE)
    assert settle(store, filing(banner(son), day="2021-01-05"), *POLICE)[1] is not None


NAMED = Guardianship(names_signer=True, in_force_from=date(2017, 1, 1))
COURT = "d" * 64


def guarded(ward: str, guardian: str, said: Guardianship | None = NAMED, court: str = COURT) -> Filed:
    """An adult's application that a guardian signed, with what is said of the court's decision."""
    return banner(ward, application=Application(ward, SIGNED, guardian, said, court))


@pytest.mark.rule("PERSON/adult-guardian", "WS-2016/I.2.2")
def test_adult_settles_through_a_guardian_whom_a_court_named(store: Store) -> None:
    """民法典 21 to 24, 28: the guardian signs; the court's decision is kept with the event; what the ward has stays."""
    village = registered(store)
    ward, guardian = village.people[1], village.people[0]
    before = everything(store)
    answers, done = settle(store, filing(guarded(ward, guardian)), *POLICE)
    assert done is not None
    assert [(a.decision.result, a.state) for a in answers] == [("eligible", "recorded")]
    assert kept(store, done.idx, "event.facts")["applications"] == [[ward, SIGNED, guardian, COURT]]
    assert COURT in kept(store, done.idx, "event.evidence")
    assert everything(store) == before


@pytest.mark.rule("PERSON/adult-guardian")
@pytest.mark.parametrize(
    ("said", "court", "result"),
    [
        (NAMED, "", "needs evidence"),
        (Guardianship(), COURT, "needs evidence"),
        (Guardianship(names_signer=True), COURT, "needs evidence"),
        (replace(NAMED, names_signer=False), COURT, "not eligible"),
        (replace(NAMED, in_force_from=date(2017, 5, 9)), COURT, "not eligible"),
        (replace(NAMED, in_force_from=date(2017, 5, 8)), COURT, "eligible"),
        (replace(NAMED, restored_on=date(2017, 5, 8)), COURT, "not eligible"),
        (replace(NAMED, restored_on=date(2017, 5, 9)), COURT, "eligible"),
    ],
)
def test_guardian_without_the_courts_decision_needs_evidence(
    store: Store, said: Guardianship, court: str, result: str
) -> None:
    """The court's decision is the evidence: without it nobody is moved and nobody is refused; not in force, restored: no."""
    village = registered(store)
    ward, guardian = village.people[:2]
    answers, done = settle(store, filing(guarded(ward, guardian, said, court), banner(guardian)), *POLICE)
    assert (answers[0].decision.result, answers[1].state) == (result, "recorded")
    assert (answers[0].state == "recorded") == (result == "eligible")
    assert done is not None
    assert (where(store, village)[0] or ("",))[0] == ("150626100010" if result == "eligible" else "150626100210")
    assert result == "eligible" or answers[0].question == "guardian-signs"


def test_no_child_is_an_adults_guardian(store: Store) -> None:
    """A guardian is of age, whatever a paper is said to say; and a claim of guardianship changes nothing for a child."""
    village = registered(store)
    ward, child = village.people[0], village.people[2]
    with pytest.raises(AppliedForAnotherError):
        settle(store, filing(guarded(ward, child)), *POLICE)
    with pytest.raises(GuardianMissingError):
        settle(store, filing(guarded(child, child)), *POLICE)
    assert settle(store, filing(guarded(child, ward, None, "")), *POLICE)[1] is not None


def test_same_filing_twice_acts_once(store: Store) -> None:
    """I28: the second sending finds the first."""
    village = registered(store)
    first = settle(store, filing(*family(village)), *POLICE)[1]
    again = settle(store, filing(*family(village)), *POLICE)[1]
    assert first is not None
    assert again is not None
    assert (again.idx, again.repeated) == (first.idx, True)


def test_papers_in_any_order_are_the_same_event(store: Store) -> None:
    """Evidence in any order: one decision, one event."""
    village = registered(store)
    shown = papers(banner("").facts)
    shown["dwelling.owned"] = ("1" * 64, "2" * 64, "3" * 64)
    seen = set()
    for order in itertools.permutations(shown["dwelling.owned"]):
        one = banner(village.people[0], papers=dict(reversed(shown.items())) | {"dwelling.owned": order})
        answers, done = settle(store, filing(one), *POLICE)
        assert done is not None
        seen.add((answers[0].decision, done.idx))
    assert len(seen) == 1


def test_claim_without_its_paper_is_not_recorded_on(store: Store) -> None:
    """A missing paper is needs evidence: nothing is recorded, and the paper is named."""
    village = registered(store)
    one = banner(village.people[0], papers={})
    answers, done = settle(store, filing(one), *POLICE)
    assert (answers[0].decision.result, answers[0].state, done) == ("needs evidence", "not decided in favour", None)
    assert any("房屋" in need for reason in answers[0].decision.reasons for need in reason.needs)


def test_register_knows_where_somebody_is_registered_whatever_is_claimed(store: Store) -> None:
    """本旗户籍 is the registered address on the day: not a claim, and not the prefix of a number (all are 150699 here)."""
    village = registered(store)
    assert results(store, filing(banner(village.people[0]))) == ["eligible"]
    stranger = Identity("外地人", made_up.id_number("19900101", 121))
    new = banner("new:0")
    assert results(store, filing(replace(new, facts=replace(new.facts, hukou="banner")), newcomers=(stranger,))) == [
        "needs evidence"
    ]
    assert results(store, filing(replace(new, facts=replace(new.facts, hukou="elsewhere")), newcomers=(stranger,))) == [
        "not eligible"
    ]


@pytest.mark.rule("WS-2016/II.2.3")
def test_registration_of_either_row_is_the_persons(store: Store) -> None:
    """II.1.3, II.2.3: under a second number that nobody registered they are a banner resident, and nobody to register first."""
    village = registered(store)
    double = Identity("达楞太", made_up.id_number("19680312", 901), sex="1")
    (second,) = record(store, Event("type-unified", "2016-10-01", newcomers=(double,)), *POLICE).newcomers
    facts = Unregistered("born-outside-plan", birth_certificate=True, parent_book=True, marriage_or_statement=True)
    first_time = filing(Filed(second, "register-unregistered", facts, papers(facts)))
    assert results(store, filing(banner(second))) == ["needs evidence"]
    assert results(store, first_time) == ["eligible"]
    link_people(store, second, village.people[0], "2017-01-01", Desk("王警官"), police_decision=PAPER)
    assert results(store, filing(banner(second))) == ["eligible"]
    assert results(store, first_time) == ["not eligible"]
    assert results(store, filing(banner(village.people[0]))) == ["eligible"]


@pytest.mark.rule("WS-2016/II.2.2", "WS-2016/II.2.3")
def test_permit_under_another_row_lapses_on_settlement(store: Store) -> None:
    """II.2.2: one person, one basis: the permit ends on the day, whichever of their rows it was issued under."""
    village = registered(store)
    double = Identity("达楞太", made_up.id_number("19680312", 901), sex="1")
    given = Event("permit-issued", "2017-01-01", newcomers=(double,), permits={"new:0": ("issued", "150626")})
    (second,) = record(store, given, *POLICE).newcomers
    link_people(store, second, village.people[0], "2017-02-01", Desk("王警官"), police_decision=PAPER)
    before = everything(store)
    done = settle(store, filing(banner(village.people[0])), *POLICE)[1]
    with store.reading() as connection:
        states = residence.permits(connection, second)
    assert [(state["status"], state["valid_from"]) for state in states] == [("issued", "2017-01-01"), ("lapsed", made_up.MOVED)]
    assert done is not None
    assert everything(store) == before
    assert audit(store).findings == ()


def outsider(person: str, **changed: Any) -> Filed:  # noqa: ANN401  (fields of the facts)
    """Somebody from outside with every paper."""
    facts = replace(OUTSIDER, **changed)
    return Filed(person, "settle-from-outside", facts, papers(facts), applied(person))


COUPLE = (
    Identity("赵一", made_up.id_number("19850101", 121), sex="1"),
    Identity("钱二", made_up.id_number("19860202", 122), sex="2"),
)


def test_newcomer_and_spouse_settle_together(store: Store) -> None:
    """II.1.2: the one who leads and the spouse, each on their own application, in one event; all categories are kept."""
    registered(store)
    facts = Companion("spouse", lives_together=True, same_address=True, marriage_valid=True)
    wife = Filed("new:1", "settle-along", facts, papers(facts), applied("new:1"), along="new:0")
    leads = outsider("new:0", grounds=Grounds(house="commodity", insured_months=paid(24)))
    answers, done = settle(store, filing(wife, leads, newcomers=COUPLE), *POLICE)
    assert [a.decision.result for a in answers] == ["eligible", "eligible"]
    assert answers[1].told["categories"] == ["WS-2016/II.1.2(1)", "WS-2016/II.1.2(2)"]
    assert done is not None
    assert len(done.newcomers) == 2
    with store.reading() as connection:
        event = residence.event_at(connection, done.idx)
    assert event is not None
    assert event.kind == "settled-from-outside"
    by_question = {each["question"]: each for each in kept(store, done.idx, "event.facts")["decided"]}
    assert by_question["settle-from-outside"]["told"]["categories"] == ["WS-2016/II.1.2(1)", "WS-2016/II.1.2(2)"]
    assert by_question["settle-from-outside"]["person"] in done.newcomers
    assert audit(store).findings == ()


def test_companion_of_somebody_who_is_not_eligible_does_not_settle(store: Store) -> None:
    """II.1.2-F: only along with somebody who is eligible; a newcomer who is not recorded is not brought."""
    registered(store)
    facts = Companion("spouse", lives_together=True, same_address=True, marriage_valid=True)
    wife = Filed("new:1", "settle-along", facts, papers(facts), applied("new:1"), along="new:0")
    leads = outsider("new:0", lives_in_town=False)
    answers, done = settle(store, filing(leads, wife, newcomers=COUPLE), *POLICE)
    assert ([a.decision.result for a in answers], done) == (["not eligible"] * 2, None)


def test_review_is_recorded_only_with_who_looked_and_why(store: Store) -> None:
    """Q1: a person decides, and who and why is kept with the event, sealed."""
    registered(store)
    given = filing(outsider("new:0", work=IDLE), newcomers=COUPLE[:1])
    answers, done = settle(store, given, *POLICE)
    assert (answers[0].state, done) == ("a person must look", None)
    looked = replace(given, looked_at=LookedAt("李所长", "自治区规定够"))
    answers, done = settle(store, looked, *POLICE)
    assert done is not None
    (decided,) = kept(store, done.idx, "event.facts")["decided"]
    assert (decided["result"], decided["open"], decided["looked_at"]["by"]) == ("review", ["Q1"], "李所长")


def test_permit_is_issued_endorsed_and_lapses_on_settlement(store: Store) -> None:
    """II.2.2: not for whoever is registered in the banner; endorsed yearly; ended on the day the registration moves in."""
    village = registered(store)
    facts = PermitAsked("elsewhere", date(2016, 1, 1), OUTSIDER.dwelling, HIRED)

    def asks(person: str) -> Filed:
        return Filed(person, "residence-permit", facts, papers(facts), applied(person))

    answers, done = settle(store, filing(asks(village.people[0])), *POLICE)
    assert (answers[0].decision.result, done) == ("not eligible", None)
    person = stranger(store)
    answers, done = settle(store, filing(asks(person), day="2016-10-01"), *POLICE)
    assert done is not None
    endorsed = Filed(person, "permit-endorsement", PermitHeld(), {}, applied(person))
    assert settle(store, filing(endorsed, day="2017-02-01"), *POLICE)[1] is None
    assert settle(store, filing(endorsed, day="2017-09-15"), *POLICE)[1] is not None
    assert settle(store, filing(outsider(person), day="2018-01-01"), *POLICE)[1] is not None
    with store.reading() as connection:
        held = residence.permits(connection, person)
    assert [(step["status"], step["valid_from"]) for step in held] == [
        ("issued", "2016-10-01"), ("endorsed", "2017-09-15"), ("lapsed", "2018-01-01"),
    ]  # fmt: skip


def stranger(store: Store, which: int = 0) -> str:
    """A person of the register who is registered in another banner."""
    row = replace(TOWN, person_id="new:0", division_code="150627100010", valid_from="2015-01-01", former_type="非农业")
    event = Event("registered-first", "2016-09-15", (), (row,), newcomers=(COUPLE[which],))
    return record(store, event, *POLICE).newcomers[0]


def test_permit_in_force_is_known_to_the_decision(store: Store) -> None:
    """Q1: a permit holder is told what Order 663 says: the register knows the permit, it is not claimed."""
    registered(store)
    person = stranger(store)
    record(store, Event("permit-issued", "2017-01-01", (person,), permits={person: ("issued", "150626")}), *POLICE)
    with store.reading() as connection:
        (answer,) = decide(store, connection, filing(outsider(person, work=IDLE, grounds=Grounds())))
    assert [each.result for each in answer.decision.beside] == ["not eligible", "eligible", "eligible"]


def test_collective_household_is_a_place_and_no_way_round(store: Store) -> None:
    """II.1.2-C: who is eligible and has no address goes to the first that accepts; who is not, nowhere."""
    registered(store)
    for principal, result in (
        (OUTSIDER, "eligible"),
        (replace(OUTSIDER, dwelling=Dwelling(in_town=False), work=IDLE), "not eligible"),
    ):
        facts = CollectivePlace(principal, can_register_at_address=False, accepted_by=("community",))
        one = Filed("new:0", "collective-household", facts, papers(facts), applied("new:0"))
        answers, done = settle(store, filing(one, newcomers=COUPLE[:1]), *POLICE)
        assert (answers[0].decision.result, done is None) == (result, result != "eligible")


def test_unregistered_child_is_registered_without_anybodys_will(store: Store) -> None:
    """II.1.3: registered with the papers of the class; a duty of the office, so no application is asked for."""
    registered(store)
    facts = Unregistered("born-outside-plan", birth_certificate=True, parent_book=True, marriage_or_statement=True)
    child = Identity("孙小", made_up.id_number("20100101", 121))
    one = Filed("new:0", "register-unregistered", facts, papers(facts))
    answers, done = settle(store, filing(one, newcomers=(child,)), *POLICE)
    assert (answers[0].state, done is not None) == ("recorded", True)
    assert done is not None
    again = Filed(done.newcomers[0], "register-unregistered", facts, papers(facts))
    assert settle(store, filing(again, day="2018-01-01"), *POLICE)[0][0].decision.result == "not eligible"


def test_person_declared_dead_and_back_is_restored(store: Store) -> None:
    """II.1.3, I14: the court revokes, the registration is restored; rights were never touched."""
    village = registered(store)
    person = village.people[4]
    gone = replace(made_up.rural(person, "52", "2017-01-01"), status="cancelled")
    record(store, Event("hukou-cancelled", "2017-01-01", (person,), (gone,)), *POLICE)
    facts = Unregistered("declared-missing-or-dead", court_revoked=True)
    given = filing(Filed(person, "register-unregistered", facts, papers(facts)), day="2017-06-01")
    answers, done = settle(store, given, *POLICE)
    assert (answers[0].decision.result, done is not None) == ("eligible", True)
    with store.reading() as connection:
        assert [e.kind for e in residence.events_of(connection, person)][-1] == "hukou-restored"


@pytest.mark.parametrize(
    ("receiving", "wish", "result", "kind"),
    [
        (0, "rural", "eligible", "placed-rural"),
        (0, "town", "eligible", "moved-within"),
        (None, "rural", "needs evidence", None),
        ("stranger", "rural", "not eligible", None),
        ("later", "rural", "review", None),
    ],
)
def test_marriage_goes_by_the_receiving_sides_archived_type(
    store: Store,
    receiving: int | str | None,
    wish: Literal["rural", "town"],
    result: str,
    kind: str | None,
) -> None:
    """II.1.4 c, d, e (Q4, Q13): of the spouse whose household is joined; the mover's own type is asked by nobody."""
    village = registered(store)
    bride = Identity("苏布达", made_up.id_number("19950505", 124))
    spouse = ""
    if receiving == "stranger":
        spouse = stranger(store)
    elif receiving == "later":
        row = replace(TOWN, person_id="new:0", valid_from="2017-01-01")
        spouse = record(
            store, Event("registered-first", "2017-01-01", (), (row,), newcomers=COUPLE[:1]), *POLICE
        ).newcomers[0]
    elif isinstance(receiving, int):
        spouse = village.people[receiving]
    facts = RuralPlacement("marriage", wish)
    one = Filed("new:0", "rural-placement", facts, papers(facts), applied("new:0"), receiving=spouse)
    answers, done = settle(store, filing(one, newcomers=(bride,)), *POLICE)
    assert answers[0].decision.result == result
    assert (done is None) == (kind is None)
    if done is not None:
        with store.reading() as connection:
            event = residence.event_at(connection, done.idx)
        assert event is not None
        assert event.kind == kind


def test_student_goes_out_and_comes_back(store: Store) -> None:
    """II.1.4 a, b: to the school's collective household and back to the origin, by own will; the village's rights stay."""
    village = registered(store)
    before = everything(store)
    son = village.people[2]
    out = RuralPlacement("admission", "school", school_in_region=True)
    back = RuralPlacement("graduation", "origin", graduated=True, came_from_banner_rural=True)
    kinds = []
    for facts, day in ((out, "2021-09-01"), (back, "2025-07-01")):
        one = Filed(son, "rural-placement", facts, papers(facts), applied(son))
        done = settle(store, filing(one, day=day), *POLICE)[1]
        assert done is not None
        with store.reading() as connection:
            event = residence.event_at(connection, done.idx)
        kinds.append(None if event is None else event.kind)
    assert kinds == ["study-move", "return-move"]
    assert everything(store) == before


def test_living_together_is_contradicted_by_two_recorded_addresses(store: Store) -> None:
    """Shared definition 共同居住生活: said to live together, recorded at two addresses: a person looks."""
    registered(store)
    husband, wife = stranger(store), stranger(store, 1)
    facts = Companion("spouse", lives_together=True, same_address=True, marriage_valid=True)
    one = Filed(wife, "settle-along", facts, papers(facts), applied(wife), along=husband)
    assert results(store, filing(one, outsider(husband))) == ["eligible", "eligible"]
    homes = [residence.ActualResidence(p, "", "150626100010", a) for p, a in ((husband, "甲"), (wife, "乙"))]
    record_residence(store, homes, "2017-01-01", Desk("王警官"))
    assert results(store, filing(one, outsider(husband))) == ["review", "eligible"]


def test_filing_of_two_kinds_is_refused(store: Store) -> None:
    """One filing is one event: what would be two is refused before anything is decided; an identity has a way of its own."""
    village = registered(store)
    facts = PermitAsked()
    other = Filed(village.people[1], "residence-permit", facts, {}, applied(village.people[1]))
    number = Filed(village.people[1], "identity-number", facts)
    for people in ((banner(village.people[0]), other), (number,)):
        with pytest.raises(MixedFilingError):
            settle(store, filing(*people), *POLICE)


def test_papers_of_a_filing_are_the_events_evidence(store: Store) -> None:
    """Each paper and each application is named by its content."""
    village = registered(store)
    done = settle(store, filing(banner(village.people[0])), *POLICE)[1]
    assert done is not None
    assert kept(store, done.idx, "event.evidence") == sorted([PAPER, SIGNED])
    own = [village.people[0], SIGNED, village.people[0]]
    assert kept(store, done.idx, "event.facts")["applications"] == [own]


def test_event_states_every_right_that_its_people_hold_at_that_instant(store: Store) -> None:
    """II.3.1-g: with the move stands a snapshot of what each of them has, which the move leaves as it is."""
    village = registered(store)
    done = settle(store, filing(*family(village)), *POLICE)[1]
    assert done is not None
    stated = {person: {thing for thing, _ in things} for person, things in kept(store, done.idx, "event.unchanged")}
    with store.reading() as connection:
        assert stated == {person: set(within_reach(connection, person)) for person in village.people}
    assert all({village.rights["contract-grass"], village.rights["homestead"]} <= held for held in stated.values())
