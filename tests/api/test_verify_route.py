"""Is the page `/verify` handed out whole, by the service and onto a stick, with the keys of this registry inside?"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.verify_page import page
from registry.ledger.publishing import create, policy_text
from registry.ledger.verify import words
from tests.api.chromium import CHROMIUM, browsing

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended

SAMPLES = Path(__file__).parents[2] / "api" / "pages" / "verify"
IN_THE_PAGE = re.compile(r'<pre id="policy">(.*?)</pre>', re.DOTALL)


def policy_inside(text: str) -> str:
    """The list of keys that a page trusts."""
    found = IN_THE_PAGE.search(text)
    assert found is not None
    return html.unescape(found.group(1))


def test_service_hands_out_the_page_with_the_keys_of_its_log(caller: Caller, store: Store) -> None:
    """No key, no list; with one, the list that the log makes. Nobody may frame it, and no cache keeps an old list."""
    before = caller.get("/verify")
    assert (before.status_code, policy_inside(before.text)) == (200, "")
    create(store, "log.example/sanquan")
    got = caller.get("/verify")
    with store.reading() as connection:
        policy = policy_text(connection)
    assert policy.startswith("log log.example/sanquan+")
    assert policy_inside(got.text) == policy
    assert got.content == page(policy)
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert got.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["referrer-policy"] == "no-referrer"
    assert got.headers["cache-control"] == "no-cache"


def test_page_itself_allows_no_request(caller: Caller) -> None:
    """Its own policy of content has nothing to load from, whoever serves it and from a stick."""
    text = caller.get("/verify").text
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert not re.search(r"(?:https?:|//)|unsafe|\*|'self'", policy)
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=\"(?!data:)", text)


def test_page_has_the_words_of_the_verifier_and_none_beside_them(caller: Caller) -> None:
    """One table: what the page is served with is registry/ledger/verify/words.py, and its own script spells none of it again."""
    text = caller.get("/verify").text
    found = re.search(r"^Sanquan.words = (\{.*\});$", text, re.MULTILINE)
    assert found is not None
    tables = (words.THINGS, words.HAPPENED, words.EVENTS, words.VERDICTS, words.SAID)
    names = ("things", "kinds", "events", "verdicts", "said")
    assert json.loads(found.group(1)) == {
        name: {word: list(both) for word, both in table.items()} for name, table in zip(names, tables, strict=True)
    }
    own = "".join(path.read_text("utf-8") for path in SAMPLES.glob("*.js"))
    # A word as short as 地块 stands in other sentences, too.
    spelled = (f'"{zh}"' if len(zh) <= 4 else zh for table in tables for zh, _ in table.values())
    assert [text for text in spelled if text in own] == []


def test_scanned_code_leads_to_the_page(caller: Caller) -> None:
    """The address on a paper is /v#…; what follows # is never sent, so the answer can't depend on it."""
    got = caller.get("/v")
    assert (got.status_code, got.headers["location"]) == (303, "/verify")


def test_page_is_taken_along_on_a_stick(command: Callable[..., Ended], store: Store, tmp_path: Path) -> None:
    """`sanquan proof page`: the registry's own list or one of the bureau's; a page that trusts nobody is not written."""
    out = tmp_path / "verify.html"
    refused = command("proof", "page", str(out))
    assert (refused.code, out.exists()) == (2, False)
    assert "sanquan key create" in refused.err
    create(store, "log.example/sanquan")
    assert command("proof", "page", str(out)).code == 0
    with store.reading() as connection:
        assert out.read_bytes() == page(policy_text(connection))
    other = tmp_path / "policy"
    other.write_bytes((SAMPLES / "sample-policy.txt").read_bytes())
    said = command("proof", "page", str(out), "--policy", str(other))
    assert said.code == 0
    assert other.read_text("utf-8").strip() in said.out
    assert policy_inside(out.read_text("utf-8")) == other.read_text("utf-8")
    before = out.read_bytes()
    other.write_bytes(b"log nothing\n")
    assert command("proof", "page", str(out), "--policy", str(other)).code == 2
    assert out.read_bytes() == before


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium (Debian: apt install chromium): no browser shows the page")
def test_page_without_keys_says_so_and_calls_nothing_false(tmp_path: Path) -> None:
    """Before the first key: told at once and for any file; the samples work, and so does a list that is chosen."""
    (tmp_path / "verify.html").write_bytes(page(""))
    with browsing(tmp_path) as tab:
        tab.visit((tmp_path / "verify.html").as_uri())
        tab.wait_for("document.body && document.body.dataset.ready")

        def chosen(field: str, path: Path) -> None:
            tab.brings(field, [path])

        def outcome(word: str) -> str:
            tab.wait_for(f"document.getElementById('answer').dataset.outcome === '{word}'")
            said: str = tab.evaluate("document.getElementById('answer').innerText")
            return said

        assert "本页还没有信任名单" in outcome("unsure")
        tab.evaluate("document.getElementById('good').click()")
        outcome("good")
        chosen("#file", SAMPLES / "sample.json")
        assert "本页还没有信任名单" in outcome("unsure")
        chosen("#other", SAMPLES / "sample-policy.txt")
        outcome("")
        chosen("#file", SAMPLES / "sample.json")
        outcome("good")
        assert tab.complaints == []
