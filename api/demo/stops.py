"""Where does each card of the demonstration's story page lead, and as whom? Accounts and a village's roster that make it real.

Nobody types a password there, so it exists only where `sanquan demo` made it: no other way of serving has a `Demo`.
"""

from __future__ import annotations

import csv
import datetime as dt
import secrets
import tempfile
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from api.demo.proving import published
from api.settings import LOOPBACK_NAMES
from registry import cases, china, sources
from registry.accounts import cards, grants, holders
from registry.accounts.grants import Proposal
from registry.accounts.roles import COUNSEL
from registry.cases import Actor, roster
from registry.holding import read as holdings
from registry.holding.model import HOLDING
from registry.ledger.chain import read_chains
from registry.parties import find_by_name, identities
from registry.public_map import FILE as PUBLIC_MAP
from registry.residence import Registration
from registry.settlement import settle_family

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from registry.store.engines import Store

_FOUNDERS = ("管理员甲", "管理员乙")
_DAY, _MOVED = "2016-09-14", "2021-09-01"
_LAND, _UNTIL = "contract-arable", "2027-12-31"
_BURIDU, _BATUWAN = "15062610120600", "15062610421300"
_IN_TOWN = (f"{_BURIDU}0004", f"{_BURIDU}0011")
_DIVORCED, _HERS = "斯琴", f"{_BATUWAN}0006"
_ORDER, _MAY_LOOK_DAYS = "(2026)内0626民初1号 调查令", 90
_TOWN = Registration("", _MOVED, "", "", "150626100010", "嘎鲁图镇文苑社区", "文苑社区")
_OUTLINES = f'[[outlines]]\nfrom = {_DAY}\nuntil = 9999-12-31\napproval_number = ""\nbasis = "演示: 人物虚构, 地也虚构"\n'


class Stop(NamedTuple):
    """A page, and the account that reads it; "" for nobody who signed in."""

    account_id: str
    path: str


@dataclass(frozen=True, slots=True)
class Demo:
    """The stops by name, and the figures that a card tells: households whose contracts end, and how many the roster has.

    `older`: the log's head before all of this was prepared, as a copy of then has it; b"" where nothing was published.
    """

    stops: Mapping[str, Stop]
    due: int
    handed_in: int
    older: bytes


def demo_of(request: Request) -> Demo | None:
    """The demonstration that this request may see: only on loopback, of a service that `sanquan demo` started."""
    settings = getattr(request.app.state, "settings", None)
    demo: Demo | None = None if settings is None else settings.demo
    return demo if demo is not None and request.client is not None and _is_here(request.client.host) else None


def _is_here(address: str) -> bool:
    try:
        return str(ip_address(address)) in LOOPBACK_NAMES
    except ValueError:
        return False


def prepare(store: Store, person: str) -> Demo:
    """Accounts for the role bar, two settled families and 斯琴's, whom rosters leave out, their cases, the public's outlines."""
    older = published(store)
    (store.settings.folder / PUBLIC_MAP).write_text(_OUTLINES, encoding="utf-8")
    console = tuple(holders.By(f"console-{n}", name) for n, name in enumerate(_FOUNDERS, 1))
    clerk = _staff(store, console, "张晓梅", "农牧局", Proposal("agriculture", _DAY, reason="演示"))
    surveyor = _staff(store, console, "乌力吉", "自然资源局", Proposal("land", _DAY, reason="演示"))
    inspector = _staff(store, console, "苏德", "监察局", Proposal("supervision", _DAY, reason="演示"))
    with store.reading() as connection:
        number = identities(connection, store.vault, [person])[person].id_number
    pin = f"{secrets.randbelow(900_000) + 100_000}"
    herder = cards.issue(store, console[0], number, pin).account_id
    at_desk = Actor(clerk, "张晓梅", "农牧局", "agriculture")
    for place, code in enumerate(_IN_TOWN):
        _settle(store, code, place)
    case, due, handed_in = _roster(store, at_desk, _BURIDU, _IN_TOWN)
    _roster(store, at_desk, _BATUWAN, (_HERS,))
    with store.reading() as connection:
        client = find_by_name(connection, store.vault, _DIVORCED)[0]
    until = (dt.date.fromisoformat(china.today(store)) + dt.timedelta(days=_MAY_LOOK_DAYS)).isoformat()
    hers = Proposal(COUNSEL, china.today(store), until, about=client, reason=_ORDER)
    lawyer = _staff(store, console, "高娃", "律师事务所", hers)
    return Demo(
        {
            "herder": Stop(herder, "/my"),
            "agriculture": Stop(clerk, "/desk"),
            "land": Stop(surveyor, "/desk"),
            "supervision": Stop(inspector, "/desk/supervision"),
            "counsel": Stop(lawyer, "/counsel"),
            "judge": Stop("", "/for-judges"),
            "public": Stop("", "/map"),
            "family": Stop(herder, f"/map?person={person}"),
            "verify": Stop("", "/verify"),
            "roster": Stop(clerk, f"/desk/cases/{case}#rows"),
        },
        due,
        handed_in,
        older,
    )


def _staff(store: Store, console: tuple[holders.By, ...], name: str, bureau: str, wanted: Proposal) -> str:
    """An account with one role, proposed by one and confirmed by another. Its password is thrown away: nobody needs it here."""
    first, second = console
    login = f"demo-{wanted.role}"
    made = holders.open_staff(store, first, login, secrets.token_urlsafe(24), name=name, bureau=bureau)
    grants.confirm(store, second, grants.propose(store, first, made.account_id, wanted))
    return made.account_id


def _settle(store: Store, code: str, place: int) -> None:
    """The family of a household moves to town."""
    with store.reading() as connection:
        holding = holdings.by_code(connection, code) or ""
        people = [m.person_id for m in holdings.members(read_chains(connection, HOLDING, [holding])[holding][-1])]
    town = Registration(
        "", _MOVED, f"150626100010-02{place:02d}", "", _TOWN.division_code, _TOWN.division_name, _TOWN.address
    )
    settle_family(store, people, day=_MOVED, town=town, officer_name="王警官", key=f"demo-{code}")


def _roster(store: Store, clerk: Actor, village: str, left_out: tuple[str, ...]) -> tuple[str, int, int]:
    """A village's roster as it is handed in, without some households: its case, and both counts."""
    with tempfile.TemporaryDirectory(prefix="sanquan-roster-") as place:
        path = Path(place) / "roster.csv"
        due = roster.write_blank(store, clerk.officer, village, _LAND, _UNTIL, path, "延包")
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *lines = csv.reader(file)
        kept = [line for line in lines if line[0] not in left_out]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *kept])
        wanted = roster.read_roster(store, path, village, _LAND, _UNTIL, None)
        paper = sources.keep(store, path.read_bytes(), kind="延包名册", dated=_DAY)
    wanted["request"]["source"] = paper
    case = cases.open_case(store, clerk, "extension", subject=wanted["subject"], request=wanted["request"])
    for n, (step, said) in enumerate((("submitted", {}), ("accepted", {}), ("noticed", {"where": "嘎查公示栏"})), 1):
        cases.take(store, case, step, clerk, n, said)
    return case, due, len(wanted["request"]["roster"])
