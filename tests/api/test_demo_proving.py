"""Does station 7 of the demonstration prove what it says, with a witness in a process of its own?"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.demo import proving
from api.demo.proving import WITNESS, WitnessFailedError, prove
from api.demo.story import TOWN
from registry.audit import audit
from registry.ledger.publishing.head import parse_head
from registry.proofs.paper import is_demo
from registry.settlement import settle_family
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.registry.made_up import Village

HOUSEHOLD = f"{made_up.VILLAGE_CODE}0001"


def test_stranger_believes_the_paper_and_no_changed_copy(store: Store, village: Village) -> None:
    """Signed, cosigned, verified; one digit changed is refused; the log's keys are back and the register is whole."""
    proved = prove(store, HOUSEHOLD, made_up.CLERK)
    assert (proved.word, proved.cosigned, proved.refused) == ("unchanged", (WITNESS,), "OPENINGS")
    assert (proved.figure, proved.changed) == ("3842.17", "3342.17")
    assert proved.ended_well
    assert is_demo(proving.ORIGIN)
    assert len(list(store.settings.signing.glob("*.key"))) == 1
    assert audit(store).findings == ()


@pytest.mark.parametrize("spoiled", [{"word": "changed lawfully"}, {"cosigned": ()}, {"refused": ""}])
def test_story_ends_badly_where_one_of_the_three_fails(spoiled: dict[str, object]) -> None:
    """A changed copy that passes, a missing cosignature or another verdict is no good end."""
    good = proving.Proved("unchanged", 12, (WITNESS,), "1.00", "1.50", "OPENINGS")
    assert good.ended_well
    assert not replace(good, **spoiled).ended_well  # type: ignore[arg-type]  # one field each


@pytest.mark.parametrize("engine_name", ["file"], indirect=True)
def test_witness_that_can_read_the_key_of_the_log_stops_the_story(
    store: Store, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the real program: were the key not put away, it would refuse to be set up."""
    monkeypatch.setattr(proving, "_put_away", lambda _folder: nullcontext())
    with pytest.raises(WitnessFailedError, match="did not sign"):
        prove(store, HOUSEHOLD, made_up.CLERK)


def test_witness_refuses_an_older_log_and_keeps_the_evidence(store: Store, village: Village) -> None:
    """users.md section 5, card 8: the present head is signed, then what an older copy would bring is refused and kept."""
    assert proving.published(store) == b""
    prove(store, HOUSEHOLD, made_up.CLERK)
    older = proving.published(store)
    cosigned = parse_head(older).checkpoint.size
    settle_family(store, [village.people[0]], day="2020-05-01", town=TOWN, officer_name="王警官", key="later")
    for _ in range(2):
        told = proving.roll_back(store, older)
        assert (told.older, told.signed > cosigned) == (cosigned, True)
        assert "不予签名" in told.refusal
        for words in ("rollback", f"由 {told.signed} 条退到 {cosigned} 条"):
            assert words in told.evidence, words
    assert len(list(store.settings.signing.glob("*.key"))) == 1
