"""延包 at a desk: does a roster of eighteen for a village of twenty lose nobody, from the upload to the register?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import sqlalchemy as sa

from registry.accounts import proofs
from registry.audit import audit
from registry.ledger.tables import LEDGER_ENTRY
from tests.api.access_people import service
from tests.api.desk.test_desk import Clerk, Office, office, paper, text_of
from tests.registry.cases.extending import HEADER, LAND, UNTIL, register_homes, written
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.registry.cases.extending import Home

__all__ = ["office", "service"]
PATH = "/desk/extensions"


@pytest.fixture
def homes(office: Office) -> list[Home]:
    """A village of twenty households."""
    return register_homes(office.store, office.village)


def bring(clerk: Clerk, path: str, table: bytes | str, status: int = 303, **said: str) -> str:
    """A roster as a file, or as a pasted block; on success the case's id."""
    if isinstance(table, str):
        fields: dict[str, Any] = {**said, "pasted": table}
        return clerk.send(path, status, **fields)
    data = {"csrf": proofs.csrf(clerk.token), **said}
    got = clerk.caller.post(path, data=data, files={"table": ("名册.csv", table)}, headers=headers(clerk))
    assert got.status_code == status, got.text
    clerk.page = got.text
    if status != 303:
        return ""
    clerk.read(got.headers["location"])
    return got.headers["location"].rpartition("/")[2]


def headers(clerk: Clerk) -> dict[str, str]:
    """As a browser sends them."""
    return {"Cookie": f"sanquan_session={clerk.token}", "Accept": "text/html"}


def pasted(homes: list[Home], header: tuple[str, ...] = HEADER) -> str:
    """The roster as Excel copies it."""
    lines = ["\t".join(header)]
    for home in homes:
        lines.append(f"{home.code}\t{home.contract}\t{home.mu}\t\t")
        lines += [f"{home.code}\t\t\t{name}\t{number}" for name, number in home.identities]
    return "\r\n".join(lines)


def test_a_roster_of_eighteen_loses_none_of_twenty(office: Office, homes: list[Home], tmp_path: Path) -> None:
    """The two who were left out are red rows that block themselves; put back on the roster they are extended like the others."""
    first, second = office.first, office.second
    said: dict[str, Any] = {"collective": VILLAGE_CODE, "land": LAND, "until": UNTIL}
    assert "还没有哪个村交来名册" in text_of(first.read(PATH))
    # A table that is none is told row by row, and nothing is begun.
    bring(first, PATH, "", 422, **said)
    bring(first, PATH, pasted(homes[2:]).replace(homes[5].code, "150626"), 422, **said)
    assert "<td>承包方编码</td>" in first.page
    bring(first, PATH, pasted(homes[2:], (*HEADER, "户口类别")), 422, **said)
    assert "延包不看户口" in text_of(first.page)
    case = bring(first, PATH, pasted(homes[2:]), **said)
    page = text_of(first.page)
    assert "等着20户" in page
    assert first.page.count('<tr class="red">') == 2
    assert [code in page[: page.index(homes[2].code)] for code in (homes[0].code, homes[1].code)] == [True, True]
    # The village mends half of it while it is a draft; the other one is explained once it is under way.
    case = bring(first, f"{PATH}/{case}/roster", written(tmp_path / "r.csv", homes[1:]).read_bytes())
    assert first.page.count('<tr class="red">') == 1
    first.step(case, "submitted")
    assert case in second.read(PATH)
    first.step(case, "accepted")
    for word in ("roster", "resolution"):
        first.step(case, "evidence-added", files={"source": paper(len(word))}, paper=word)
    first.step(case, "noticed", where="嘎查公示栏")
    explain = f"/desk/cases/{case}/steps/explained"
    assert explain in first.page
    first.step(case, "explained", 422, files={"source": paper(3)}, row=homes[0].holding, difference="missing", cause="settled")
    assert "都不是原因" in text_of(first.page)
    first.step(case, "explained", files={"source": paper(3)}, row=homes[0].holding, difference="missing", cause="roster-mended")
    first.send(f"{PATH}/{case}/told", row=[home.holding for home in homes], how="in-person")
    first.step(case, "told", person=office.village.people[3], guardian=office.village.people[4], how="in-person")
    assert "可以办20户" in text_of(first.page)
    assert "会写成这样（三份样子）" in text_of(first.page)
    assert text_of(first.page).count("2027年12月31日 → 2028年1月1日 — 2057年12月31日") == 3
    office.later(20)
    day = office.today()
    first.step(case, "voted", files={"source": paper(5)}, day=day, attended="42", agreed="42")
    first.step(case, "reviewed", opinion="齐全")
    second.step(case, "approved", opinion="同意")
    second.step(case, "registered")
    assert "已办20户" in text_of(second.page)
    with office.store.reading() as connection:
        kinds = list(connection.scalars(sa.select(LEDGER_ENTRY.c.kind)))
    assert kinds.count("extended") == 20
    assert audit(office.store).findings == ()


def test_the_blank_roster_is_the_registers_and_is_logged(office: Office, homes: list[Home]) -> None:
    """With everybody on it, wherever they are registered; no purpose, no roster."""
    said: dict[str, Any] = {"collective": VILLAGE_CODE, "land": LAND, "until": UNTIL}
    office.first.send(f"{PATH}/blank", 422, **said, purpose=" ")
    data = {"csrf": proofs.csrf(office.first.token), **said, "purpose": "延包"}
    got = office.first.caller.post(f"{PATH}/blank", data=data, headers=headers(office.first))
    rows = list(openpyxl.load_workbook(io.BytesIO(got.content)).active.values)
    assert rows[0] == HEADER
    assert {row[0] for row in rows[1:]} == {home.code for home in homes}
