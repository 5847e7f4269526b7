"""Are certificates issued, replaced and found alike over HTTP and at the terminal, and refused in words?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.v1 import models
from tests.api.conftest import TOKEN
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

CONTRACT = f"{made_up.VILLAGE_CODE}0001J"
FIRST = "内（2020）乌审旗农村土地承包经营权证第000001号"
HASH = "a" * 64


def order(what: str = "issue", **changes: Any) -> dict[str, Any]:  # noqa: ANN401  (JSON)
    """An order for the family's contract."""
    good = {
        "what": what,
        "contracts": [CONTRACT],
        "day": "2020-05-01",
        "officer": {"name": "张晓梅", "bureau": "农牧业局"},
        "sources": [HASH],
    }
    return good | changes


def sent(caller: Caller, document: dict[str, Any]) -> httpx.Response:
    """An order that is sent with the token."""
    return caller.post("/v1/certificates", json=document, headers={"Authorization": f"Bearer {TOKEN}"})


def test_service_issues_reissues_cancels_and_finds_every_number(caller: Caller, canaries: tuple[str, ...]) -> None:
    """One series; the old numbers answer for ever; no name in any answer."""
    issued = sent(caller, order())
    assert issued.status_code == 201
    assert issued.json()["certificates"] == [{"code": CONTRACT, "number": FIRST, "replaces": CONTRACT}]
    assert sent(caller, order("reissue", reason="lost", day="2021-01-04")).status_code == 201
    assert sent(caller, order("cancel", reason="权利人申请", day="2021-02-01")).status_code == 201
    got = caller.get("/v1/certificates", params={"number": FIRST})
    assert got.status_code == 200
    assert got.json()["valid"] is False
    assert {right["next_number"] for right in got.json()["rights"]} == {FIRST.replace("2020", "2021")}
    assert {right["until"]["kind"] for right in got.json()["rights"]} == {"certificate-reissued"}
    assert not [canary for canary in canaries if canary in got.text + issued.text]


@pytest.mark.parametrize(
    ("document", "status", "name"),
    [
        (order(contracts=[f"{made_up.VILLAGE_CODE}0099J"]), 404, "no-such-contract"),
        (order("reissue", reason="lost", day="2999-01-01"), 409, "certificate-refused"),
        (order("reissue"), 422, "invalid-input"),
        (order("cancel"), 422, "invalid-input"),
        (order(reason="lost"), 422, "invalid-input"),
        (order(sources=[]), 422, "invalid-input"),
        (order(contracts=["x"]), 422, "invalid-input"),
        (order(number="made up"), 422, "invalid-input"),
    ],
)
def test_order_that_cannot_be_done_is_a_problem(
    caller: Caller, document: dict[str, Any], status: int, name: str
) -> None:
    """RFC 9457; nothing is written."""
    before = caller.answer("/v1/ledger")
    got = sent(caller, document)
    assert (got.status_code, got.json()["type"]) == (status, f"urn:sanquan:problem:{name}")
    assert caller.answer("/v1/ledger") == before


def test_who_signed_for_a_certificate_is_noted_once_and_told_to_nobody(
    caller: Caller, command: Callable[..., Ended], canaries: tuple[str, ...]
) -> None:
    """领取 over HTTP: sealed; the log of papers has the act, no answer has the person; a second time is refused."""
    assert sent(caller, order()).status_code == 201
    signed = {
        "number": FIRST, "day": "2020-05-08", "name": "达楞太", "id_number": made_up.id_number(*made_up.PEOPLE[0][1:]),
        "source": HASH, "officer": {"name": "张晓梅", "bureau": "农牧业局"},
    }  # fmt: skip
    assert caller.post("/v1/certificates/receipts", json=signed).status_code == 401
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    got = caller.post("/v1/certificates/receipts", json=signed, headers=bearer)
    assert got.status_code == 201, got.text
    assert models.CertificateReceived.model_validate(got.json()).received_on == "2020-05-08"
    assert not [canary for canary in canaries if canary in got.text]
    assert "2020-05-08 领取" in command("certificate", "find", FIRST).out
    for wrong, status, name in (
        ({}, 409, "certificate-refused"),
        ({"number": "内（1900）无"}, 404, "no-such-certificate"),
        ({"id_type": "身份证"}, 422, "invalid-input"),
        ({"source": "达楞太"}, 422, "invalid-input"),
    ):
        refused = caller.post("/v1/certificates/receipts", json=signed | wrong, headers=bearer)
        assert (refused.status_code, refused.json()["type"]) == (status, f"urn:sanquan:problem:{name}")
        assert not [canary for canary in canaries if canary in refused.text]


def test_number_that_never_was_and_order_without_token_are_problems(caller: Caller) -> None:
    """404 for a number of nobody's, 401 without the token."""
    assert caller.get("/v1/certificates", params={"number": "内（1900）无"}).status_code == 404
    assert caller.get("/v1/certificates").status_code == 422
    assert caller.post("/v1/certificates", json=order()).status_code == 401


def test_command_takes_a_certificate_through_its_life(
    command: Callable[..., Ended], village: Village, tmp_path: Path
) -> None:
    """颁证, 打印, 领取, 补发, 注销 at the terminal; the log has the making, the handing over is told by its day alone."""
    source = ("--source", HASH)
    done = command("certificate", "issue", "--village", CONTRACT[:12], "--day", "2020-05-01", *source, "--json")
    assert done.code == 0, done.err
    assert [each["number"] for each in done.json["certificates"]] == [FIRST]
    out = tmp_path / "paper.pdf"
    assert command("certificate", "print", FIRST, "--purpose", "颁证", "-o", str(out)).code == 0
    assert out.read_bytes().startswith(b"%PDF")
    number = made_up.id_number(*made_up.PEOPLE[0][1:])
    handed = ("certificate", "receive", FIRST, "--name", "达楞太", "--day", "2020-05-08", *source)
    ended = command(*handed, typed=f"{number}\n")
    assert ended.code == 0, ended.err
    assert "达楞太" not in ended.out
    assert command(*handed, typed=f"{number}\n").code == 2
    told = command("certificate", "find", FIRST)
    assert "2020-05-08 领取" in told.out
    assert command("certificate", "find", FIRST, "--json").json["valid"] is True
    again = command("certificate", "reissue", CONTRACT, "--reason", "damaged", "--day", "2021-01-04", *source)
    assert again.code == 0, again.err
    assert "第000001号" in again.out
    ended = command("certificate", "cancel", CONTRACT, "--reason", "权利人申请", "--day", "2021-02-01", *source)
    assert ended.code == 0, ended.err
    assert "不是现行的证" in command("certificate", "find", FIRST).out
    log = command("sheet", "log", "--json")
    assert [row["what"] for row in log.json] == ["certificate", "certificate-received"]
    assert "达楞太" not in log.out
    assert number not in log.out


def test_certificates_of_a_village_are_printed_in_one_run(
    command: Callable[..., Ended], village: Village, tmp_path: Path
) -> None:
    """One file a contract that has a certificate, one row of the log; of a village without any nothing is written."""
    out, asked = tmp_path / "证", ("certificate", "village", CONTRACT[:12], "--purpose", "颁证", "-o", str(tmp_path / "证"))
    assert command(*asked).code == 2
    assert command("certificate", "issue", "--village", CONTRACT[:12], "--day", "2020-05-01", "--source", HASH).code == 0
    done = command(*asked)
    assert done.code == 0, done.err
    (made,) = [path for path in out.rglob("*") if path.is_file()]
    assert made.relative_to(out).as_posix() == f"{CONTRACT[:14]}/CBJYQZ{CONTRACT}.pdf"
    assert made.read_bytes().startswith(b"%PDF")
    assert [(row["what"], row["about"]) for row in command("sheet", "log", "--json").json] == [("certificate", CONTRACT[:12])]
    assert command("certificate", "village", "150626999999", "--purpose", "颁证", "-o", str(out)).code == 2
    assert command(*asked[:3], "-o", str(out)).code == 2


@pytest.mark.parametrize(
    "call",
    [
        ("certificate", "issue", "x", "--source", HASH),
        ("certificate", "issue", CONTRACT, "--source", "not a hash"),
        ("certificate", "issue", "--source", HASH),
        ("certificate", "issue", CONTRACT),
        ("certificate", "find", "内（1900）无"),
        ("certificate", "print", "内（1900）无", "--purpose", "x", "-o", "nowhere.pdf"),
        ("certificate", "cancel", CONTRACT, "--reason", " ", "--source", HASH),
    ],
)
def test_command_that_cannot_be_done_says_so_in_both_languages(
    command: Callable[..., Ended], village: Village, call: tuple[str, ...]
) -> None:
    """Ends with 2; nothing is registered and nothing logged."""
    ended = command(*call)
    assert ended.code == 2
    assert ended.err
    assert command("sheet", "log", "--json").json == []
