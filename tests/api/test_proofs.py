"""Do certificates leave through both doors alike, masked and logged, and does `sanquan verify` answer with one exit code a step?"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter

from registry.ledger.publishing import create, policy_text, publish
from registry.ledger.verify.certificate import verify
from registry.ledger.verify.note import parse_policy
from registry.ledger.verify.single import code_of
from registry.proofs.paper import FILE
from tests.api.conftest import TOKEN
from tests.registry import made_up
from tests.registry.ledger.verify.test_certificate import NAMES, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

BEARER = {"Authorization": f"Bearer {TOKEN}"}
HOUSEHOLD = f"{made_up.VILLAGE_CODE}0001"
ORDER = {"purpose": "办理贷款", "officer": "经办人甲"}


@pytest.fixture
def policy(store: Store, village: Village, tmp_path: Path) -> Path:
    """The policy of the family's log, which is published."""
    create(store, "log.example/sanquan")
    publish(store)
    path = tmp_path / "policy"
    with store.reading() as connection:
        path.write_text(policy_text(connection), encoding="utf-8")
    return path


def test_service_hands_out_what_a_stranger_verifies_and_no_name(
    caller: Caller, village: Village, policy: Path, canaries: tuple[str, ...]
) -> None:
    """Person and household, JSON and PDF with the same JSON inside; the file is verified with the policy alone."""
    trusted = parse_policy(policy.read_text(encoding="utf-8"))
    for path in (f"/v1/persons/{village.people[0]}/certificate", f"/v1/households/{HOUSEHOLD}/certificate"):
        got = caller.post(path, json=ORDER, headers=BEARER)
        assert got.status_code == 200, got.text
        assert got.headers["cache-control"] == "no-store"
        assert verify(got.content, trusted).word == "unchanged"
        pdf = caller.post(path, json=ORDER | {"form": "pdf", "show": ["facts", "shape", "person"]}, headers=BEARER)
        reader = PdfReader(io.BytesIO(pdf.content))
        assert verify(reader.attachments[FILE][0], trusted).word == "unchanged"
        text = "".join(page.extract_text() for page in reader.pages)
        assert "没变" in text
        assert "漏登" in text
        assert "演示" in text
        assert not [canary for canary in canaries if canary in text + got.text]


@pytest.mark.parametrize(
    ("order", "status", "name"),
    [
        (ORDER | {"purpose": " "}, 422, "invalid-input"),
        (ORDER | {"show": ["names"]}, 422, "invalid-input"),
        (ORDER | {"things": ["no such thing"]}, 404, "nothing-to-prove"),
    ],
)
def test_service_refuses_in_words(
    caller: Caller, village: Village, policy: Path, order: dict[str, object], status: int, name: str
) -> None:
    """Names are told on the register's own machine only; nothing is made without a purpose."""
    got = caller.post(f"/v1/persons/{village.people[0]}/certificate", json=order, headers=BEARER)
    assert (got.status_code, got.json()["type"]) == (status, f"urn:sanquan:problem:{name}")


def test_service_asks_for_the_token_and_a_published_log(caller: Caller, village: Village) -> None:
    """A making is a record, so it needs the token; what is not signed is not proved."""
    path = f"/v1/persons/{village.people[0]}/certificate"
    assert caller.post(path, json=ORDER).status_code == 401
    for got in (caller.post(path, json=ORDER, headers=BEARER), caller.get("/v1/ledger/entries/0/proof")):
        assert (got.status_code, got.json()["type"]) == (409, "urn:sanquan:problem:log-not-published")


def test_proof_of_an_entry_is_for_anybody(
    caller: Caller, policy: Path, command: Callable[..., Ended], tmp_path: Path
) -> None:
    """The same text through both doors, verified by the command."""
    got = caller.get("/v1/ledger/entries/3/proof")
    assert got.status_code == 200
    file = tmp_path / "3.tlog-proof"
    assert command("proof", "entry", "3", str(file)).code == 0
    assert file.read_bytes() == got.content
    assert command("verify", str(file), "--policy", str(policy), "--json").json["index"] == 3
    beyond = caller.get("/v1/ledger/entries/99999/proof")
    assert (beyond.status_code, beyond.json()["type"]) == (404, "urn:sanquan:problem:entry-not-published")


def test_command_makes_and_verifies_a_paper_and_its_code(
    command: Callable[..., Ended], village: Village, policy: Path, tmp_path: Path, canaries: tuple[str, ...]
) -> None:
    """Users section 4: the answer begins with 真, names what is unchanged, until when, and what is not proved."""
    pdf, other = tmp_path / "a.pdf", tmp_path / "b.json"
    shown = command("proof", "show", "--person", village.people[0])
    assert (shown.code, [canary for canary in canaries if canary in shown.out]) == (0, [])
    assert command("proof", "make", str(pdf), "--person", village.people[0], "--purpose", "办理贷款").code == 0
    assert (
        command("proof", "make", str(other), "--household", HOUSEHOLD, "--purpose", "诉讼", "--show", "names").code == 0
    )
    said = command("verify", str(pdf), "--policy", str(policy))
    lines = said.out.splitlines()
    assert said.code == 0
    assert lines[0].startswith("真")
    order = [
        next(n for n, line in enumerate(lines) if word in line)
        for word in ("姓名", "没变:", "截至", "签名:", "没有证明", "漏登")
    ]
    assert order == sorted(order)
    assert "达楞太" in command("verify", str(other), "--policy", str(policy)).out
    raw = PdfReader(pdf).attachments[FILE][0]
    code = code_of(verify(raw, parse_policy(policy.read_text(encoding="utf-8"))))
    url = f"https://log.example/v#{code}"
    assert command("verify", str(pdf), "--policy", str(policy), "--code", url, "--details").code == 0
    assert command("verify", str(other), "--policy", str(policy), "--code", code).code == 20
    assert command("verify", str(pdf), "--policy", str(policy), "--code", "SQ1.AAAA").code == 20


def test_statement_as_a_file_is_verified_like_a_certificate(
    command: Callable[..., Ended], caller: Caller, village: Village, policy: Path, tmp_path: Path, canaries: tuple[str, ...]
) -> None:
    """`sanquan statement --out`, and the route: the certificate is inside; over HTTP nobody is named."""
    person, pdf = village.people[0], tmp_path / "a.pdf"
    said = command("statement", "--person", person, "--out", str(pdf), "--purpose", "办理贷款")
    assert said.code == 0
    assert "sanquan-certificate.json" in said.out
    assert command("verify", str(pdf), "--policy", str(policy)).code == 0
    got = caller.post(f"/v1/persons/{person}/statement", json=ORDER, headers=BEARER)
    assert (got.status_code, got.headers["cache-control"]) == (200, "no-store")
    assert got.json()["proof"]["proved"]
    paper = caller.post(f"/v1/persons/{person}/statement", json=ORDER | {"form": "pdf"}, headers=BEARER)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert not [canary for canary in canaries if canary in text + got.text]
    assert caller.post(f"/v1/persons/{person}/statement", json=ORDER).status_code == 401
    assert caller.post(f"/v1/persons/{person}/statement", json=ORDER | {"event": 0}, headers=BEARER).status_code == 404


def test_statement_as_a_file_refuses_what_it_can_not_prove(
    command: Callable[..., Ended], village: Village, tmp_path: Path
) -> None:
    """Of today, for a purpose, as PDF or JSON; nothing is written otherwise."""
    pdf = tmp_path / "a.pdf"
    for more in (["--purpose", "x", "--valid-at", "2018-01-01"], ["--purpose", " "], []):
        assert command("statement", "--person", village.people[0], "--out", str(pdf), *more).code == 2
    assert command("statement", "--person", village.people[0], "--out", "a.txt", "--purpose", "x").code == 2
    assert list(tmp_path.glob("*.pdf")) == []


def test_command_refuses_what_it_can_not_do(command: Callable[..., Ended], policy: Path, tmp_path: Path) -> None:
    """A policy never comes from the paper; words and file names are checked before anything is made."""
    file = tmp_path / "x.json"
    file.write_bytes(b"{}")
    bad = tmp_path / "bad"
    bad.write_text("quorum", encoding="utf-8")
    make = ("proof", "make", "--person", "p", "--purpose", "办理贷款")
    for arguments in (
        ("verify", str(file)),
        ("verify", str(file), "--policy", str(bad)),
        (*make, str(tmp_path / "x.txt")),
        (*make, str(file), "--show", "everything"),
    ):
        ended = command(*arguments)
        assert (ended.code, "Traceback" in ended.err) == (2, False), arguments


def test_pdf_without_its_certificate_can_not_be_decided(
    command: Callable[..., Ended], policy: Path, tmp_path: Path
) -> None:
    """A scan of a print proves nothing either way: exit 10, 查不了."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "blank.pdf")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nbroken")
    for name in ("blank", "broken"):
        ended = command("verify", str(tmp_path / f"{name}.pdf"), "--policy", str(policy))
        assert (ended.code, ended.out.split(maxsplit=1)[0]) == (10, "查不了")


@pytest.mark.parametrize("engine_name", ["file"], indirect=True)
def test_each_step_that_fails_has_its_exit_code(command: Callable[..., Ended], tmp_path: Path) -> None:
    """One vector a step through the command; a paper that is only undecided says 查不了, never 不是真的."""
    seen = set()
    for name in NAMES:
        raw, policy, expected = read(name)
        code = expected.get("exit", 0)
        if (code, expected.get("undecided")) in seen:
            continue
        seen.add((code, expected.get("undecided")))
        (tmp_path / "policy").write_text(policy, encoding="utf-8")
        (tmp_path / "file").write_bytes(raw)
        ended = command("verify", str(tmp_path / "file"), "--policy", str(tmp_path / "policy"))
        word = "查不了" if expected.get("undecided") else "不是真的" if code else "真"
        assert (ended.code, ended.out.split(maxsplit=1)[0]) == (code, word), name
        told = command("verify", str(tmp_path / "file"), "--policy", str(tmp_path / "policy"), "--json").json
        assert {key: told[key] for key in expected} == json.loads(json.dumps(expected))
    assert {code for code, _ in seen} == {0, *range(11, 20)}
