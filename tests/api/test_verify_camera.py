"""Does `/verify` read the code on a paper before a camera, and say of a code that was altered that the paper is not genuine?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from api.verify_page import page
from registry.ledger.publishing import create, policy_text, publish
from registry.proofs.handing import Order, hand_out
from registry.proofs.making import USUALLY, Chosen
from registry.proofs.paper import address_of, qr_of
from tests.api.chromium import CHROMIUM, browsing
from tests.api.test_verify_page import dropped
from tests.registry.made_up import CLERK

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.chromium import Tab
    from tests.registry.made_up import Village

WIDE, HIGH = 640, 480


def filmed(path: Path, text: str) -> None:
    """What a camera sees of the paper with this code: grey pictures, as YUV4MPEG2, that chromium takes for those of a camera."""
    paper, across = Image.new("L", (WIDE, HIGH), 200), 380
    modules = [bytes(0 if module else 255 for module in row) for row in qr_of(text).matrix]
    code = Image.frombytes("L", (len(modules), len(modules)), b"".join(modules)).resize(
        (across, across), Image.Resampling.BOX
    )
    sheet = Image.new("L", (across + 60, across + 60), 255)
    sheet.paste(code, (30, 30))
    turned = sheet.rotate(4, Image.Resampling.BICUBIC, expand=True, fillcolor=200)
    paper.paste(turned, ((WIDE - turned.width) // 2, (HIGH - turned.height) // 2))
    no_colour = bytes([128]) * (WIDE * HIGH // 2)
    path.write_bytes(
        f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420jpeg\n".encode() + 5 * (b"FRAME\n" + paper.tobytes() + no_colour)
    )


def seen(tab: Tab, says: str) -> str:
    """Press the button, wait until the page has read what the camera sees; the outcome."""
    tab.evaluate("document.getElementById('camera').click()")
    tab.wait_for(f"document.getElementById('answer').innerText.includes({says!r})")
    assert tab.evaluate("document.getElementById('view').hidden")
    outcome: str = tab.evaluate("document.getElementById('answer').dataset.outcome")
    return outcome


@pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium (Debian: apt install chromium): no browser looks through a camera"
)
@pytest.mark.parametrize("engine_name", ["file"], indirect=True)
def test_camera_reads_the_code_of_a_paper_and_an_altered_one_is_not_genuine(
    store: Store, village: Village, tmp_path: Path
) -> None:
    """users.md section 4: alone, which file is missing; with the file 真; one letter altered, 不是真的, as `sanquan verify`."""
    create(store, "log.example/sanquan")
    publish(store)
    made = hand_out(store, Order("person", village.people[0], Chosen(frozenset(), USUALLY), CLERK, "本人")).made
    with store.reading() as connection:
        (tmp_path / "verify.html").write_bytes(page(policy_text(connection)))
    (tmp_path / "proof.json").write_bytes(made.raw)
    printed = address_of(made.verdict)
    at = printed.index("SQ1.") + 9
    altered = printed[:at] + ("A" if printed[at] != "A" else "B") + printed[at + 1 :]
    film = tmp_path / "camera.y4m"
    filmed(film, printed)
    flags = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    with browsing(tmp_path, *flags) as tab:
        tab.visit((tmp_path / "verify.html").as_uri())
        tab.wait_for("document.body?.dataset.ready && !document.getElementById('camera').hidden")
        assert seen(tab, "还差证明文件") == "unsure"
        assert tab.evaluate("document.getElementById('text').value") == printed
        dropped(tab, tmp_path / "proof.json")
        assert tab.wait_for("document.getElementById('answer').dataset.outcome === 'good'")
        said = tab.evaluate("document.getElementById('answer').innerText")
        assert said.startswith("真 · 没变")
        assert "和纸上二维码说的是同一份" in said
        filmed(film, altered)
        assert seen(tab, "不是同一份") == "bad"
        assert tab.evaluate("document.getElementById('answer').innerText").startswith("不是真的")
        assert tab.complaints == []
        assert [each for each in tab.requested if not each.startswith(("file:", "data:", "blob:"))] == []
