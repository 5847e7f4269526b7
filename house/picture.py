"""How is the picture of the README made? `python -m house.picture` tells the demonstration and looks at two of its pages.

`/my` on a phone beside `/map` with the line from the pasture to the town, as Debian's chromium shows them, into docs/map.png.
"""

from __future__ import annotations

import asyncio
import base64
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from api.demo import stops, story
from api.demo.teller import Teller
from api.main import create_app
from api.settings import ApiSettings
from tests.api.chromium import browsing, serving

if TYPE_CHECKING:
    from fastapi import FastAPI

    from tests.api.chromium import Tab

PICTURE = Path(__file__).parent.parent / "docs" / "map.png"
HEIGHT, PHONE, MAP = 700, 360, 1100
_GAP, _EDGE, _COLOURS = 24, 2, 128


def main() -> None:
    """Make the picture again."""
    with story.demo_registry("file") as store, tempfile.TemporaryDirectory() as folder:
        told = story.tell(store, Teller(silent=True))
        app = create_app(ApiSettings(store.settings.folder, demo=stops.prepare(store, told.person)))
        asyncio.run(_taken(app, Path(folder)))


async def _taken(app: FastAPI, folder: Path) -> None:
    async with app.router.lifespan_context(app):
        with serving(app) as address, browsing(folder) as tab:
            tab.visit(f"{address}/")
            tab.tap('form[action="/demo/herder"] button')
            phone = _seen(tab, PHONE)
            tab.visit(f"{address}/")
            tab.call("Emulation.setDeviceMetricsOverride", width=MAP, height=HEIGHT, deviceScaleFactor=1, mobile=False)
            tab.tap('form[action="/demo/family"] button')
            tab.wait_for("document.getElementById('map').dataset.drawn")
            land = _seen(tab, MAP)
    whole = Image.new("RGB", (phone.width + _GAP + land.width, phone.height), "white")
    whole.paste(phone, (0, 0))
    whole.paste(land, (phone.width + _GAP, 0))
    whole.quantize(_COLOURS).save(PICTURE, optimize=True)


def _seen(tab: Tab, width: int) -> Image.Image:
    """The first screen at this width, with a thin edge."""
    tab.call("Emulation.setDeviceMetricsOverride", width=width, height=HEIGHT, deviceScaleFactor=1, mobile=width == PHONE)
    shot = tab.call("Page.captureScreenshot", format="png")["data"]
    return ImageOps.expand(Image.open(io.BytesIO(base64.b64decode(shot))).convert("RGB"), _EDGE, "#857e6e")


if __name__ == "__main__":
    main()
