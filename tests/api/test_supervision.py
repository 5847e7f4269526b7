"""Is the supervision bureau's page the bureau's alone, and does it say through every door the same, with how it was counted?"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
import sqlalchemy as sa

from api.answers import ledger
from api.v1 import models_of_supervision as models
from registry import china, witnessing
from registry.ledger import publishing
from registry.ledger.commit import Officer
from registry.ledger.drawing import hash_of
from registry.ledger.tables import LEDGER_ENTRY
from registry.looks.keeping import looked
from registry.supervision import LISTS
from registry.witness import keys
from registry.witness import settings as witness_settings
from registry.witness.protocol import Witness
from registry.witness.stick import cosign
from registry.witness.store import Store as WitnessStore
from registry.witness.words import STATEMENT_ZH
from tests.api.access_people import bearer, csrf, holder_of_role, service, session_of
from tests.api.conftest import TOKEN
from tests.registry.accounts.people import founders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

__all__ = ["service"]
NUMBER = "5e" * 32
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def signed_in(service: Caller, store: Store, village: Village) -> dict[str, str]:
    """The header of an inspector."""
    token = session_of(store, holder_of_role(store, founders(store), "supervision", village))
    service.app.state.access.look_now()
    return bearer(token)


@pytest.mark.rule("STAT/odd-looks")
def test_lists_are_the_same_through_both_doors(
    caller: Caller, command: Callable[..., Ended], store: Store, village: Village, tmp_path: Path
) -> None:
    """In short and one by one, as JSON and as a workbook; a wrong word is refused by name."""
    looked(store, Officer("敖登", "国土局"), village.people[4], "rights", "柜台查询")
    assert caller.get("/v1/supervision").status_code == 401
    told = caller.answer("/v1/supervision", headers=BEARER)
    short = models.Overview.model_validate(told)
    assert [each.id for each in short.lists] == list(LISTS)
    assert command("supervision", "--json").json == told
    for each in short.lists:
        one = caller.answer(f"/v1/supervision/{each.id}", headers=BEARER)
        found = models.Listed.model_validate(one)
        assert (found.count, found.counted) == (each.count, each.counted)
        assert all(len(row) == len(found.columns) for row in found.rows)
        assert command("supervision", each.id, "--json").json == one
        assert each.counted.zh in command("supervision", each.id).out
    out = tmp_path / "查阅.xlsx"
    assert command("supervision", "odd-looks", "--out", str(out)).code == 0
    cells = [str(cell.value) for row in openpyxl.load_workbook(out).active.iter_rows() for cell in row if cell.value is not None]
    assert village.people[4] in cells
    got = caller.get("/v1/supervision/odd-looks?form=csv", headers=BEARER)
    assert village.people[4] in got.content.decode("utf-8-sig")
    assert caller.get("/v1/supervision/gossip", headers=BEARER).status_code == 422
    assert command("supervision", "gossip").code == 2
    assert command("supervision", "--out", str(out)).code == 2


def test_the_page_is_nobodys_before_there_are_accounts_and_then_the_bureaus_alone(
    service: Caller, store: Store, village: Village
) -> None:
    """An auditor, a clerk, the village and whoever did not sign in get no page and no list; the head shows it to whom it opens."""
    assert service.get("/desk/supervision").status_code == 401
    both = founders(store)
    inspector = bearer(session_of(store, holder_of_role(store, both, "supervision", village)))
    service.app.state.access.look_now()
    assert service.get("/desk/supervision").status_code == 401
    page = service.get("/desk/supervision", headers=inspector)
    assert page.status_code == 200
    assert 'href="/desk/supervision" aria-current' in page.text
    for role in ("auditor", "agriculture", "collective", "administrator"):
        other = bearer(session_of(store, holder_of_role(store, both, role, village)))
        for path in ("/desk/supervision", "/desk/supervision/odd-looks", "/v1/supervision", "/v1/supervision/refused"):
            assert service.get(path, headers=other).status_code == 403, (role, path)
        assert "/desk/supervision" not in service.get("/notices", headers=other).text


def test_each_tile_says_how_it_was_counted_in_one_language_and_names_nobody(
    service: Caller, store: Store, village: Village, canaries: tuple[str, ...]
) -> None:
    """No script, nothing from outside; officers are named, herders are not; a list leaves as csv and xlsx from its page."""
    looked(store, Officer("苏德", "国土局"), village.people[4], "rights", "柜台查询")
    for _ in range(6):
        looked(store, Officer("苏德", "国土局"), village.people[3], "rights", "柜台查询")
    inspector = signed_in(service, store, village)
    page = service.get("/desk/supervision", headers=inspector).text
    listed = service.get("/desk/supervision/odd-looks", headers=inspector).text
    for text in (page, listed):
        assert "<script" not in text
        assert [canary for canary in canaries if canary in text] == []
    for tile in ("被拒的尝试", "落户后90天内的变动", "查阅异常", "村规线索", "本月抽查5户"):
        assert tile in page
    assert "苏德" in listed
    assert village.people[3] in listed
    english = service.get("/desk/supervision", headers=inspector | {"Cookie": "sanquan_language=en"}).text
    assert "Odd look-ups" in english
    assert "查阅异常" not in english
    got = service.get("/desk/supervision/odd-looks?form=xlsx", headers=inspector)
    assert openpyxl.load_workbook(io.BytesIO(got.content)).sheetnames == ["查阅异常"]
    assert got.headers["content-disposition"] == 'attachment; filename="odd-looks.xlsx"'
    assert service.get("/desk/supervision/gossip", headers=inspector).status_code == 422


def test_a_month_is_sealed_and_refused_alike_through_every_door(
    service: Caller, store: Store, village: Village, command: Callable[..., Ended]
) -> None:
    """The page's form with its word, the route and the command write one entry a month; a refusal is told in words."""
    both = founders(store)
    token = session_of(store, holder_of_role(store, both, "supervision", village))
    clerk = bearer(session_of(store, holder_of_role(store, both, "auditor", village)))
    service.app.state.access.look_now()
    today = dt.date.fromisoformat(china.today(store))
    month = f"{today.replace(day=1) + dt.timedelta(days=31):%Y-%m}"
    sent = {"month": month, "number_hash": hash_of(NUMBER)}
    for path in ("samples", "samples/draws"):
        assert service.post(f"/v1/supervision/{path}", json=sent, headers=clerk).status_code == 403
    browser = {"Cookie": f"sanquan_session={token}", "Content-Type": "application/x-www-form-urlencoded"}
    form = f"what=seal&given={hash_of(NUMBER)}"
    assert service.post("/desk/supervision/sample", content=form, headers=browser).status_code == 403
    form += f"&csrf={csrf(token)['sanquan-csrf']}"
    done = service.post("/desk/supervision/sample", content=form, headers=browser)
    assert (done.status_code, done.headers["location"]) == (303, "/desk/supervision/sample")
    again = service.post("/desk/supervision/sample", content=form, headers=browser | {"Accept": "text/html"})
    assert again.status_code == 422
    for words in ("已经封存过一个数", "什么都没有改动"):
        assert words in again.text
    refused = service.post("/v1/supervision/samples", json=sent, headers=bearer(token))
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:sanquan:problem:sample-refused")
    assert command("sample", "seal", month, hash_of(NUMBER)).code == 2
    with store.reading() as connection:
        sealed = [line for line in store_lines(connection) if line.startswith("sample ")]
    assert len(sealed) == 1
    listed = service.get(f"/ledger/sample/{month}")
    assert (listed.status_code, listed.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert hashlib.sha256(listed.content).hexdigest() in sealed[0]
    for wrong in ("2026-13", "2000-01", f"{month}.checkpoint", "..", f"{month}.key"):
        assert service.get(f"/ledger/sample/{wrong}").status_code == 404
    draws = service.post(
        "/v1/supervision/samples/draws", json={"month": month, "number": NUMBER}, headers=bearer(token)
    )
    assert draws.json()["type"] in {"urn:sanquan:problem:sample-refused", "urn:sanquan:problem:cosignature-refused"}
    page = service.get("/desk/supervision/sample", headers=bearer(token))
    assert f"封存 {month} 的数" in page.text


def store_lines(connection: Connection) -> list[str]:
    """Every line of every K of the log."""
    leaves = connection.execute(sa.select(LEDGER_ENTRY.c.leaf).where(LEDGER_ENTRY.c.cls == "K")).scalars()
    return [line for leaf in leaves for line in json.loads(leaf)["vkeys"]]


def test_a_number_is_made_where_no_registry_is(command: Callable[..., Ended]) -> None:
    """Two numbers are never the same, and the hash is that of the bytes."""
    first, second = (re.findall(r"[0-9a-f]{64}", command("sample", "number").out) for _ in range(2))
    assert first[0] != second[0]
    assert hashlib.sha256(bytes.fromhex(first[0])).hexdigest() == first[1]


def test_files_go_out_to_the_witness_and_its_line_comes_back_by_the_page(
    service: Caller, store: Store, village: Village, tmp_path: Path
) -> None:
    """The page says what a signature states, word by word; the witness, elsewhere, signs what the archive holds."""
    token = session_of(store, holder_of_role(store, founders(store), "supervision", village))
    service.app.state.access.look_now()
    inspector = bearer(token)
    early = service.get("/desk/supervision/cosign/request", headers=inspector | {"Accept": "text/html"})
    assert (early.status_code, "没有这个监督机构" in early.text) == (422, True)
    vkey = publishing.create(store, "log.example/sanquan", None)
    folder = tmp_path / "witness"
    folder.mkdir()
    signer = keys.create(folder / keys.KEY_FILE, "bureau.example/jiancha", "ten herders and a dog")
    made = witness_settings.create(folder, str(vkey), tmp_path / "elsewhere")
    witnessing.trust(store, str(signer.key), "jiancha", quorum=True)
    publishing.publish(store)
    page = service.get("/desk/supervision/cosign", headers=inspector).text
    assert STATEMENT_ZH in page
    assert "还没有签过" in page
    got = service.get("/desk/supervision/cosign/request", headers=inspector)
    assert got.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        archive.extractall(tmp_path)
    (stick,) = tmp_path.glob("qingqiu-*")
    assert {file.name for file in stick.iterdir()} == {"add-checkpoint", "entries", "pairs"}
    assert cosign(Witness(made, WitnessStore(made.store_file), signer), stick).cosigned
    note = (stick / "answer" / "checkpoint").read_text("utf-8")
    browser = {"Cookie": f"sanquan_session={token}"}
    word = csrf(token)["sanquan-csrf"]
    for wrong in ("x", note.replace("log.example", "other.example")):
        refused = service.post("/desk/supervision/cosign", data={"csrf": word, "note": wrong}, headers=browser)
        assert refused.status_code == 422
        assert "什么都没有改动" in refused.text
    assert service.post("/desk/supervision/cosign", data={"note": note}, headers=browser).status_code == 403
    sent = {"csrf": word, "note": note.replace("\n", "\r\n")}
    assert service.post("/desk/supervision/cosign", data=sent, headers=browser).status_code == 303
    size = ledger.witnesses(store)["witnesses"][0]["size"]
    assert f"签到第 {size} 条" in service.get("/desk/supervision/cosign", headers=inspector).text


@pytest.mark.parametrize(("tag", "words"), [("zh-CN", "没登记上，只说明登记里没有"), ("en", "Not to be registered says only that")])
def test_a_judge_is_told_without_signing_in_what_a_paper_does_not_prove(
    service: Caller, store: Store, tag: str, words: str
) -> None:
    """Users 2(h) 6: one page for anybody, with what a cosignature states word by word; no number of the register is in it."""
    founders(store)
    service.app.state.access.look_now()
    page = service.get("/for-judges", headers={"Cookie": f"sanquan_language={tag}"})
    assert page.status_code == 200
    assert words in page.text
    assert STATEMENT_ZH in page.text or tag == "en"
    assert "<script" not in page.text
