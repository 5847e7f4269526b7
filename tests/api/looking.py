"""Does a page hold for whoever looks at it: on a phone, an old PC and a wide screen, in both languages, with eyes or without?

Each is kept as a picture; `./run test` keeps them below `out/pages/`.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from house.browser_scripts import JUDGES, fetch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.api.chromium import Tab

WIDTHS = (360, 1366, 1920)
LANGUAGES = ("zh-CN", "en")
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "sanquan-tests"
_TOO_WIDE = """document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("main *")].filter(
  (each) => each.getBoundingClientRect().right > innerWidth && !each.closest(".scrolls")).map(
  (each) => `${each.tagName} ${each.className} ${each.name || ""} reaches past the window`).slice(0, 5)"""
"""What reaches past the window, tables that scroll by themselves left out."""
DRAWN = """(document.getElementById("land")?.dataset.ready ?? "yes") === "yes" &&
  [...document.querySelectorAll("#map, .land-map:not([hidden])")].every((map) => map.dataset.drawn &&
    map.querySelector(".maplibregl-canvas").clientWidth === map.clientWidth)"""
"""Every map of the page has its parcels, and is as wide as it has room: the page itself tells when (`data-drawn`)."""
_LOOK_THROUGH = """axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations
  .filter((v) => ['serious', 'critical'].includes(v.impact))
  .map((v) => v.id + ' ' + v.nodes.map((n) => n.target.join(' ') + ': ' + n.failureSummary).join(' | ')))"""


@cache
def axe() -> str:
    """axe-core, as npm has it."""
    fetch(_CACHE / "axe", JUDGES)
    return next((_CACHE / "axe").glob("axe-core-*.js")).read_text("utf-8")


def looked_through(tab: Tab) -> list[str]:
    """What axe-core calls serious or critical on the page that is shown."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(f"{axe()}; true")
    found: list[str] = tab.evaluate(_LOOK_THROUGH)
    return found


def pictures(folder: Path) -> Path:
    """Where the pictures of a run are kept, or the folder of the test where nobody says where."""
    kept = Path(os.environ.get("SANQUAN_TEST_PICTURES", folder / "pages"))
    kept.mkdir(parents=True, exist_ok=True)
    return kept


def faults_of(tab: Tab, address: str, pages: Iterable[tuple[str, str]], kept: Path) -> list[tuple[str, ...]]:
    """Show each page (its name, its path) at every width and in both languages; what is wrong with it. A picture of each stays."""
    found: list[tuple[str, ...]] = []
    for language in LANGUAGES:
        tab.call("Network.setCookie", name="sanquan_language", value=language, url=address)
        for name, path in pages:
            tab.visit(f"{address}{path}")
            found += [(path, language, *each) for each in faults_shown(tab, name, language, kept)]
    return found


def faults_shown(tab: Tab, name: str, language: str, kept: Path) -> list[tuple[str, str]]:
    """What is wrong, by width, with the page that is shown, an answer to a form as well."""
    found: list[tuple[str, str]] = []
    for width in WIDTHS:
        (kept / f"{name}-{language}-{width}.jpg").write_bytes(tab.whole_picture(width, DRAWN))
        found += [(str(width), each) for each in tab.evaluate(_TOO_WIDE)]
        if language == LANGUAGES[0] and width < WIDTHS[-1]:  # in the other language it is the same page
            found += [(str(width), each) for each in looked_through(tab)]
    return found
