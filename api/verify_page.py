"""How does anybody check a proof in a browser, with the network off: `/verify`, one page that can be kept on a stick?

Everything is inside the one file: its own scripts, those of others (house/browser_scripts.py), the keys that it trusts, a good
and a broken sample. Its policy of content forbids every request, so what is dropped on it can't leave the device.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from registry.ledger.publishing.keys_on_log import policy_text
from registry.ledger.verify import words
from registry.ledger.verify.replay import CLASS_R_KINDS

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

router = APIRouter()
OWN = ("crypto", "strict", "note", "proofs", "form", "verdict", "certificate", "papers", "words", "page", "camera")
"""Scripts of ours, in the order in which they need each other."""


@router.get("/verify", include_in_schema=False)
def verify(request: Request) -> Response:
    """The page with the keys of this registry."""
    with request.app.state.store.reading() as connection:
        policy = policy_text(connection)
    return Response(
        page(policy),
        media_type="text/html; charset=utf-8",
        headers={
            # A header besides the page's own <meta>: `frame-ancestors` holds in a header only.
            "Content-Security-Policy": "frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
            "Cache-Control": "no-cache",
        },
    )


@router.get("/v", include_in_schema=False)
def scanned() -> Response:
    """Where the code on a paper leads. What follows # stays in the browser and comes along."""
    return RedirectResponse("/verify", 303)


def page(policy: str) -> bytes:
    """The whole page as it is saved, with this policy (c2sp.org/tlog-policy) inside."""
    style, script = (_ours() / "verify.css").read_text("utf-8"), _script()
    parts = {
        "policy_of_content": (
            f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        ),
        "style": style,
        "script": script,
        "policy": _escaped(policy),
        "sample": json.dumps(_sample(), ensure_ascii=True).replace("<", "\\u003c"),
    }
    whole = (_ours() / "verify.html").read_text("utf-8")
    for name, text in parts.items():
        whole = whole.replace("{{ " + name + " }}", text)
    return whole.encode()


@cache
def _script() -> str:
    """Scripts of others, then ours. A closing tag in one of them would end the element early."""
    theirs = sorted((_pages() / "scripts").iterdir(), key=lambda each: each.name)
    texts = [each.read_text("utf-8") for each in theirs]
    texts += [_words() if name == "words" else (_ours() / f"{name}.js").read_text("utf-8") for name in OWN]
    return "\n;".join(texts).replace("</script", "<\\/script")


def _words() -> str:
    """The public list of causes with whether each asks for consent, and the words of the verifier: the page has none of its own."""
    told = {
        "things": dict(words.THINGS),
        "kinds": dict(words.HAPPENED),
        "events": dict(words.EVENTS),
        "verdicts": dict(words.VERDICTS),
        "said": dict(words.SAID),
    }
    return f"Sanquan.kinds = {json.dumps(dict(CLASS_R_KINDS))};\nSanquan.words = {json.dumps(told, ensure_ascii=False)};"


def _sample() -> dict[str, str]:
    """A proof of made-up people and the policy that it verifies under."""
    return {
        "certificate": (_ours() / "sample.json").read_text("utf-8"),
        "policy": (_ours() / "sample-policy.txt").read_text("utf-8"),
    }


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _ours() -> Traversable:
    return _pages() / "verify"


def _pages() -> Traversable:
    return resources.files("api") / "pages"
