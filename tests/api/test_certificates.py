"""Are certificates due, found, printed and handed over alike over HTTP and at the terminal, and refused in words?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.v1 import models
from tests.api.conftest import TOKEN
from tests.registry import made_up
from tests.registry.cases.walking import Example, Walker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

CONTRACT = f"{made_up.VILLAGE_CODE}0001J"
HASH = "a" * 64


def issued(walker: Walker, request: dict[str, Any] | None = None, kind: str = "certificate-issued") -> None:
    """A case about the family's certificate, walked to its end."""
    walker.walk(kind, Example([walker.village.rights["contract-grass"]], request or {}))


def first_number(walker: Walker) -> str:
    """The number that the first certificate of this year has."""
    return f"内（{walker.today()[:4]}）乌审旗农村土地承包经营权证第000001号"


@pytest.fixture
def walker(store: Store, village: Village) -> Walker:
    """Somebody who walks cases of the family."""
    return Walker(store, village)


def test_service_finds_every_number_that_cases_gave(
    caller: Caller, walker: Walker, canaries: tuple[str, ...]
) -> None:
    """One series; the old numbers answer for ever; no name in any answer."""
    issued(walker)
    issued(walker, {"reason": "damaged"}, "certificate-renewed")
    issued(walker, kind="certificate-cancelled")
    got = caller.get("/v1/certificates", params={"number": first_number(walker)})
    assert got.status_code == 200
    assert got.json()["valid"] is False
    assert {right["next_number"] for right in got.json()["rights"]} == {first_number(walker).replace("000001", "000002")}
    assert {right["until"]["kind"] for right in got.json()["rights"]} == {"certificate-reissued"}
    assert not [canary for canary in canaries if canary in got.text]


def test_contracts_that_wait_for_their_certificate_are_told_with_their_case(
    caller: Caller, command: Callable[..., Ended], walker: Walker
) -> None:
    """The same behind both doors: opened as it is, the case issues them; then none is due."""
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    got = caller.get("/v1/certificates/due", params={"village": CONTRACT[:12]}, headers=bearer)
    told = models.CertificatesDue.model_validate(got.json())
    assert (told.contracts, told.cases["forestry"]) == ([CONTRACT], None)
    assert CONTRACT in command("certificate", "due", CONTRACT[:12]).out
    assert command("certificate", "due", CONTRACT[:12], "--case", "forestry").code == 2
    case = command("certificate", "due", CONTRACT[:12], "--case", "agriculture").json
    assert case == got.json()["cases"]["agriculture"]
    walker.walk(case["kind"], Example(case["subject"], case["request"]))
    assert command("certificate", "due", CONTRACT[:12], "--json").json["contracts"] == []
    assert caller.get("/v1/certificates/due", headers=bearer).status_code == 422
    assert caller.post("/v1/certificates", json={}, headers=bearer).status_code == 405


def test_who_signed_for_a_certificate_is_noted_once_and_told_to_nobody(
    caller: Caller, command: Callable[..., Ended], walker: Walker, canaries: tuple[str, ...]
) -> None:
    """领取 over HTTP: sealed; the log of papers has the act, no answer has the person; a second time is refused."""
    issued(walker)
    number, today = first_number(walker), walker.today()
    signed = {
        "number": number, "day": today, "name": "达楞太", "id_number": made_up.id_number(*made_up.PEOPLE[0][1:]),
        "source": HASH, "officer": {"name": "张晓梅", "bureau": "农牧业局"},
    }  # fmt: skip
    assert caller.post("/v1/certificates/receipts", json=signed).status_code == 401
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    got = caller.post("/v1/certificates/receipts", json=signed, headers=bearer)
    assert got.status_code == 201, got.text
    assert models.CertificateReceived.model_validate(got.json()).received_on == today
    assert not [canary for canary in canaries if canary in got.text]
    assert f"{today} 领取" in command("certificate", "find", number).out
    for wrong, status, name in (
        ({}, 409, "certificate-refused"),
        ({"number": "内（1900）无"}, 404, "no-such-certificate"),
        ({"id_type": "身份证"}, 422, "invalid-input"),
        ({"source": "达楞太"}, 422, "invalid-input"),
    ):
        refused = caller.post("/v1/certificates/receipts", json=signed | wrong, headers=bearer)
        assert (refused.status_code, refused.json()["type"]) == (status, f"urn:sanquan:problem:{name}")
        assert not [canary for canary in canaries if canary in refused.text]


def test_number_that_never_was_is_a_problem(caller: Caller) -> None:
    """404 for a number of nobody's, 422 for none."""
    assert caller.get("/v1/certificates", params={"number": "内（1900）无"}).status_code == 404
    assert caller.get("/v1/certificates").status_code == 422


def test_command_takes_a_certificate_through_its_life(command: Callable[..., Ended], walker: Walker, tmp_path: Path) -> None:
    """打印, 领取 at the terminal; the log has the making, the handing over is told by its day alone."""
    issued(walker)
    number = first_number(walker)
    out = tmp_path / "paper.pdf"
    assert command("certificate", "print", number, "--purpose", "颁证", "-o", str(out)).code == 0
    assert out.read_bytes().startswith(b"%PDF")
    id_number = made_up.id_number(*made_up.PEOPLE[0][1:])
    handed = ("certificate", "receive", number, "--name", "达楞太", "--day", walker.today(), "--source", HASH)
    ended = command(*handed, typed=f"{id_number}\n")
    assert ended.code == 0, ended.err
    assert "达楞太" not in ended.out
    assert command(*handed, typed=f"{id_number}\n").code == 2
    told = command("certificate", "find", number)
    assert f"{walker.today()} 领取" in told.out
    assert command("certificate", "find", number, "--json").json["valid"] is True
    issued(walker, kind="certificate-cancelled")
    assert "不是现行的证" in command("certificate", "find", number).out
    log = command("sheet", "log", "--json")
    assert [row["what"] for row in log.json] == ["certificate", "certificate-received"]
    assert "达楞太" not in log.out
    assert id_number not in log.out


def test_prints_that_went_wrong_are_counted(caller: Caller, command: Callable[..., Ended], walker: Walker, tmp_path: Path) -> None:
    """作废证书本: what was printed again with that word, alike at the terminal and over HTTP; a first print is none."""
    issued(walker)
    number = first_number(walker)
    asked = ("certificate", "print", number, "--purpose", "颁证", "-o", str(tmp_path / "paper.pdf"))
    for spoiled in ((), ("--spoiled",)):
        assert command(*asked, *spoiled).code == 0
    told = command("certificate", "spoiled", "--json").json
    assert (told["count"], told["spoiled"][0]["number"]) == (1, number)
    assert number in command("certificate", "spoiled").out
    got = caller.get("/v1/certificates/spoiled", headers={"Authorization": f"Bearer {TOKEN}"})
    assert models.SpoiledCertificates.model_validate(got.json()).model_dump() == told


def test_certificates_of_a_village_are_printed_in_one_run(command: Callable[..., Ended], walker: Walker, tmp_path: Path) -> None:
    """One file a contract that has a certificate, one row of the log; of a village without any nothing is written."""
    out, asked = tmp_path / "证", ("certificate", "village", CONTRACT[:12], "--purpose", "颁证", "-o", str(tmp_path / "证"))
    assert command(*asked).code == 2
    issued(walker)
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
        ("certificate", "due", "x"),
        ("certificate", "find", "内（1900）无"),
        ("certificate", "print", "内（1900）无", "--purpose", "x", "-o", "nowhere.pdf"),
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
