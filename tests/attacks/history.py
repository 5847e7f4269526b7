"""A history that leaves at least one row in every table, so that every table can be attacked.

The made-up family registers, settles in town, lets and mortgages land, has a line corrected back into the past; a paper
is kept, another logged, an opening erased, a book compared; a case mends a slip, another is objected to; a share is given up.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import shapely
import sqlalchemy as sa
from PIL import Image

from registry import breaches, cases, papers, records, sources, waiting
from registry.accounts import cards, grants, holders, signing_in
from registry.benefits import acts as benefits
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields, Will
from registry.ledger.beside import row_digest
from registry.ledger.check import Disagreement
from registry.ledger.commit import desk
from registry.ledger.entry import e_leaf, s_leaf
from registry.ledger.merkle import leaf_hash
from registry.ledger.position import position, second
from registry.ledger.status import status_session
from registry.ledger.tables import ERASURE, LEDGER_ENTRY, OPENING
from registry.notices import outbox, posting, sending
from registry.notices.texts import Words
from registry.paid_exits import PAID_EXIT
from registry.parcels import acts as parcels
from registry.parcels.model import PARCEL_VERSION
from registry.particulars import Particulars
from registry.parties import Identity
from registry.residence import ActualResidence
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.rights.model import BOOK_COMPARISON, COMPARISON
from registry.service_reports.handing_in import hand_in_rows
from registry.settlement import Event, life, membership_answers, queue, record
from registry.store.bulk import insert_rows
from registry.store.sealing import sealed_row
from tests.registry import made_up
from tests.registry.accounts.people import COUNTER, founders, granted, member
from tests.registry.made_up import CLERK, MOVED, Village
from tests.registry.service_reports import reports

if TYPE_CHECKING:
    from registry.store.engines import Store

BIRTH = "2018-03-01"
LOG_COLUMNS = ("idx", "cls", "kind", "leaf", "leaf_hash", "recorded_at", "closed_by", "closes")


def register_history(store: Store) -> Village:
    """Everything above, in the order of the days; returns the village."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    made_up.settle(store, village)
    _events(store, village)
    _land(store, village)
    _burdens(store, village)
    _papers(store, village)
    _kept(store, village)
    _waiting(store, village)
    _found(store)
    _cases(store, village)
    _exit(store, village)
    _accounts(store)
    _evidence(store)
    return village


def family_wills(village: Village) -> tuple[Will, ...]:
    """Everybody's own signature; the parents sign for the two children."""
    minors = set(village.people[2:4])
    return tuple(Will(p, "a" * 64, village.people[0] if p in minors else None) for p in village.people)


def _events(store: Store, village: Village) -> None:
    child = Identity("苏日娜", made_up.id_number("20180226", 644), sex="2")
    born = Event("birth-registered", BIRTH, registrations=(made_up.town("new:0", BIRTH),), newcomers=(child,))
    record(store, born, "王警官", "公安局")
    corrected = {village.people[4]: Identity("莲花", made_up.id_number("19490302", 526), sex="2")}
    event = Event("identity-corrected", "2018-04-01", (village.people[4],), identities=corrected)
    record(store, event, "王警官", "公安局")
    permits = {village.people[1]: ("issued", "150626100010")}
    event = Event("permit-issued", "2018-05-01", (village.people[1],), permits=permits)
    wrong = record(store, event, "王警官", "公安局")
    record(store, Event("event-cancelled", "2018-05-02", (village.people[1],), cancels=wrong.idx), "王警官", "公安局")


def _waiting(store: Store, village: Village) -> None:
    """Where people live, what is stated of them, a birth that a collective is asked about, one person twice, who waits, nobody."""
    desk_of = life.Desk("王警官")
    child = Identity("那仁", made_up.id_number("20190302", 519), sex="1")
    born = life.record_birth(store, child, village.people[:2], made_up.town("new:0", "2019-03-02"), desk_of)
    question = (born.idx, born.newcomers[0], village.collective)
    membership_answers.answer(store, question, "no", dated="2019-04-01", paper="e" * 64, reason="没有答复", desk=desk_of)
    membership_answers.answer(store, question, "yes", dated="2019-05-01", paper="e" * 64, reason="", desk=desk_of)
    home = ActualResidence(village.people[0], "2019-04-01", "150626100010", "文苑社区 2 号楼")
    life.record_residence(store, [home], "2019-04-01", desk_of)
    said = {village.people[0]: Particulars("02", "71"), village.people[1]: Particulars("02")}
    stated = Event("particulars-recorded", "2019-04-02", tuple(village.people[:2]), particulars=said)
    record(store, stated, desk_of.officer, desk_of.bureau)
    life.link_people(store, village.people[0], village.people[1], "2019-05-01", desk_of, police_decision="c" * 64)
    for reason in ("撤回", ""):
        application = queue.apply(store, "settle-in-banner", name="达楞太", paper="d" * 64, person=village.people[0])
        if reason:
            queue.leave(store, application, reason=reason)
    with status_session(store) as session:
        waits = {"row_key": b"\x05" * 32, "event_key": b"\x06" * 32, "at": "2019-06-01T00:00:00Z"}
        sealed = sealed_row(store.vault, waiting.UNMATCHED_ROW, waits, {"姓名": "无名"}, store.randomness.nonce())
        insert_rows(session.connection, waiting.UNMATCHED_ROW, [*waits, "sealed"], [(*waits.values(), sealed)])
        session.connection.commit()
    _served(store)


def _served(store: Store) -> None:
    """Three people's insurance by their bureau's report, one of them corrected, two rows that fit nobody."""
    rows = [reports.row(n, f"A-{n}") for n in range(3)]
    rows += [reports.row(3, "A-3", 结束日期="20190630"), reports.row(1, "A-4", 更正编号="A-0", 结束日期="20181231")]
    rows += [reports.row(n, f"B-{n}", 姓名="无名") for n in range(2)]
    hand_in_rows(store, "human-resources", rows, "经办人甲")


def _found(store: Store) -> None:
    """Two findings of an audit, one of them closed."""
    found = [Disagreement("parcel_version", (("thing_id", name),), 3, ("digest",), "对不上", "disagrees") for name in "ab"]
    breaches.record(store, found, 10)
    with store.reading() as connection:
        first = breaches.breaches(store, connection)[0]
    breaches.close(store, CLERK, first.id, "试出来的")


def _cases(store: Store, village: Village) -> None:
    """A slip of the pen, mended by two officers, and an objection to a change of the representative."""
    first, second = (cases.Actor(name, name, "农牧业局", "agriculture") for name in ("张晓梅", "王建国"))
    request = {"field": "local_name", "to": "东梁"}
    slip = cases.open_case(store, first, "clerical-slip", subject=[village.parcels["other"]], request=request)
    cases.take(store, slip, "submitted", first, 1)
    cases.take(store, slip, "approved", second, 2, {"opinion": "同意"})
    cases.take(store, slip, "registered", second, 3)
    request = {"representative": village.people[1]}
    change = cases.open_case(store, first, "representative-changed", subject=[village.holding], request=request)
    cases.take(store, change, "submitted", first, 1)
    cases.take(store, cases.open_case(store, first, "objection", challenges=change), "submitted", first, 1)


def _exit(store: Store, village: Village) -> None:
    """The wife gives up her share of the collective's income, for pay."""
    right, clerk = village.rights["income-1"], cases.Actor("张晓梅", "张晓梅", "农牧业局", "agriculture")
    case_id = cases.open_case(store, clerk, "share-exited", subject=[right])
    with desk(store, CLERK) as at:
        fields = ActFields(basis="退出协议", wills=made_up.wills(village.people[1]), payment="12000.00")
        act = at.act("exited", "2021-06-01", fields)
        rights.end(act, right)
        row = {"right_id": right, "thing": "income", "case_id": case_id, "price": "12000.00", "improvements": "0.00"}
        cites = {"cause_idx": act.idx, "cause_cls": "R", "cause_kind": "exited"}
        at.row(PAID_EXIT, {**row, "receiver_id": village.collective, "exit_day": "2021-06-01", **cites})
        at.commit()


def _accounts(store: Store) -> None:
    """Two administrators, a grant that was ended, a paper card that was used, a reset that was confirmed, a locked account."""
    both = founders(store)
    clerk = member(store, "clerk")
    grants.end(store, both[0].by, granted(store, both, clerk.id, "agriculture"), "调离")
    number = made_up.id_number("19740312", 101)
    card = cards.issue(store, clerk.by, number, "482916")
    signing_in.person(store, number, card.codes[0], "482916", COUNTER)
    signing_in.person(store, number, card.codes[1], "482916", COUNTER)
    for one, other in (both, both[::-1]):
        holders.confirm_secret(store, other.by, holders.renew(store, one.by, clerk.id, "another horse 电池"))
    with store.writing("desk") as connection:
        holders.end_sessions(store, connection, card.account_id, "everywhere")
        connection.commit()
    holders.set_step(store, both[0].by, clerk.id, "locked", "离岗")
    holders.set_step(store, both[0].by, clerk.id, "unlocked", "回岗")


def _evidence(store: Store) -> None:
    """Two notices, each photographed on its wall, one taken down; two messages, each tried."""
    for number in range(2):
        hung = posting.post(
            store, CLERK, "first-notice", village="150626100210", title=f"公示 {number}", body="三组", begins="2026-11-02",
            parcels=[f"150626100210{n:07d}" for n in range(1, 3 + number)],
        )  # fmt: skip
        wall = io.BytesIO()
        Image.new("L", (8, 8), number).save(wall, "PNG")
        posting.photograph(store, CLERK, hung.id, wall.getvalue(), place="公示栏", taken="2026-11-03")
        outbox.tell(store, "a" * 32, "log", "", "step", Words(f"A-{number}", "柜台", "12345"))
        if number:
            posting.take_down(store, CLERK, hung.id, "重新公示")
    sending.send(store, {"log": sending.Log()})


def _land(store: Store, village: Village) -> None:
    """Two acts in one transaction, then a correction of the beginning that rewrites every later stretch."""
    with desk(store, CLERK) as at:
        act = at.act("survey-corrected", "2018-06-01", ActFields(basis="复测"))
        shape = made_up.square(574_000, 4_263_000, 176.5)
        columns = {"surveyed_area_m2": "31152.25", "surveyed_area_mu": "46.73"}
        parcels.change(act, village.parcels["arable"], columns, shape=shape)
        act = at.act("member-added", "2018-06-02", ActFields(basis="出生"))
        relations = ("02", "12", "20", "30", "52")
        members = [CoHolder(p, r) for p, r in zip(village.people, relations, strict=True)]
        holdings.change(act, village.holding, members=[*members[:4], CoHolder(village.people[4], "52", remark="长辈")])
        at.commit()
    with desk(store, CLERK) as at:
        act = at.act("record-corrected", "2017-01-10", ActFields(basis="原登记有误"))
        parcels.change(act, village.parcels["arable"], {"land_type": "013"})
        benefits.change(act, village.benefit, quantity="3842.00")
        at.commit()


def _burdens(store: Store, village: Village) -> None:
    """A lease, a mortgage and its end, each making the right follow."""
    signed = ActFields(basis="双方合同", wills=family_wills(village), payment="5000.00")
    with desk(store, CLERK) as at:
        act = at.act("leased", "2019-02-01", signed)
        lessee = Holder(party_id=village.people[0])
        unit = rights.unit(
            act, kind="contract", code="L-1", issuer_id=village.collective, method="", signed_on="2019-02-01"
        )
        let = Terms(unit, "L-1", "2019-02-01", "2024-01-31")
        plot = [Contracted(village.parcels["arable"], "31000.00", "46.50")]
        village.rights["operating"] = rights.let(act, village.rights["contract-arable"], lessee, let, plot)
        at.commit()
    with desk(store, CLERK) as at:
        act = at.act("mortgaged", "2019-03-01", signed)
        mortgage = rights.burden(
            act,
            village.rights["contract-grass"],
            restriction_kind="mortgage",
            parties={"lender": "乌审农商行"},
            document="抵1号",
            amount="50000.00",
            rank=1,
        )
        at.commit()
    with desk(store, CLERK) as at:
        rights.unburden(at.act("mortgage-discharged", "2020-03-01", signed), mortgage)
        act = at.act("seized", "2020-04-01", ActFields(basis="法院文书"))
        village.rights["seizure"] = rights.burden(
            act,
            village.rights["contract-grass"],
            restriction_kind="seizure",
            parties={"court": "乌审旗人民法院"},
            document="(2020)1号",
        )
        at.commit()


def _papers(store: Store, village: Village) -> None:
    sources.keep(store, b"a made-up resolution", kind="resolution", dated=MOVED, about="made up")
    papers.enter(store, CLERK, "sheet-parcel", "1506261002100000001", b"\x01" * 32, "made up")
    with store.writing("desk") as connection:
        columns = ("right_id", "compared_at", "outcome")
        compared = [(village.rights["contract-grass"], "2020-05-01T00:00:00Z", "equal")]
        insert_rows(connection, BOOK_COMPARISON, columns, compared)
        for number, book in enumerate(("contract-book", "realty-platform")):
            row = (f"{number:032x}", f"2020-05-0{number + 1}T00:00:00Z", book, bytes(32), f"2020-05-0{number + 1}", number, b"x")
            insert_rows(connection, COMPARISON, list(COMPARISON.columns.keys()), [row])
        connection.commit()
    erase(store, village)


def _kept(store: Store, village: Village) -> None:
    """Two boundary points and a page of the register book kept with an act."""
    with desk(store, CLERK) as at:
        act = at.act("record-corrected", "2020-06-01", ActFields(basis="补录"))
        benefits.change(act, village.benefit, quantity="3841.00")
        points = np.array([shapely.Point(574_000, 4_263_000), shapely.Point(574_100, 4_263_000)], dtype=object)
        rows = [{"JZDH": "J1", "DKBM": "x"}, {"JZDH": "J2", "DKBM": "x"}]
        batches = [
            records.Batch("JZD", "150626100210", ["x", "y"], rows, points),
            records.Batch("CBJYQZDJB", "150626101206", ["z"], [{"DBR": "登簿人"}]),
        ]
        kept = records.keep(at.connection, store.vault, at.randomness, batches, "b" * 64)
        act.rows += [row_digest(records.DELIVERED_BATCH, row) for row in kept]
        at.commit()


def erase(store: Store, village: Village) -> bytes:
    """Erase what the first version of the grassland's parcel says of its neighbours."""
    with store.reading() as connection:
        table = PARCEL_VERSION.c
        query = sa.select(table.digest).where(table.thing_id == village.parcels["grass"], table.ver == 1)
        subject = bytes(connection.scalars(query).one())
    erase_opening(store, subject, "texts")
    return subject


def erase_opening(store: Store, subject: bytes, path: str) -> None:
    """Erase one opening: an E entry, then an S."""
    with store.writing("desk") as connection:
        end = position(connection)
        at, recorded_at = end.at or "", second(end.recorded_at, store.clock())
        erasing, state = e_leaf(at, [subject]), s_leaf(at, end.st or "")
        row = (end.size, "E", None, erasing.decode(), leaf_hash(erasing), recorded_at, None, None)
        insert_rows(connection, LEDGER_ENTRY, LOG_COLUMNS, [row])
        insert_rows(connection, ERASURE, ("subject", "path", "entry_idx", "cls"), [(subject, path, end.size, "E")])
        connection.execute(sa.delete(OPENING).where(OPENING.c.subject == subject, OPENING.c.path == path))
        row = (end.size + 1, "S", None, state.decode(), leaf_hash(state), recorded_at, None, None)
        insert_rows(connection, LEDGER_ENTRY, LOG_COLUMNS, [row])
        connection.commit()
