"""An inspector's two months in a real browser: seal, cosign, draw; then a stranger draws the same over http, without a registry.

Its pages are looked at with what stands on them then.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from registry import witnessing
from registry.ledger import publishing
from registry.ledger.commit import Officer
from registry.ledger.drawing import hash_of
from registry.ledger.published import place
from registry.ledger.publishing import policy_text
from registry.ledger.read import leaves
from registry.ledger.verify.note import parse_policy
from registry.looks.keeping import looked
from registry.supervision.redrawing import redraw
from registry.witness import keys
from registry.witness import settings as witness_settings
from registry.witness.protocol import Witness
from registry.witness.stick import cosign
from registry.witness.store import Store as WitnessStore
from tests.api.access_people import holder_of_role, service, session_of
from tests.api.chromium import CHROMIUM, browsing, serving
from tests.api.ending import ending
from tests.api.looking import faults_of, pictures
from tests.registry.accounts.people import founders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.chromium import Tab
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

__all__ = ["service"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")
NUMBER = "7d" * 32
PAGES = ("", "/refused", "/soon-after", "/odd-looks", "/conditions", "/sample", "/cosign")


@pytest.fixture
def address(service: Caller) -> Iterator[str]:
    """The service on loopback, as `sanquan serve` does."""
    with serving(service.app) as at:
        yield at


def show(tab: Tab, address: str) -> str:
    """Go to an address and read what stands there."""
    tab.visit(address)
    return str(tab.evaluate("document.body.innerText"))


def send(tab: Tab, form: str, name: str, value: str) -> str:
    """Type into a form of the page, press its button, read what comes."""
    tab.evaluate(f"document.querySelector({json.dumps(form)}).elements[{json.dumps(name)}].value = {json.dumps(value)}")
    tab.evaluate("document.documentElement.dataset.left = '1'")
    tab.evaluate(f"document.querySelector({json.dumps(form)}).querySelector('button').click()")
    tab.wait_for("document.readyState === 'complete' && !document.documentElement.dataset.left")
    return str(tab.evaluate("document.body.innerText"))


def signed_in(tab: Tab, address: str, token: str) -> None:
    """A session's cookie, as signing in sets it."""
    tab.call("Network.setCookie", name="sanquan_session", value=token, url=address)


def form_of(what: str) -> str:
    """One of the two forms of the sample."""
    return f"form:has(input[value={what}])"


def test_the_inspectors_sample_is_drawn_again_by_a_stranger(
    service: Caller, store: Store, village: Village, address: str, tmp_path: Path, command: Callable[..., Ended]
) -> None:
    """Sealed in November, the request out and the note back, drawn in December by the page; redrawn from the log alone."""
    now = [dt.datetime(2026, 12, 10, 1, tzinfo=dt.UTC)]
    store.clock = service.app.state.store.clock = lambda: now[0]
    account = holder_of_role(store, founders(store), "supervision", village)
    service.app.state.access.look_now()
    at_work = replace(_witness(store, tmp_path), now=lambda: int(now[0].timestamp()))
    for _ in range(5):
        looked(store, Officer("王建国", "国土局"), village.people[3], "rights", "柜台查询")
    with browsing(tmp_path) as tab:
        assert "登录" in show(tab, f"{address}/desk/supervision")
        token = session_of(store, account)
        signed_in(tab, address, token)
        assert "没有封存数" in show(tab, f"{address}/desk/supervision")
        show(tab, f"{address}/desk/supervision/sample")
        assert "已经封存过一个数" not in send(tab, form_of("seal"), "given", hash_of(NUMBER))
        assert "已经封存过一个数" in send(tab, form_of("seal"), "given", hash_of("00" * 32))
        now[0] = dt.datetime(2027, 1, 4, 2, tzinfo=dt.UTC)
        token = session_of(store, account)
        signed_in(tab, address, token)
        show(tab, f"{address}/desk/supervision/sample")
        assert "还没有监督签过的检查点" in send(tab, form_of("draw"), "given", NUMBER)
        publishing.publish(store)
        assert "不证明登记内容真实" in show(tab, f"{address}/desk/supervision/cosign")
        note = _signed_elsewhere(address, token, at_work, tmp_path)
        assert "签到第" in send(tab, "main form", "note", note)
        show(tab, f"{address}/desk/supervision/sample")
        told = send(tab, form_of("draw"), "given", NUMBER)
        assert "只抽一次" in told
        publishing.publish(store)
        witnessing.take(store, _signed_elsewhere(address, token, at_work, tmp_path).encode())
        drawn = re.findall(r"[A-Za-z0-9_-]{43}", told)
        shown = [(f"drawn{path.replace('/', '-')}", f"/desk/supervision{path}") for path in PAGES]
        assert faults_of(tab, address, shown if not store.on_postgresql else shown[:1], pictures(tmp_path)) == []
        assert [each for each in tab.requested if not each.startswith((address, "data:"))] == []
    policy = tmp_path / "policy.txt"
    with store.reading() as connection:
        policy.write_text(policy_text(connection), "utf-8")
        told_by_log = [entry.decode() for entry in leaves(connection)]
    log = ending(store, tmp_path)
    # Two entries of keys since the witness was named: the seal that was given first, and the number that opens it, each once.
    assert [word for word in log if word[0] not in "RHS"][-2:] == ["K", "K"]
    assert [sum(word in entry for entry in told_by_log) for word in (hash_of(NUMBER), hash_of("00" * 32))] == [1, 0]
    assert len(drawn) == 1
    by_http = redraw(place(f"{address}/ledger"), "2027-01", parse_policy(policy.read_text("utf-8")))
    assert (list(by_http.drawn), by_http.faults) == (drawn, ())
    folder = str(store.settings.published)
    by_folder = command("sample", "redraw", folder, "2027-01", "--policy", str(policy), "--json")
    # The service runs in this process, too: its own lines may stand around the answer.
    answer, _ = json.JSONDecoder().raw_decode(by_folder.out[by_folder.out.index("{\n") :])
    assert (by_folder.code, answer["drawn"], answer["faults"]) == (0, drawn, [])
    assert len(by_http.unproved) == len(answer["unproved"]) + 1
    assert drawn[0] in command("sample", "redraw", folder, "2027-01", "--policy", str(policy)).out
    assert command("sample", "redraw", folder, "2027-02", "--policy", str(policy)).code == 1


def _witness(store: Store, tmp_path: Path) -> Witness:
    """The bureau's own program, named on the log."""
    vkey = publishing.create(store, "log.example/sanquan", None)
    folder = tmp_path / "witness"
    folder.mkdir()
    signer = keys.create(folder / keys.KEY_FILE, "bureau.example/jiancha", "ten herders and a dog")
    made = witness_settings.create(folder, str(vkey), tmp_path / "elsewhere")
    witnessing.trust(store, str(signer.key), "jiancha", quorum=True)
    publishing.publish(store)
    return Witness(made, WitnessStore(made.store_file), signer)


def _signed_elsewhere(address: str, token: str, witness: Witness, tmp_path: Path) -> str:
    """What the page hands out, carried to the witness, signed there; the note."""
    got = httpx.get(f"{address}/desk/supervision/cosign/request", headers={"Authorization": f"Bearer {token}"})
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        archive.extractall(tmp_path)
        stick = tmp_path / archive.namelist()[0].partition("/")[0]
    assert cosign(witness, stick).cosigned
    return (stick / "answer" / "checkpoint").read_text("utf-8")
