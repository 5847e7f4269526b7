"""Which version is the state of a day, also where a chain was damaged or an act reaches over an event?"""

from __future__ import annotations

from dataclasses import replace

from registry.ledger.chain import begun_before, state_at, state_before, timeline
from registry.ledger.nouns import Version


def version(ver: int, idx: int, act_day: str, valid_from: str, valid_to: str | None = None) -> Version:
    """A version that is nothing but its two times."""
    start = Version("T", "duty", ver, None, None, idx, "", "", "", "own", act_day, valid_from, valid_to, "live", {}, {})
    return replace(start, prev_ver=ver - 1 or None)


def test_the_newest_known_version_that_covers_the_day_is_the_state() -> None:
    """Ledger section 7, state of a day: walking back from the head, the first that covers it."""
    chain = [version(1, 1, "2016-01-01", "2016-01-01"), version(2, 5, "2020-01-01", "2020-01-01")]
    assert state_at(chain, "2015-12-31") is None
    assert state_at(chain, "2019-12-31") is chain[0]
    assert state_at(chain, "2020-01-01") is chain[1]
    assert state_at(chain, "2020-01-01", known_at=5) is chain[0]
    assert state_at(chain, "2020-01-01", known_at=1) is None


def test_a_day_that_no_version_covers_is_a_gap_and_not_a_state() -> None:
    """A chain whose later stretch was torn out: the days between are nobody's, and nothing is made up."""
    torn = [version(1, 1, "2016-01-01", "2016-01-01", "2017-01-01"), version(2, 3, "2019-01-01", "2019-01-01")]
    assert state_at(torn, "2018-01-01") is None
    assert [(s.start, s.end) for s in timeline(torn)] == [("2016-01-01", "2017-01-01"), ("2019-01-01", None)]


def test_a_version_that_reaches_over_an_older_beginning_is_one_stretch() -> None:
    """A correction of the beginning hides the old border."""
    chain = [version(1, 1, "2016-01-01", "2016-01-01"), version(2, 3, "2010-01-01", "2010-01-01")]
    assert [(s.start, s.end, s.version.ver) for s in timeline(chain)] == [("2010-01-01", None, 2)]


def test_acts_of_the_events_own_day_are_before_it_by_their_place_in_the_log() -> None:
    """Issue 3 item 6: before e = valid from before e's day, or on it and earlier in the ledger."""
    early = [version(1, 1, "2016-01-01", "2016-01-01"), version(2, 4, "2017-05-08", "2017-05-08")]
    assert state_before(early, "2017-05-08", 5) is early[1]
    assert state_before(early, "2017-05-08", 3) is early[0]
    assert state_before(early, "2017-05-08", 5, known_at=4) is early[0]
    assert state_before(early, "2015-01-01", 5) is None


def test_a_stretch_of_a_correction_dated_over_the_event_had_begun_if_its_border_had() -> None:
    """A correction dated back keeps the border that an act of the event's day had made, on that act's side of it."""
    base = version(1, 1, "2016-01-01", "2016-01-01")
    same_day = version(2, 4, "2017-05-08", "2017-05-08")
    over = [version(3, 9, "2016-06-01", "2016-06-01", "2017-05-08"), version(4, 9, "2016-06-01", "2017-05-08")]
    chain = [base, same_day, *over]
    assert state_before(chain, "2017-05-08", 5) is over[1]
    assert state_before(chain, "2017-05-08", 3) is over[0]
    assert begun_before(chain, over[1], "2017-05-08", 5)
    assert not begun_before([over[1]], over[1], "2017-05-08", 5)
