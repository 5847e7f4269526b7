"""What the register proves of a family, on both engines: every state of the past, every choice of what is told, and no more."""

from __future__ import annotations

import io
import json
from hashlib import sha256

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from registry import papers
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger import state_map
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.ledger.merkle import Tree, verify_inclusion
from registry.ledger.publishing import create, policy_text, publish
from registry.ledger.verify.certificate import verify
from registry.ledger.verify.note import parse_policy
from registry.ledger.verify.single import verify_entry
from registry.ledger.verify.verdict import CHANGED, UNCHANGED
from registry.ledger.verify.words import SAID
from registry.papers import PurposeMissingError
from registry.parcels import acts as parcels
from registry.proofs import making, subject
from registry.proofs.entries import EntryNotPublishedError, entry_proof
from registry.proofs.handing import Order, hand_out
from registry.proofs.making import (
    USUALLY,
    Chosen,
    Made,
    NothingProvableYetError,
    NothingToProveError,
    ProofFailsError,
    TooMuchForOneError,
)
from registry.proofs.states import State, StateDiffersError, state_under
from registry.rights.model import RIGHT
from registry.settlement import Event, record
from registry.sheets.refusals import NoSuchHousehold
from registry.statement import PersonNotFoundError
from registry.store.engines import Store, owner_engine
from tests.registry import made_up
from tests.registry.made_up import CLERK, Village
from tests.vectors.sentences import missing, sentences_of

CODE = f"{made_up.VILLAGE_CODE}0001"


@pytest.fixture
def village(store: Store) -> Village:
    """The family, settled in town; the log has a key and is not published yet."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    made_up.settle(store, village)
    create(store, "log.example/sanquan")
    return village


def made(store: Store, person: str, chosen: Chosen | None = None) -> Made:
    """The certificate of a person under a checkpoint that is published now, verified once more as a stranger would."""
    publish(store)
    with store.reading() as connection:
        done = making.make(store, connection, subject.person(connection, person), chosen or Chosen())
        assert verify(done.raw, parse_policy(policy_text(connection))) == done.verdict
    return done


def words(done: Made) -> dict[str, set[str]]:
    """The verdicts as a whole, by word of thing."""
    found: dict[str, set[str]] = {}
    for thing in done.verdict.things:
        found.setdefault(thing.thing, set()).add(thing.whole)
    return found


def texts(value: object) -> set[str]:
    """Every text in a JSON value."""
    if isinstance(value, dict):
        return {text for each in value.values() for text in texts(each)}
    if isinstance(value, list):
        return {text for each in value for text in texts(each)}
    return {value} if isinstance(value, str) else set()


def members(village: Village, *, alive: bool = True, remark: str = "") -> list[CoHolder]:
    """The family as registered, the last of its people changed."""
    relations = ("02", "12", "20", "30", "52")
    lines = [CoHolder(person, relation) for person, relation in zip(village.people, relations, strict=True)]
    return [*lines[:-1], CoHolder(village.people[-1], "52", alive=alive, remark=remark)]


def test_everything_of_a_settled_person_is_unchanged_and_complete(store: Store, village: Village) -> None:
    """Plan II.3.1: contract, homestead, share, membership, duty, subsidy; and nothing that a right rests on is missing."""
    done = made(store, village.people[0])
    assert done.verdict.word == UNCHANGED
    assert {*words(done)} >= {
        *("contract-arable", "contract-grass", "contract-forest", "contract-other", "homestead", "income"),
        *("holding", "parcel", "membership", "duty", "benefit"),
    }
    assert not any(thing.not_shown for thing in done.verdict.things)
    assert done.since.event is not None
    assert done.verdict.opened[done.verdict.act]["event.kind"] == "settled-in-banner"


def test_lawful_acts_after_the_move_stand_in_the_chain(store: Store, village: Village) -> None:
    """A recoded parcel is listed under the word unchanged; a death makes the family's rights changed lawfully."""
    with desk(store, CLERK) as at:
        act = at.act("recoded", "2020-01-01", ActFields(basis="并村"))
        parcels.change(act, village.parcels["grass"], {"code": f"{made_up.VILLAGE_CODE}00777"})
        at.commit()
    done = made(store, village.people[0])
    assert done.verdict.word == UNCHANGED
    (parcel,) = (thing for thing in done.verdict.things if thing.thing_id == village.parcels["grass"])
    assert [change.kind for change in parcel.changes] == ["recoded"]
    with desk(store, CLERK) as at:
        act = at.act("member-deceased", "2020-02-01", ActFields(basis="死亡证明"))
        holdings.change(act, village.holding, members=members(village, alive=False))
        at.commit()
    done = made(store, village.people[0])
    assert done.verdict.word == CHANGED
    assert words(done)["contract-grass"] == {CHANGED}
    assert words(done)["income"] == {UNCHANGED}


def test_without_a_settlement_is_compared_since_the_first_registration(store: Store) -> None:
    """Users 2(c): the paper exists before anybody moves, too."""
    village = made_up.register_village(store)
    create(store, "log.example/sanquan")
    done = made(store, village.people[2])
    assert done.since.event is None
    assert done.verdict.word == UNCHANGED
    assert done.verdict.opened == {}


def test_linked_ids_are_one_person(store: Store, village: Village) -> None:
    """What was registered under a second id of the same person is proved with the first one's."""
    alone = made(store, village.people[0])
    event = Event(
        kind="identity-merged",
        day="2018-01-01",
        people=(village.people[0],),
        same_as=((village.people[0], village.people[1]),),
    )
    record(store, event, "王警官", "公安局")
    together = made(store, village.people[0])
    of_both = {thing.thing_id for thing in together.verdict.things}
    assert of_both > {thing.thing_id for thing in alone.verdict.things}
    assert len([thing for thing in together.verdict.things if thing.thing == "membership"]) == 2


def test_household_has_its_land_and_no_member_s_own_share(store: Store, village: Village) -> None:
    """Shares and membership are each member's own."""
    publish(store)
    with store.reading() as connection:
        done = making.make(store, connection, subject.household(connection, CODE, "2026-11-26"), Chosen())
        with pytest.raises(NoSuchHousehold):
            subject.household(connection, "150699100201009999", "2026-11-26")
        with pytest.raises(PersonNotFoundError):
            subject.person(connection, "nobody")
    assert {*words(done)} & {"income", "membership"} == set()
    assert words(done)["homestead"] == {UNCHANGED}


def test_one_right_of_three_and_area_without_a_name(
    store: Store, village: Village, canaries_of_family: tuple[str, ...]
) -> None:
    """What is not told stays a commitment; what is told of a right's land is there to be verified."""
    done = made(store, village.people[0], Chosen(frozenset({"homestead"}), frozenset({"facts"})))
    assert {thing.thing for thing in done.verdict.things} == {"homestead", "holding", "parcel"}
    (yard,) = (thing for thing in done.verdict.things if thing.thing == "homestead")
    assert (yard.rests_on, yard.not_shown) == ((village.holding, village.parcels["homestead"]), ())
    (plot,) = (thing for thing in done.verdict.things if thing.thing == "parcel")
    assert plot.latest["facts"]["surveyed_area_m2"] == "413.33"
    (family,) = (thing for thing in done.verdict.things if thing.thing == "holding")
    assert family.latest.keys() == {"chain", "valid"}
    raw = done.raw.decode()
    assert not [word for word in (*canaries_of_family, *village.people) if word in raw]


def test_names_are_told_only_when_asked_for(
    store: Store, village: Village, canaries_of_family: tuple[str, ...]
) -> None:
    """The act that named the family first is opened: with it the verifier has names from the log, not from the paper."""
    assert not [word for word in canaries_of_family if word in made(store, village.people[0]).raw.decode()]
    done = made(store, village.people[0], Chosen(show=USUALLY | {"names", "texts"}))
    assert {name for name, _, _ in made_up.PEOPLE} <= texts(json.loads(done.raw))
    assert "西梁" in texts(json.loads(done.raw))


def test_remark_of_a_member_leaves_in_no_certificate(store: Store, village: Village) -> None:
    """Users 2(h): no paper says of somebody that she married out; the list of members then stays a commitment."""
    with desk(store, CLERK) as at:
        act = at.act("record-corrected", "2020-02-01", ActFields(basis="更正"))
        holdings.change(act, village.holding, members=members(village, remark="外嫁女"))
        at.commit()
    done = made(store, village.people[0])
    assert "外嫁女" not in done.raw.decode()
    (family,) = (thing for thing in done.verdict.things if thing.thing == "holding")
    assert "facts" not in family.latest
    assert family.word == CHANGED


def test_nothing_published_and_nothing_registered_are_refused(store: Store, village: Village) -> None:
    """A paper is never made from what is not signed, and never says "not there" without the sentence on 漏登."""
    with store.reading() as connection:
        who = subject.person(connection, village.people[0])
        with pytest.raises(NothingProvableYetError):
            making.make(store, connection, who, Chosen())
    publish(store)
    made_up.settle(store, village, "2019-01-01")
    with store.reading() as connection:
        later = making.make(store, connection, who, Chosen())
        assert later.since.event is not None
        assert later.since.event.event_day == made_up.MOVED
        with pytest.raises(NothingToProveError, match="漏登"):
            making.make(store, connection, who, Chosen(frozenset({"no such thing"})))


def test_each_state_of_the_past_is_the_one_that_its_entry_carries(store: Store, village: Village) -> None:
    """For every S and H of a history: the root is that of the entry, and the place of each thing then there proves itself."""
    for n, kind in enumerate(("recoded", "recoded")):
        with desk(store, CLERK) as at:
            act = at.act(kind, f"202{n}-01-01", ActFields(basis="并村"))
            parcels.change(act, village.parcels["arable"], {"code": f"{made_up.VILLAGE_CODE}0088{n}"})
            at.commit()
    key = state_map.map_key(store.vault.state_key, village.parcels["arable"])
    with store.reading() as connection:
        for idx, cls, leaf in connection.execute(
            sa.text("SELECT idx, cls, leaf FROM ledger_entry ORDER BY idx")
        ).fetchall():
            if cls not in {"S", "H"} or idx == 0:
                continue
            state = state_under(connection, idx, leaf.encode(), [key])
            place = state.place(key)
            verify_inclusion(state_map.bucket(key), 4_096, _bucket_root(state, key), place.rows, state.tops.root())
            with pytest.raises(StateDiffersError):
                state_under(connection, idx, leaf.replace('"st":"', '"st":"A').encode(), [key])


def _bucket_root(state: State, key: bytes) -> bytes:
    return state_map.bucket_root(state.pairs[state_map.bucket(key)])


def test_place_in_a_crowded_bucket_proves_itself() -> None:
    """Buckets of a small register hold one thing; those of a banner hold many."""
    pairs = sorted((bytes([0, n]) + bytes([n]) * 30, bytes([n]) * 32) for n in range(1, 14))
    roots, root = state_map.full_root(pairs)
    tops = state_map.above(roots)
    for key, digest in pairs:
        place = state_map.place(tops, pairs, key)
        leaf = Tree([_map_leaf(key, digest)]).root()
        verify_inclusion(place.at, place.of, leaf, place.path, state_map.bucket_root(pairs))
        verify_inclusion(0, 4_096, state_map.bucket_root(pairs), place.rows, root)
    with pytest.raises(KeyError):
        state_map.place(tops, pairs, bytes(32))


def _map_leaf(key: bytes, digest: bytes) -> bytes:
    return sha256(b"\x00sanquan.map.v1\x00" + key + digest).digest()


@pytest.mark.parametrize("engine_name", ["file"], indirect=True)
def test_altered_row_makes_no_certificate(store: Store, village: Village) -> None:
    """Whoever edits a row behind the register's back gets no paper for it."""
    publish(store)
    engine = owner_engine(store.settings)
    with engine.connect() as connection:
        for (name,) in connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).fetchall():
            connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
        connection.execute(
            sa.update(RIGHT.table).where(RIGHT.table.c.thing == "contract-grass").values(term_end="2099-12-31")
        )
        connection.commit()
    engine.dispose()
    with store.reading() as connection:
        who = subject.person(connection, village.people[0])
        with pytest.raises(ProofFailsError, match="audit"):
            making.make(store, connection, who, Chosen())


def test_what_does_not_fit_into_one_certificate_is_refused_with_the_way_on(
    store: Store, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No verifier reads more than 1 MiB: choose fewer things. The limit is lowered here, a register so large takes minutes."""
    publish(store)
    whole = made(store, village.people[0])
    monkeypatch.setattr(making, "MAX_JSON_BYTES", len(whole.raw))
    assert made(store, village.people[0]).raw == whole.raw
    monkeypatch.setattr(making, "MAX_JSON_BYTES", len(whole.raw) - 1)
    with pytest.raises(TooMuchForOneError, match=r"--thing.*fewer things"):
        made(store, village.people[0])
    assert len(made(store, village.people[0], Chosen(frozenset({"contract-grass"}))).raw) < len(whole.raw)


def test_each_making_is_logged_with_its_purpose_before_it_is_given(store: Store, village: Village) -> None:
    """As every paper with personal data: who, when, for what, which file."""
    publish(store)
    order = Order("person", village.people[0], Chosen(), CLERK, "办理贷款", form="pdf")
    handed = hand_out(store, order)
    assert handed.content.startswith(b"%PDF-")
    with store.reading() as connection:
        (paper,) = papers.papers(store, connection, handed.made.verdict.digest.hex())
    assert (paper.id, paper.digest, paper.detail["purpose"]) == (handed.logged, handed.made.verdict.digest, "办理贷款")
    with pytest.raises(PurposeMissingError):
        hand_out(store, Order("person", village.people[0], Chosen(), CLERK, " "))


def test_paper_says_every_sentence_of_the_table(store: Store, village: Village) -> None:
    """What terminal and page say of a verdict (test_saying.py, test_verify_page.py), in the same words."""
    with desk(store, CLERK) as at:
        act = at.act("member-deceased", "2020-02-01", ActFields(basis="死亡证明"))
        holdings.change(act, village.holding, members=members(village, alive=False))
        at.commit()
    publish(store)
    for chosen in (Chosen(), Chosen(things=frozenset({"contract-grass"}), show=frozenset({"event"}))):
        handed = hand_out(store, Order("person", village.people[0], chosen, CLERK, "办理贷款", form="pdf"))
        said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(handed.content)).pages)
        wanted = sentences_of(handed.made.verdict)
        assert SAID["uncosigned"] in wanted
        assert missing(said, wanted, chinese_only=True) == []


def test_proof_of_an_entry_is_believed_by_anybody(store: Store, village: Village) -> None:
    """c2sp.org/tlog-proof, for every entry under the checkpoint and none beyond."""
    size = publish(store).size
    with store.reading() as connection:
        policy = parse_policy(policy_text(connection))
        for index in range(size):
            assert verify_entry(entry_proof(store, connection, index), policy).index == index
        with pytest.raises(EntryNotPublishedError):
            entry_proof(store, connection, size)


@pytest.mark.parametrize("engine_name", ["file"], indirect=True)
def test_any_choice_gives_a_certificate_that_tells_no_more(store: Store, village: Village) -> None:
    """Whatever is chosen, the things are those asked for with what they rest on, and what is told is what was asked for."""
    publish(store)
    wanted = sorted({"contract-grass", "homestead", "income", "membership", "duty", "benefit"})

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(things=st.sets(st.sampled_from(wanted), min_size=1), show=st.sets(st.sampled_from(making.SHOWS)))
    def chosen(things: set[str], show: set[str]) -> None:
        with store.reading() as connection:
            who = subject.person(connection, village.people[0])
            done = making.make(store, connection, who, Chosen(frozenset(things), frozenset(show)))
        parts = {"holding", "parcel"} if things & {"contract-grass", "homestead"} else set()
        assert {thing.thing for thing in done.verdict.things} == things | parts
        assert done.verdict.word == UNCHANGED
        told = {path for thing in done.verdict.things for path in thing.latest} - {"chain", "valid"}
        assert ("geometry" in told) == ("shape" in show and bool(parts))
        assert ("texts" in told) == ("texts" in show and bool(parts))
        assert ("150699" in done.raw.decode()) == ("names" in show)

    chosen()
