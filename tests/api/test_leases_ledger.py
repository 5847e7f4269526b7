"""Is a village's ledger of leases judged and drafted the same through both doors: `/v1/cases/leases`, `sanquan case leases`?"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from api.v1 import case_models as models
from registry import cases
from registry.cases.lease_table import HEADER
from registry.ledger.position import position
from tests.api.test_cases_walked import HEADERS
from tests.registry import made_up
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.case_files import Case
    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

PATH = "/v1/cases/leases"
ARABLE, GRASS = f"{VILLAGE_CODE}00001", f"{VILLAGE_CODE}00002"
WHO = {"account": "zhang", "name": "张晓梅", "bureau": "农牧业局", "role": "agriculture"}
LESSEE = made_up.PEOPLE[1][0]
NUMBER = made_up.id_number(*made_up.PEOPLE[1][1:])
NAMED = ("其其格", LESSEE, NUMBER)
GOOD = [
    (f"{VILLAGE_CODE}0001J", ARABLE, "其其格", "", "L-1", "2026-12-01", "2027-11-30", "1200.00"),
    (f"{VILLAGE_CODE}0001J", GRASS, LESSEE, NUMBER, "L-2", "2026-12-01", "2027-11-30", ""),
]
FAULTY = [
    (f"{VILLAGE_CODE}9999J", "", "其其格", "", "L-3", "2026-12-01", "2027-11-30", ""),
    (f"{VILLAGE_CODE}0001J", GRASS, "其其格", "", "L-4", "2027-05-01", "2027-10-31", ""),
]


def ledger(path: Path, *rows: tuple[str, ...]) -> Path:
    """As a village keeps it."""
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADER, *rows])
    return path


def drafts(store: Store) -> list[Case]:
    """The drafts of leases of the one who drafts them."""
    with store.reading() as connection:
        seen = cases.visible(store, connection, cases.Actor(WHO["account"], WHO["name"], WHO["bureau"], WHO["role"]))
    return [each for each in seen if each.kind == "leased"]


@pytest.fixture
def send(caller: Caller) -> Callable[..., Any]:
    """A ledger as a form."""

    def sent(path: Path, status: int = 200, *, said: dict[str, str] = WHO, **asked: str) -> dict[str, Any]:
        files = {"files": (path.name, path.read_bytes())}
        got = caller.post(PATH, files=files, data=said, params=asked, headers=HEADERS)
        assert got.status_code == status, got.text
        assert not [name for name in NAMED if name in got.text]
        answer: dict[str, Any] = got.json()
        return answer

    return sent


def test_ledger_over_http_is_judged_row_by_row_then_drafted_whole(
    store: Store, village: Village, caller: Caller, send: Callable[..., Any], tmp_path: Path
) -> None:
    """users.md 2(a) 7: a verdict for each row, nothing written; one at fault and no draft; by wish one for each good row."""
    with store.reading() as connection:
        before = position(connection).size
    mixed = ledger(tmp_path / "mixed.csv", *GOOD, *FAULTY)
    told = models.LeaseList.model_validate(send(mixed))
    assert ([bool(row.faults) for row in told.rows], told.opened) == ([False, False, True, True], [])
    assert told.rows[3].faults[0].zh == "第 3 行已经把这块地租出去了"
    refused = send(mixed, 422, check_only="false")
    assert (refused["type"].rsplit(":", 1)[-1], len(refused["errors"])) == ("list-refused", 2)
    good = ledger(tmp_path / "good.csv", *GOOD)
    assert send(good)["opened"] == []
    for said in ({}, WHO | {"role": ""}, WHO | {"role": "Agriculture!"}):
        assert send(good, 422, said=said)["type"].rsplit(":", 1)[-1] == "invalid-input"
    send(good, 403, said=WHO | {"role": "surveyor"}, check_only="false")
    send(ledger(tmp_path / "none.csv"), 422)
    assert caller.post(PATH, files={"files": (good.name, good.read_bytes())}, data=WHO).status_code == 401
    with store.reading() as connection:
        assert (position(connection).size, drafts(store)) == (before, [])
    opened = models.LeaseList.model_validate(send(mixed, check_only="false", only_good="true")).opened
    made = {each.id: each for each in drafts(store)}
    assert list(made) == sorted(opened)
    assert [cases.request_of(made[each])["code"] for each in opened] == ["L-1", "L-2"]
    assert cases.request_of(made[opened[1]])["lessee"] == {"person": village.people[1]}
    # A second time none of them becomes a case, whatever is asked.
    again = send(good, 422, check_only="false", only_good="true")
    assert [opened[n] in each["zh"] for n, each in enumerate(again["errors"])] == [True, True]


def test_ledger_at_a_terminal_is_judged_then_drafted(
    store: Store, village: Village, command: Callable[..., Ended], tmp_path: Path
) -> None:
    """`--check` and a ledger with a fault write nothing and end as they are documented; the good rows become drafts, once."""
    assert village.people
    as_clerk = ("case", "--role", WHO["role"], "--account", WHO["account"], "--officer", WHO["name"])
    mixed, good = ledger(tmp_path / "mixed.csv", *GOOD, *FAULTY), ledger(tmp_path / "good.csv", *GOOD)
    refused = [command(*as_clerk, "leases", str(mixed), *check) for check in ((), ("--check",))]
    for each in refused:
        assert each.code == 2
        assert "登记簿里没有这份承包合同" in each.out
        assert "第 3 行已经把这块地租出去了" in each.out
    checked = command("case", "leases", str(good), "--check")
    assert (checked.code, drafts(store)) == (0, [])
    assert command("case", "leases", str(good)).code == 2
    table = tmp_path / "faults.csv"
    opened = command(*as_clerk, "leases", str(mixed), "--good-only", "--report", str(table))
    assert (opened.code, "建了 2 个草稿" in opened.out) == (1, True)
    lines = table.read_text("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in lines[1:]] == ["4", "5"]
    again = command(*as_clerk, "leases", str(good), "--good-only")
    assert (again.code, again.out.count("已经在办这一份")) == (2, 2)
    assert [cases.request_of(each)["code"] for each in drafts(store)] == ["L-1", "L-2"]
    assert not [name for name in NAMED for ended in (*refused, checked, opened, again) if name in ended.out + ended.err]
