"""What goes in, what comes back, and that the same delivery again adds nothing: on both engines."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from registry.audit import audit
from registry.catalogue import NOUNS
from registry.delivery import register
from registry.delivery.register import VillageNotDeliveredError, import_delivery
from registry.holding.model import HOLDING, HOLDING_VERSION
from registry.ledger.chain import read_chains
from registry.ledger.commit import desk
from registry.ledger.tables import LEDGER_ENTRY
from registry.parties import PERSON_IDENTITY, find_by_name, find_by_number, identities
from registry.residence import registrations
from registry.rights import acts as rights
from registry.rights.model import RIGHT, RIGHT_VERSION
from registry.store.engines import Store
from tests.registry.delivery.conftest import CLERK, FARMERS, GACHA, OTHER_GACHA, Copy, Rows

SAMPLE = {"parcel": 412, "holding": 110, "restriction": 6, "duty": 19, "membership": 261, "benefit": 135}
"""Versions of everything in the sample but its rights."""


def size(store: Store) -> int:
    """How many entries the log has."""
    with store.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(LEDGER_ENTRY)) or 0


def versions(store: Store) -> dict[str, int]:
    """How many versions each noun has."""
    with store.reading() as connection:
        return {
            noun.name: connection.scalar(sa.select(sa.func.count()).select_from(noun.table)) or 0 for noun in NOUNS
        }


def states(store: Store, folder: Path) -> dict[str, str]:
    """What became of each village."""
    return {village.code: village.state for village in import_delivery(store, folder, CLERK).villages}


def contradictions(store: Store, folder: Path) -> list[tuple[str, str, str]]:
    """Layer, field and sentence of each contradiction; nothing may have been written."""
    before = size(store)
    report = import_delivery(store, folder, CLERK)
    assert size(store) == before
    return [(f.layer, f.field, f.en) for f in report.faults if f.id == "contradicts-registered"]


def test_sample_goes_in_with_its_counts_and_the_audit_is_clean(store: Store, sound: Path) -> None:
    """One transaction with one S entry; 352 parcels and 60 homesteads, 110 holdings, every roster."""
    report = import_delivery(store, sound, CLERK)
    assert not report.returned
    assert report.committed is not None
    counted = versions(store)
    counted.pop("right")
    # Two of the three burdens lie on contracts of several land uses: one restriction for each right.
    assert counted == SAMPLE
    with store.reading() as connection:
        classes = Counter(connection.scalars(sa.select(LEDGER_ENTRY.c.cls)))
        assert classes == {"S": 2, "H": 262, "R": report.committed.size - 2}
        things = Counter(connection.scalars(sa.select(RIGHT_VERSION.c.thing).where(RIGHT_VERSION.c.ver == 1)))
        assert (things["homestead"], things["income"]) == (59, 182)
    found = audit(store)
    assert found.findings == ()


def test_villages_go_in_one_by_one_and_make_the_same_register(store: Store, sound: Path) -> None:
    """Unit of all-or-nothing = 嘎查: of those that pass one goes first, with no row of another; what comes of all is the same."""
    before = size(store)
    with pytest.raises(VillageNotDeliveredError, match=GACHA):
        import_delivery(store, sound, CLERK, only=frozenset({"9" * 12}))
    assert size(store) == before
    counted: Counter[str] = Counter()
    for done, village in enumerate((FARMERS, GACHA), 1):
        report = import_delivery(store, sound, CLERK, only=frozenset({village}))
        counted.update(report.counts)
        assert Counter(one.state for one in report.villages) == Counter(registered=1, unchanged=done - 1, checked=3 - done)
        with store.reading() as connection:
            codes = set(connection.scalars(sa.select(sa.func.substr(HOLDING_VERSION.c.code, 1, 12))))
        assert codes == {FARMERS, village}
    rest = import_delivery(store, sound, CLERK)
    assert {one.code: one.state for one in rest.villages} == {GACHA: "unchanged", FARMERS: "unchanged", OTHER_GACHA: "registered"}
    counted.update(rest.counts)
    assert (counted["parcels"], counted["households"], counted["events"]) == (412, 60, 262)
    made = versions(store)
    made.pop("right")
    assert made == SAMPLE
    assert audit(store).findings == ()


def test_story_family_holds_what_its_contracts_say(store: Store, delivered: Path) -> None:
    """Two books, one household: arable and grassland to their own terms, five co-holders each; the hukou roster too."""
    with store.reading() as connection:
        (person,) = find_by_number(connection, store.vault, "150699197403186954")
        assert identities(connection, store.vault, [person])[person].name == "达楞太"
        chains = read_chains(
            connection,
            HOLDING,
            connection.scalars(
                sa.select(HOLDING_VERSION.c.thing_id).where(HOLDING_VERSION.c.representative_id == person)
            ),
        )
        assert {c[0].columns["code"] for c in chains.values()} == {f"{GACHA}000001", f"{GACHA}004001"}
        assert len({c[0].columns["household_id"] for c in chains.values()}) == 1
        assert {len(c[0].children["holding_member"]) for c in chains.values()} == {5}
        held = read_chains(
            connection,
            RIGHT,
            connection.scalars(sa.select(RIGHT_VERSION.c.thing_id).where(RIGHT_VERSION.c.holder_id.in_(chains))),
        )
        ends = {c[0].thing: c[0].columns["term_end"] for c in held.values()}
        assert (ends["contract-arable"], ends["contract-grass"]) == ("2027-12-31", "2047-12-31")
        assert {c[0].valid_from for c in held.values()} == {"2016-11-30"}
        assert [r.registration_type for r in registrations(connection, store.vault, person)] == ["居民"]


def test_village_at_fault_comes_back_and_the_others_go_in(store: Store, faulty: Path, sound: Path) -> None:
    """All or nothing holds for a village. Mended, the others follow; what is in stays as it is."""
    assert states(store, faulty) == {GACHA: "registered", OTHER_GACHA: "returned", FARMERS: "returned"}
    before = size(store)
    assert states(store, faulty) == {GACHA: "unchanged", OTHER_GACHA: "returned", FARMERS: "returned"}
    assert size(store) == before
    assert states(store, sound) == {GACHA: "unchanged", OTHER_GACHA: "registered", FARMERS: "registered"}
    assert audit(store).findings == ()


def test_same_delivery_again_adds_no_version_and_no_entry(store: Store, delivered: Path) -> None:
    """Importing twice is importing once."""
    before = size(store), versions(store)
    report = import_delivery(store, delivered, CLERK)
    assert report.committed is None
    assert (size(store), versions(store)) == before


def test_large_delivery_is_known_again_by_fingerprints_made_beside(
    store: Store, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large delivery has its fingerprints made in another process while its deeds are put together: they are the same."""
    monkeypatch.setattr(register, "_ROWS_WORTH_A_PROCESS", 1)
    report = import_delivery(store, sound, CLERK)
    assert report.committed is not None
    before = size(store)
    assert set(states(store, sound).values()) == {"unchanged"}
    monkeypatch.undo()
    assert set(states(store, sound).values()) == {"unchanged"}
    assert size(store) == before


def test_shuffled_and_recoded_delivery_adds_nothing(store: Store, delivered: Path, copy: Copy) -> None:
    """Rows in another order, UTF-8 for GBK; also where a word that is no fact differs and all is compared."""
    before = size(store), versions(store)
    for table in ("FBF", "CBF", "CBF_JTCY", "CBDKXX", "CBHT", "成员名册", "股权台账", "户籍", "限制与义务"):
        copy.edit(table, random.Random(7).shuffle, "utf-8")
    assert set(states(store, copy.root).values()) == {"unchanged"}
    copy.edit("CBF", lambda rows: [one.update(GSJS="另记") for one in rows])
    assert set(states(store, copy.root).values()) == {"unchanged"}
    assert (size(store), versions(store)) == before


def _other_area(copy: Copy) -> None:
    """A contract area a hundredth larger, and its sum."""
    copy.put("CBDKXX", 0, HTMJ="31000.01")
    copy.put("CBHT", 0, HTZMJ="51800.01")


CHANGES: dict[str, tuple[Callable[[Copy], object], tuple[str, str], tuple[str, str]]] = {
    "term": (lambda c: c.put("CBHT", 1, CBQXZ="20461231"), ("CBHT", "CBQXZ"), ("2047-12-31", "2046-12-31")),
    "signed": (lambda c: c.put("CBHT", 0, QDSJ="20161129"), ("CBHT", "QDSJ"), ("2016-11-30", "2016-11-29")),
    "co-holder": (lambda c: c.put("CBF_JTCY", 2, SFGYR="2"), ("CBF_JTCY", "CYXM"), ("*鲁91(20/1/–)", "*鲁91(20/2/–)")),
    "membership": (lambda c: c.put("成员名册", 0, 确认依据="另一决议"), ("成员名册", "确认依据"), ("〔2016〕1号", "另一决议")),
    "share": (
        lambda c: c.edit("股权台账", lambda r: (r[0].update(份数="11"), r[1].update(份数="13"))),
        ("股权台账", "份数"), ("12/6000", "11/6000"),
    ),
    "duty": (lambda c: c.put("限制与义务", 0, 数量="200"), ("限制与义务", "文号"), ("193羊单位", "200羊单位")),
    "mortgage": (
        lambda c: c.edit("限制与义务", lambda r: [one.update(金额="1.00") for one in r if one["类别"] == "抵押"]),
        ("限制与义务", "文号"), ("60000.00", "1.00"),
    ),
    "contract area": (
        _other_area,
        ("CBHT", "HTZMJ"), ("31000.00", "31000.01"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_contradiction_is_refused_with_both_values(store: Store, delivered: Path, copy: Copy, change: str) -> None:
    """A delivery that contradicts what is registered comes back, registered and delivered side by side."""
    make, place, values = CHANGES[change]
    make(copy)
    said = contradictions(store, copy.root)
    assert place in {(layer, field) for layer, field, _ in said}
    assert any(all(value in sentence for value in values) for _, _, sentence in said), said


def test_shape_that_moved_contradicts(store: Store, delivered: Path, copy: Copy) -> None:
    """A vertex a millimetre off is another boundary: both vertices are said."""
    shp = copy.layers / "DK1506262016.shp"
    raw = bytearray(shp.read_bytes())
    raw[100 + 8 + 44 + 4 + 16] ^= 0x40  # a low byte of the second vertex's easting: far less than a millimetre
    shp.write_bytes(bytes(raw))
    said = contradictions(store, copy.root)
    assert [(layer, field) for layer, field, _ in said] == [("DK", "geometry")]


def test_village_without_a_shape_keeps_no_other_from_coming_in(store: Store, copy: Copy) -> None:
    """A ring that is not closed is no shape; its village comes back and the others go in."""
    shp = copy.layers / "DK1506262016.shp"
    raw = bytearray(shp.read_bytes())
    raw[100 + 8 + 44 + 4] ^= 0x40  # the first vertex is no longer the last one
    shp.write_bytes(bytes(raw))
    report = import_delivery(store, copy.root, CLERK)
    assert [fault.id for fault in report.faults] == ["shape-not-closed"]
    assert [village.state for village in report.villages] == ["returned", "registered", "registered"]


def test_what_was_lawfully_changed_is_no_contradiction(store: Store, delivered: Path, copy: Copy) -> None:
    """The delivery equals an earlier registered version: it adds nothing and refuses nothing."""
    with store.reading() as connection:
        right = connection.scalar(
            sa.select(RIGHT_VERSION.c.thing_id).where(
                RIGHT_VERSION.c.unit_code == f"{GACHA}000001J", RIGHT_VERSION.c.thing == "contract-arable"
            )
        )
    with desk(store, CLERK) as at:
        act = at.act("extended", "2028-01-01")
        rights.change(act, str(right), term_start="2028-01-01", term_end="2057-12-31")
        at.commit()
    copy.put("CBF", 0, GSJS="另记")
    assert states(store, copy.root)[GACHA] == "unchanged"


def test_what_is_new_in_a_later_delivery_goes_in(store: Store, delivered: Path, copy: Copy) -> None:
    """A duty, a benefit of another year, a member confirmed later, a registration of today: only they are added."""
    before = versions(store)
    copy.edit("限制与义务", lambda rows: rows.append(dict(rows[0], 文号="新责任书", 登记日期="20200101")))
    newcomer = {"姓名": "新成员", "证件号码": "150699199001010015", "确认日期": "20200101"}
    copy.edit("成员名册", lambda rows: rows.append(rows[0] | newcomer))
    copy.edit("户籍", lambda rows: rows.append(dict(rows[0], 登记日期="20200101")))
    report = import_delivery(store, copy.root, CLERK)
    assert [v.state for v in report.villages] == ["registered", "unchanged", "unchanged"]
    assert versions(store) == before | {"duty": before["duty"] + 1, "membership": before["membership"] + 1}
    assert report.counts["events"] == 1


def test_contract_that_is_not_delivered_again_stands(store: Store, delivered: Path, copy: Copy) -> None:
    """What is registered and not in a delivery keeps its rights; it is said."""
    code = f"{GACHA}000001J"

    def without(rows: Rows) -> None:
        rows[:] = [row for row in rows if code not in {row.get("CBHTBM"), row.get("标的代码")}]

    for table in ("CBHT", "CBDKXX", "限制与义务"):
        copy.edit(table, without)
    _rewritten(copy, [f"{GACHA}0000018", f"{GACHA}0000030"])
    report = import_delivery(store, copy.root, CLERK)
    said = [(f.id, f.village, f.en) for f in report.faults if f.id == "registered-not-delivered"]
    assert said == [("registered-not-delivered", GACHA, f"{code} is registered and not in this delivery: its rights stand")]


def _rewritten(copy: Copy, codes: list[str]) -> None:
    """Parcels that nobody contracts any more have another DKLB."""
    dbf = copy.layers / "DK1506262016.dbf"
    raw = bytearray(dbf.read_bytes())
    width = {"BSM": 10, "YSDM": 6, "DKBM": 19, "DKMC": 50, "SYQXZ": 2}
    for code in codes:
        at = raw.index(code.encode()) + width["DKBM"] + width["DKMC"] + width["SYQXZ"]
        assert raw[at : at + 2] == b"10"
        raw[at : at + 2] = b"22"
    dbf.write_bytes(bytes(raw))


def test_people_in_doubt_are_registered_and_flagged(store: Store, copy: Copy) -> None:
    """A wrong check digit, 15 digits and one number on two people are held: everybody is registered, nobody merged."""
    copy.put("CBF_JTCY", 2, CYZJHM="150699200305218292")
    copy.put("CBF_JTCY", 3, CYZJHM="150699110911814")
    copy.put("CBF_JTCY", 4, CYZJHM="15069919760705876X")
    copy.edit("CBF_JTCY", lambda rows: rows.__setitem__(1, dict(rows[1], CYZJHM="150699197607058751")))
    report = import_delivery(store, copy.root, CLERK)
    assert not report.returned
    with store.reading() as connection:
        flags = set(connection.scalars(sa.select(PERSON_IDENTITY.c.flags)))
        assert {'["bad-check-digit"]', '["15-digit"]', '["dup-id"]'} <= flags
        assert len(find_by_name(connection, store.vault, "朝鲁")) == 2


def test_holding_without_representative_is_under_review_with_every_right(store: Store, copy: Copy) -> None:
    """Nobody loses a right by a missing relation: the holding is registered as REVIEW, its rights live."""
    copy.edit("CBF_JTCY", lambda rows: rows[0].update(YHZGX="99"))
    assert not import_delivery(store, copy.root, CLERK).returned
    with store.reading() as connection:
        row = connection.execute(
            sa.select(HOLDING_VERSION.c.thing_id, HOLDING_VERSION.c.status).where(HOLDING_VERSION.c.code == f"{GACHA}000001")
        ).one()
        assert row.status == "review"
        statuses = connection.scalars(sa.select(RIGHT_VERSION.c.status).where(RIGHT_VERSION.c.holder_id == row.thing_id))
        assert set(statuses) == {"live"}


def test_person_and_unit_hold_alone(store: Store, copy: Copy) -> None:
    """CBFLX 2 and 3 have no list of members: the person, or the unit, is the one holder."""
    kinds = {"2": "8001", "3": "9001"}

    def add(rows: Rows) -> None:
        for kind, serial in kinds.items():
            rows.append(dict(rows[0], CBFBM=f"{GACHA}00{serial}", CBFLX=kind, CBFCYSL="1", GLCBFBM=""))

    def contract(rows: Rows) -> None:
        for serial in kinds.values():
            code = f"{GACHA}00{serial}"
            sums = {"CBDKZS": "1", "HTZMJ": "1000.00", "HTZMJM": "1.50"}
            rows.append(rows[0] | sums | {"CBHTBM": f"{code}Q", "CBFBM": code, "CBFS": "123"})

    def parcels(rows: Rows) -> None:
        free = [f"{GACHA}00{n:05d}" for n in (99001, 99002)]
        for serial, code in zip(kinds.values(), free, strict=True):
            unit = f"{GACHA}00{serial}Q"
            codes = {"DKBM": code, "CBFBM": unit[:-1], "CBHTBM": unit, "CBJYQZBM": unit}
            rows.append(rows[0] | codes | {"CBJYQQDFS": "123", "HTMJ": "1000.00", "HTMJM": "1.50", "SFQQQG": "1"})

    copy.edit("CBF", add)
    copy.edit("CBHT", contract)
    copy.edit("CBDKXX", parcels)
    dbf = copy.layers / "DK1506262016.dbf"
    raw = dbf.read_bytes()
    spare = [code for code in _uncontracted(copy) if code.startswith(GACHA)][:2]
    for n, code in enumerate(spare):
        raw = raw.replace(code.encode(), f"{GACHA}00{99001 + n:05d}".encode(), 1)
    dbf.write_bytes(raw)
    report = import_delivery(store, copy.root, CLERK)
    assert not report.returned, [(f.id, f.zh) for f in report.faults if f.severity == "refuse"]
    with store.reading() as connection:
        held = connection.execute(
            sa.select(RIGHT_VERSION.c.co_holding, RIGHT_VERSION.c.party_id).where(
                RIGHT_VERSION.c.unit_code.in_([f"{GACHA}00{serial}Q" for serial in kinds.values()])
            )
        ).all()
    assert [row.co_holding for row in held] == ["SOLE", "SOLE"]
    before = size(store)
    copy.put("CBF", 0, GSJS="另记")
    import_delivery(store, copy.root, CLERK)
    assert size(store) == before


def _uncontracted(copy: Copy) -> list[str]:
    from registry.delivery.faults import Faults  # noqa: PLC0415
    from registry.delivery.read import read_delivery  # noqa: PLC0415

    frame = read_delivery(copy.root, Faults()).frames["DK"]
    return [code for code, kind in zip(frame.values("DKBM"), frame.values("DKLB"), strict=True) if kind != "10"]


def test_check_only_writes_nothing_and_says_contradictions(store: Store, sound: Path, copy: Copy) -> None:
    """--check reports what an import would, without an entry."""
    assert states_checked(store, sound) == {"checked"}
    assert size(store) == 1
    import_delivery(store, sound, CLERK)
    before = size(store)
    copy.put("CBHT", 0, QDSJ="20161129")
    report = import_delivery(store, copy.root, CLERK, check_only=True)
    assert "contradicts-registered" in {f.id for f in report.faults}
    assert size(store) == before


def states_checked(store: Store, folder: Path) -> set[str]:
    """States of a check."""
    return {v.state for v in import_delivery(store, folder, CLERK, check_only=True).villages}


def test_progress_names_each_step(store: Store, sound: Path) -> None:
    """Whoever waits is told what is being done."""
    steps: list[str] = []
    import_delivery(store, sound, CLERK, progress=steps.append)
    assert [step for step in steps if step in {"read", "check", "compare", "write", "report"}] == [
        "read", "check", "compare", "write", "report",
    ]  # fmt: skip
