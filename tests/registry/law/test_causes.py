"""The closed list of lawful causes: its pairs, its days, its needs, and that a move is on no row of it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from registry.law.causes import (
    Cause,
    Effect,
    NoLawfulCauseError,
    UnknownThingError,
    consents,
    find,
    kinds,
    lawful_causes,
    status_kinds,
    things,
)
from registry.law.strict import OPEN_END, OPEN_START
from registry.ledger.tables import THINGS

DAY = timedelta(days=1)
CONTRACT = ("contract-arable", "contract-grass", "contract-forest", "contract-other")
FIELDS = ("contract-arable", "contract-grass")
RIGHTS = (*CONTRACT, "operating", "homestead", "income")
ALL = (*RIGHTS, "holding", "parcel", "membership", "restriction", "duty", "benefit")

# Written out from causes.md by hand: kind -> (things it changes itself, rights whose burdens it changes).
PAIRS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "first-registration": (ALL, RIGHTS),
    "omission-corrected": (("holding", "income", "membership"), ()),
    "record-corrected": (ALL, RIGHTS),
    "clerical-slip": (ALL, RIGHTS),
    "survey-corrected": (("parcel",), ()),
    "parcel-split": (("parcel", *CONTRACT, "operating", "homestead"), ()),
    "parcel-merged": (("parcel", *CONTRACT, "operating", "homestead"), ()),
    "boundary-adjusted": (("parcel",), ()),
    "recoded": (("parcel", "holding", *RIGHTS, "membership"), ()),
    "contract-divided": ((*CONTRACT, "holding"), ()),
    "member-added": (("holding",), ()),
    "member-deceased": (("holding", "membership"), ()),
    "representative-changed": (("holding",), ()),
    "exchanged": (CONTRACT, ()),
    "assigned": ((*CONTRACT, "homestead"), ()),
    "exited": ((*CONTRACT, "homestead", "income"), ()),
    "handed-back-before-2019": (FIELDS, ()),
    "taken-back-before-2019": (FIELDS, ()),
    "readjusted": ((*FIELDS, "parcel"), ()),
    "expropriated": (("parcel", *RIGHTS), ()),
    "extended": (CONTRACT, ()),
    "extinct": (("contract-arable", "contract-grass", "contract-other", "holding"), ()),
    "inherited": (("contract-forest", "income", "homestead", "operating"), ()),
    "court-ordered": (ALL, RIGHTS),
    "arbitrated": (ALL, RIGHTS),
    "leased": (("operating",), (*CONTRACT, "operating")),
    "subleased": (("operating",), (*CONTRACT, "operating")),
    "contributed": (("operating",), (*CONTRACT, "operating")),
    "operating-ended": (("operating",), (*CONTRACT, "operating")),
    "mortgaged": (("restriction",), ("operating", *CONTRACT)),
    "mortgage-discharged": (("restriction",), ("operating", *CONTRACT)),
    "seized": (("restriction",), RIGHTS),
    "seizure-lifted": (("restriction",), RIGHTS),
    "objected": (("restriction",), RIGHTS),
    "objection-closed": (("restriction",), RIGHTS),
    "membership-confirmed": (("membership",), ()),
    "membership-gained": (("membership",), ()),
    "membership-lost": (("membership",), ()),
    "shares-allotted": (("income",), ()),
    "shares-requantified": (("income",), ()),
    "pledged": (("restriction",), ("income",)),
    "pledge-discharged": (("restriction",), ("income",)),
    "share-transferred": (("income",), ()),
    "benefit-granted": (("benefit",), ()),
    "benefit-adjusted": (("benefit",), ()),
    "benefit-ended": (("benefit",), ()),
    "duty-set": (("duty",), ()),
    "duty-changed": (("duty",), ()),
    "building-recorded": (("parcel",), ()),
    "restored": (ALL, RIGHTS),
    "certificate-issued": ((*CONTRACT, "homestead", "income", "operating"), ()),
    "certificate-reissued": ((*CONTRACT, "homestead", "income", "operating"), ()),
    "certificate-cancelled": ((*CONTRACT, "homestead", "income", "operating"), ()),
    "membership-exited": (("membership",), ()),
    "contracts-merged": ((*CONTRACT, "holding"), ()),
    "land-lost": (("parcel", *CONTRACT, "homestead"), ()),
    "left-without-heir": (("homestead", "income"), ()),
    "disputed": (("restriction",), RIGHTS),
    "dispute-closed": (("restriction",), RIGHTS),
}

# The sentence of causes.md about P6, written out.
NEEDS_CONSENT = {
    "parcel-split",
    "parcel-merged",
    "boundary-adjusted",
    "contract-divided",
    "contracts-merged",
    "representative-changed",
    "exchanged",
    "assigned",
    "exited",
    "inherited",
    "leased",
    "subleased",
    "contributed",
    "mortgaged",
    "mortgage-discharged",
    "pledged",
    "pledge-discharged",
    "share-transferred",
    "building-recorded",
    "membership-exited",
}

FROM_2003 = ((date(2003, 3, 1), OPEN_END, False),)
FROM_2025 = ((date(2025, 5, 1), OPEN_END, False),)
MORTGAGE = ((OPEN_START, date(2019, 1, 1), True), (date(2019, 1, 1), OPEN_END, False))
REVIEWED = ((OPEN_START, OPEN_END, True),)
# kind -> its windows (first day, first day no longer, review); a kind not here holds on any day.
WINDOWS: dict[str, tuple[tuple[date, date, bool], ...]] = {
    "contract-divided": FROM_2003,
    "contracts-merged": FROM_2003,
    "exchanged": FROM_2003,
    "assigned": FROM_2003,
    "readjusted": FROM_2003,
    "leased": FROM_2003,
    "subleased": FROM_2003,
    "contributed": FROM_2003,
    "exited": ((date(2016, 9, 14), OPEN_END, False),),
    "handed-back-before-2019": ((date(2003, 3, 1), date(2019, 1, 1), False),),
    "taken-back-before-2019": (
        (date(2003, 3, 1), date(2014, 7, 24), False),
        (date(2014, 7, 24), date(2019, 1, 1), True),
    ),
    "mortgaged": MORTGAGE,
    "mortgage-discharged": MORTGAGE,
    "pledged": FROM_2025,
    "pledge-discharged": FROM_2025,
    "membership-exited": FROM_2025,
    "membership-lost": ((OPEN_START, date(2025, 5, 1), True), (date(2025, 5, 1), OPEN_END, False)),
    "extinct": REVIEWED,
    "land-lost": REVIEWED,
    "left-without-heir": REVIEWED,
}
ANY_DAY = ((OPEN_START, OPEN_END, False),)
EDGES = [(kind, start, end, review) for kind, windows in WINDOWS.items() for start, end, review in windows]


def _pairs(kind: str) -> list[tuple[str, Effect]]:
    own, follows = PAIRS[kind]
    return [*((thing, "own") for thing in own), *((thing, "follows") for thing in follows)]


def _one(thing: str, kind: str, day: date, effect: Effect) -> Cause | None:
    try:
        return find(thing, kind, day, effect)
    except NoLawfulCauseError:
        return None


def test_the_thing_words_are_the_thirteen_of_the_ledger() -> None:
    """`thing` is one of thirteen words, the same here and in the ledger (ledger.md section 7)."""
    assert things() == ALL
    assert set(things()) == set(THINGS)


@pytest.mark.rule("HOME/no-mortgage")
def test_every_listed_pair_is_there_and_no_other() -> None:
    """Every (thing, kind, effect) of causes.md is a row, and whatever is not on the page is none."""
    asked = {(thing, kind, effect) for kind in PAIRS for thing, effect in _pairs(kind)}
    assert {(c.thing, c.kind, c.effect) for c in lawful_causes()} == asked


def test_the_counts_of_pairs_and_rows_are_those_of_the_page() -> None:
    """59 kinds; 219 pairs changed by the act itself, 116 through a burden; second windows add their rows."""
    assert len(kinds()) == len(PAIRS) == 59
    by_effect = Counter(effect for kind in PAIRS for _, effect in _pairs(kind))
    rows = Counter(c.effect for c in lawful_causes())
    assert by_effect == {"own": 219, "follows": 116}
    assert rows == {"own": 224, "follows": 126}
    assert len({(c.thing, c.kind) for c in lawful_causes()}) == 289


@pytest.mark.parametrize("kind", sorted(PAIRS))
def test_each_pair_has_exactly_the_windows_of_the_page(kind: str) -> None:
    """A first window marked review is a row of its own; every pair of a kind has the same windows."""
    for thing, effect in _pairs(kind):
        rows = [c for c in lawful_causes() if (c.thing, c.kind, c.effect) == (thing, kind, effect)]
        assert tuple((c.in_force_from, c.in_force_until, c.review) for c in rows) == WINDOWS.get(kind, ANY_DAY)


@pytest.mark.parametrize(("kind", "start", "end", "review"), EDGES)
def test_a_dated_row_holds_from_its_first_day_and_no_longer_on_its_last(
    kind: str, start: date, end: date, review: bool
) -> None:
    """Each dated row on the day before, of and after both edges: on `until` it no longer holds."""
    for thing, effect in _pairs(kind):
        first = _one(thing, kind, start, effect)
        assert first is not None
        assert (first.in_force_from, first.review) == (start, review)
        if start != OPEN_START:
            before = _one(thing, kind, start - DAY, effect)
            assert before is None or before.in_force_until == start
            assert _one(thing, kind, start + DAY, effect) == first
        if end != OPEN_END:
            assert _one(thing, kind, end - DAY, effect) == first
            for day in (end, end + DAY):
                after = _one(thing, kind, day, effect)
                assert after is None or after.in_force_from == end


@pytest.mark.parametrize(
    ("kind", "thing", "day"),
    [
        ("exited", "homestead", date(2016, 9, 13)),
        ("exchanged", "contract-grass", date(2003, 2, 28)),
        ("taken-back-before-2019", "contract-grass", date(2019, 1, 1)),
        ("handed-back-before-2019", "contract-arable", date(2019, 1, 1)),
        ("pledged", "restriction", date(2025, 4, 30)),
        ("membership-exited", "membership", date(2025, 4, 30)),
    ],
)
def test_an_act_outside_its_window_is_refused_and_told_the_window(kind: str, thing: str, day: date) -> None:
    """An act on a day that its cause does not cover is not lawful; the refusal says which days it covers."""
    with pytest.raises(NoLawfulCauseError) as refusal:
        find(thing, kind, day)
    assert "这一条只管" in refusal.value.zh
    assert "That cause holds only" in refusal.value.en
    assert (refusal.value.thing, refusal.value.kind, refusal.value.day) == (thing, kind, day)


def test_the_kinds_that_need_consent_are_the_sentence_of_the_page() -> None:
    """`needs_consent`, which P6 reads, is yes for exactly the kinds that causes.md names."""
    assert {kind.kind for kind in kinds().values() if kind.needs_consent} == NEEDS_CONSENT
    assert {c.kind for c in lawful_causes() if c.needs_consent} == NEEDS_CONSENT


def test_only_exit_and_assignment_need_a_payment() -> None:
    """`needs_payment` is yes for exited and assigned; compensation and 'as agreed' are no (causes.md)."""
    assert {kind.kind for kind in kinds().values() if kind.needs_payment} == {"exited", "assigned"}


def test_the_two_classes_share_no_word() -> None:
    """Class R acts on guarded things and class H are status events; they never share a kind (causes.md)."""
    assert not set(kinds()) & set(status_kinds())
    assert set(status_kinds()) == {
        *("settled-in-banner", "settled-from-outside", "collective-household-joined", "registered-first"),
        *(
            "placed-rural",
            "hukou-split",
            "hukou-merged",
            "moved-within",
            "moved-out",
            "study-move",
            "return-move",
        ),
        *("marriage-recorded", "divorce-recorded", "hukou-cancelled", "type-unified", "permit-issued"),
        *("permit-endorsed", "permit-suspended", "permit-lapsed", "identity-corrected", "identity-merged"),
        *(
            "birth-registered",
            "adoption-registered",
            "residence-recorded",
            "particulars-recorded",
            "hukou-restored",
            "event-cancelled",
        ),
    }
    assert all(event.zh and event.en for event in status_kinds().values())


@pytest.mark.rule("RLCL/women-keep", "HOME/no-forced-exit")
def test_no_household_event_is_a_cause_for_anything() -> None:
    """No status event is accepted as a cause on any thing, on any day, with either effect."""
    effects: tuple[Effect, ...] = ("own", "follows")
    for kind in status_kinds():
        for thing in things():
            for day in (date(2002, 1, 1), date(2010, 1, 1), date(2017, 5, 8), date(2026, 1, 1)):
                assert all(_one(thing, kind, day, effect) is None for effect in effects)


@pytest.mark.rule("RLCL/settled-in-town")
@pytest.mark.parametrize("kind", ["taken-back", "taken-back-before-2019", "迁走的收回", "settled-in-banner"])
@pytest.mark.parametrize("thing", [*CONTRACT, "operating", "holding", "parcel"])
def test_taking_land_because_of_a_move_is_refused_with_article_27(kind: str, thing: str) -> None:
    """Who wants land because its family moved to town is answered with 农村土地承包法 art. 27 (law C3)."""
    with pytest.raises(NoLawfulCauseError) as refusal:
        find(thing, kind, date(2026, 11, 23))
    assert "《农村土地承包法》第27条" in refusal.value.zh
    assert "农村土地承包法 第27条" in refusal.value.en
    assert "二（三）1" in refusal.value.zh


@pytest.mark.parametrize(
    ("thing", "day", "article"),
    [
        ("contract-grass", date(2018, 12, 31), "《农村土地承包法（2002年）》第26条第1、2款"),
        ("contract-grass", date(2019, 1, 1), "《农村土地承包法》第27条"),
        ("homestead", date(2019, 12, 31), "《乌审旗进一步推进户籍制度改革实施方案》二（三）1"),
        ("homestead", date(2020, 1, 1), "《土地管理法》第62条"),
        ("homestead", date(2021, 9, 1), "《土地管理法实施条例》第36条"),
        ("income", date(2016, 9, 14), "《乌审旗进一步推进户籍制度改革实施方案》二（三）1"),
        ("membership", date(2025, 5, 1), "《农村集体经济组织法》第17条、第18条"),
    ],
)
def test_the_law_against_a_taking_is_that_of_its_own_day(thing: str, day: date, article: str) -> None:
    """The law in force on the event's day decides, so the refusal quotes that and no other (design.md)."""
    with pytest.raises(NoLawfulCauseError, match="settled-in-banner") as refusal:
        find(thing, "settled-in-banner", day)
    assert article in refusal.value.zh
    if day < date(2019, 1, 1):
        assert "第27条" not in refusal.value.zh


def test_a_plain_slip_is_not_answered_with_the_law_on_moves() -> None:
    """A kind that merely does not fit the thing names no move: the refusal lists what would be lawful."""
    with pytest.raises(NoLawfulCauseError) as refusal:
        find("duty", "leased", date(2026, 1, 1))
    assert "第27条" not in refusal.value.zh
    assert "义务设定（duty-set）" in refusal.value.zh
    assert "duty-set, duty-changed" in refusal.value.en
    assert "leased," not in refusal.value.en


def test_a_refusal_marks_the_causes_that_a_person_must_review() -> None:
    """A cause under review is offered with that word, never as a plain way out."""
    with pytest.raises(NoLawfulCauseError) as refusal:
        find("contract-grass", "moved-out", date(2017, 5, 8))
    assert "旧法收回（taken-back-before-2019，须人工审核）" in refusal.value.zh
    assert "taken-back-before-2019 (review)" in refusal.value.en


def test_a_thing_without_any_cause_is_told_so() -> None:
    """Where no act can follow a burden the refusal says 'none' instead of an empty list."""
    with pytest.raises(NoLawfulCauseError) as refusal:
        find("holding", "leased", date(2026, 1, 1), "follows")
    assert "这一天可用的原因：没有" in refusal.value.zh
    assert "on that day: none" in refusal.value.en


def test_an_unknown_thing_is_refused_with_the_known_words() -> None:
    """A thing word outside the thirteen is a mistake of the caller, and all thirteen are shown."""
    with pytest.raises(UnknownThingError) as refusal:
        find("pasture", "leased", date(2026, 1, 1))
    assert "contract-grass" in refusal.value.zh
    assert "contract-grass" in refusal.value.en


def test_arable_land_and_pasture_are_never_inherited() -> None:
    """The key alone refuses to let arable land or pasture be inherited; forest land passes on (law C26)."""
    for day in (date(2000, 1, 1), date(2026, 1, 1)):
        assert _one("contract-arable", "inherited", day, "own") is None
        assert _one("contract-grass", "inherited", day, "own") is None
        assert _one("contract-forest", "inherited", day, "own") is not None


def test_a_homestead_is_never_mortgaged() -> None:
    """No mortgage lies on a homestead or a share, on any day (民法典第399条, law H7)."""
    for day in (date(2000, 1, 1), date(2018, 12, 31), date(2019, 1, 1), date(2026, 1, 1)):
        assert _one("homestead", "mortgaged", day, "follows") is None
        assert _one("income", "mortgaged", day, "follows") is None


def test_every_row_cites_and_explains() -> None:
    """No dated value without a citation; words of consent are those of the file, each of them used."""
    for cause in lawful_causes():
        assert cause.cites
        assert all(cite.zh in cause.basis for cite in cause.cites)
        assert cause.zh
        assert cause.en
    assert {cause.consent for cause in lawful_causes()} == set(consents())


def test_what_the_pages_only_recall_is_marked_unconfirmed() -> None:
    """A row that rests on [?], [K] or [recalled] says confirmed = false: a person looks it up first."""
    unconfirmed = {(c.kind, c.thing) for c in lawful_causes() if not c.confirmed}
    assert {kind for kind, _ in unconfirmed} == {
        *(
            "assigned",
            "extinct",
            "handed-back-before-2019",
            "membership-lost",
            "mortgage-discharged",
            "mortgaged",
        ),
        *("seized", "seizure-lifted", "taken-back-before-2019"),
    }
    assert ("assigned", "contract-grass") not in unconfirmed
    assert ("extinct", "contract-grass") not in unconfirmed
