"""Does a 权益保留证明 on paper carry its proof where there is one, and never look proved where there is none?"""

from __future__ import annotations

import io
import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.ledger.publishing import create, policy_text, publish
from registry.ledger.verify.certificate import verify
from registry.ledger.verify.note import parse_policy
from registry.ledger.verify.single import code_of
from registry.ledger.verify.statement import NoProofInsideError, statement_in
from registry.papers import PurposeMissingError, papers
from registry.parcels import acts as parcels
from registry.proofs.attached import certificate_in
from registry.proofs.paper import FILE
from registry.proofs.retained import OnPaper, Wanted, on_paper
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.ledger.verify.certificate import Verdict
    from registry.store.engines import Store
    from tests.registry.made_up import Village


@pytest.fixture
def village(store: Store) -> Village:
    """The family registered and settled in town; its log has a key and is not published yet."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    made_up.settle(store, village)
    create(store, "log.example/sanquan")
    return village


def paper(store: Store, village: Village, form: str = "pdf", **wanted: object) -> OnPaper:
    """The statement of the family's head."""
    return on_paper(store, Wanted(village.people[0], made_up.CLERK, "办理贷款", form=form, **wanted))  # type: ignore[arg-type]  # as each test has it


def text_of(made: OnPaper) -> str:
    """What stands on a PDF, without its line breaks."""
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages).replace("\n", "")


def verified(store: Store, raw: bytes) -> Verdict:
    """What a stranger with the log's policy finds."""
    with store.reading() as connection:
        return verify(raw, parse_policy(policy_text(connection)))


def test_before_a_checkpoint_the_paper_says_so_and_how_to_get_one(store: Store, village: Village) -> None:
    """The same statement, no attachment, no code, and the command that helps."""
    made = paper(store, village)
    assert PdfReader(io.BytesIO(made.content)).attachments == {}
    said = text_of(made)
    assert "权益保留证明" in said
    assert "还没有证明" in said
    assert "sanquan ledger publish" in said
    content = paper(store, village, "json").content
    with pytest.raises(NoProofInsideError):
        statement_in(content)
    told = json.loads(content)["proof"]
    assert (told["proved"], told["certificate"], told["code"]) == (False, None, None)
    assert "sanquan ledger publish" in told["text"]["en"]


def test_under_a_checkpoint_the_certificate_of_the_same_event_is_inside(store: Store, village: Village) -> None:
    """PDF and JSON have it; it is verified by the policy alone, and the printed code is its code."""
    publish(store)
    made = paper(store, village)
    raw = certificate_in(made.content)
    verdict = verified(store, raw)
    assert verdict.word == made.told["verdict"] == "unchanged"
    assert verdict.act == made.told["event"]["idx"]
    assert {thing.thing_id for thing in verdict.things} >= {thing["id"] for thing in made.told["things"]}
    stated = statement_in(paper(store, village, "json").content)
    assert stated is not None
    assert (stated.says, verified(store, stated.certificate)) == ("unchanged", verdict)
    assert statement_in(raw) is None
    assert made.told["proof"]["code"] == f"https://log.example/v#{code_of(verdict)}"
    assert FILE in text_of(made)
    assert "还没有证明" not in text_of(made)
    told = json.loads(paper(store, village, "json", host="proof.example").content)
    assert told["proof"]["certificate"].encode() == raw
    assert told["proof"]["code"] == f"https://proof.example/v#{code_of(verdict)}"


def test_what_was_registered_after_the_checkpoint_is_not_called_proved(store: Store, village: Village) -> None:
    """A right changed, or another move, since the last publication: no proof until the next one."""
    publish(store)
    made = paper(store, village)
    first = made.told["event"]["idx"]
    assert made.told["proof"]["proved"]
    with desk(store, made_up.CLERK) as at:
        act = at.act("recoded", "2020-01-01", ActFields(basis="并村"))
        parcels.change(act, village.parcels["grass"], {"code": f"{made_up.VILLAGE_CODE}00777"})
        at.commit()
    assert not paper(store, village).told["proof"]["proved"]
    publish(store)
    assert paper(store, village).told["proof"]["proved"]
    moved_again = made_up.settle(store, village, "2021-01-01")
    later = paper(store, village)
    assert (later.told["event"]["idx"], later.told["proof"]["proved"]) == (moved_again.idx, False)
    assert paper(store, village, event=first).told["proof"]["proved"]


def test_each_statement_on_paper_is_logged_and_names_nobody_unmasked(
    store: Store, village: Village, canaries_of_family: tuple[str, ...]
) -> None:
    """The purpose is asked for first; masked, no name of the family stands in the file."""
    with pytest.raises(PurposeMissingError):
        on_paper(store, Wanted(village.people[0], made_up.CLERK, " "))
    publish(store)
    made = paper(store, village)
    told = paper(store, village, "json").content.decode()
    assert not [each for each in canaries_of_family if each in text_of(made) + told]
    with store.reading() as connection:
        (row,) = (each for each in papers(store, connection) if each.id == made.logged)
    assert (row.digest, row.detail["purpose"]) == (sha256(made.content).digest(), "办理贷款")
    assert "达楞太" in text_of(paper(store, village, reader="paper"))


def test_somebody_who_never_moved_has_a_statement_and_its_proof(store: Store) -> None:
    """No event, no registration known: compared since the state that closed the first registration."""
    village = made_up.register_village(store)
    create(store, "log.example/sanquan")
    publish(store)
    made = paper(store, village)
    assert (made.told["event"], made.told["proof"]["proved"]) == (None, True)
    assert verified(store, certificate_in(made.content)).word == "unchanged"
    assert "没有户籍变动" in text_of(made)
