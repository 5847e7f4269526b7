"""How is a village put up for public notice: its land on tiles (公示图), a list to be signed (公示表), a code on each sheet?

Each sheet has one page, signed on paper and scanned. Its *code* names village, round, sheet and how many there are, day
and a digest of what is printed, as text and as QR: a scan is filed by it (`registry.sheets.filing`), and a sheet that was
printed from another state of the register is told apart.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import segno
import shapely

from gis.cartography import MapFeature
from gis.sheets import (
    ROUND_SCALES,
    Column,
    Sheet,
    SheetCode,
    SheetMap,
    SheetTable,
    TooLargeForASheet,
    centred,
    extent,
    paper,
)
from gis.sheets.extract import extract_map
from gis.sheets.rendering import sheet_data
from registry.exports.scope import VillageNotFoundError
from registry.parcels import read as parcels
from registry.sheets import parts
from registry.sheets.land import AsOf, Land, land_of, states_of_villages
from registry.sheets.refusals import NothingToShow, RoundMalformed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gis.cartography.layout import Layout
    from gis.sheets import Pair
    from registry.rights.read import RightLine
    from registry.sheets.land import Holder, Plot

Row = TypeVar("Row")
ROUNDS = (1, 2, 3)
TITLE = "农村土地承包经营权调查结果公示"
BY_HAND = "＿＿＿＿年＿＿月＿＿日"
"""Where the last day is written by hand: the sheets are often printed before the notice is put up."""
WORD = "SQN1"
"""What the code of a sheet of this form begins with."""
_TILE_MM = (206.0, 136.0)
_FEW_TILES, _MOST_TILES, _LEVELS = 4, 12, 4
"""The whole village on few maps; up to three times more, larger, what is too small to be written on there."""
_LABEL_MM = (24.0, 7.0)
_ROWS = 12
_ROW_MM = 11.5
_PARCELS_A_ROW = 8
_DIGEST_DIGITS = 16
_KEPT = "\N{NO-BREAK SPACE}"
"""Between a parcel and its area: a line never ends there."""


@dataclass(frozen=True, slots=True)
class Code:
    """What stands in the code of a sheet."""

    village: str
    round_number: int
    sheet: int
    sheets: int
    day: str
    digest: str

    @property
    def text(self) -> str:
        """As it is printed: ASCII only, so that every reader of QR reads the same.

        >>> Code("150626100210", 1, 3, 12, "2016-10-08", "00ff00ff00ff00ff").text
        'SQN1 150626100210 R1 3/12 2016-10-08 00ff00ff00ff00ff'
        """
        place = f"{self.sheet}/{self.sheets}"
        return f"{WORD} {self.village} R{self.round_number} {place} {self.day} {self.digest}"

    @classmethod
    def of(cls, text: str) -> Code:
        """A code that was printed here, read again."""
        _, village, rounds, place, day, digest = text.split(" ")
        sheet, _, sheets = place.partition("/")
        return cls(village, int(rounds[1:]), int(sheet), int(sheets), day, digest)


def around(at: AsOf, village_code: str) -> Land:
    """All land of a village (12 digits; 14 of one collective). Raises `VillageNotFoundError`, `NothingToShow`."""
    ids = parcels.villages(at.connection, village_code)
    if not ids:
        raise VillageNotFoundError(village_code)
    states = states_of_villages(at, ids)
    if not states:
        raise NothingToShow(at.day)
    return land_of(at, states)


def notice_sheets(land: Land, village_code: str, round_number: int, day: str, until: str) -> list[Sheet]:
    """The sheets of one round of public notice that begins on a day: the tiles, then the list. Raises `RoundMalformed`.

    `until`: its last day; "" leaves a line for it.
    """
    if round_number not in ROUNDS:
        raise RoundMalformed
    facts, lasting = _facts(land, round_number, day, until), _facts(land, round_number, day, None)
    drafts = [*_tiles(land, facts), *_lists(land, facts)]
    return [
        # A lost sheet is printed again with its code, whether the notice was put up meanwhile or not.
        replace(draft, code=_code(replace(draft, facts=lasting), village_code, round_number, place, len(drafts), day))
        for place, draft in enumerate(drafts, start=1)
    ]


def title_of(village_name: str, round_number: int | str) -> str:
    """As what a round of sheets hangs on the public board; without a village's name, what the title of each ends with."""
    return f"{village_name}{TITLE}（第{round_number}轮）"


def codes(sheets: Sequence[Sheet]) -> list[str]:
    """The codes of these sheets, as they are logged with their making."""
    return [sheet.code.text for sheet in sheets if sheet.code is not None]


def _code(draft: Sheet, village_code: str, round_number: int, place: int, many: int, day: str) -> SheetCode:
    printed = json.dumps(sheet_data(draft), ensure_ascii=False, sort_keys=True).encode()
    digest = hashlib.sha256(printed).hexdigest()[:_DIGEST_DIGITS]
    text = Code(village_code, round_number, place, many, day, digest).text
    return SheetCode(text, segno.make(text, error="m", micro=False).svg_inline(border=2))


def _facts(land: Land, round_number: int, day: str, until: str | None) -> list[tuple[str, str]]:
    end = "" if until is None else f"，至 {until or BY_HAND} 止"
    names = "、".join(dict.fromkeys(plot.state.issuer_name for plot in land.plots))
    return [("发包方", names), ("公示", f"第 {round_number} 轮，自 {day} 起{end}")]


def _tiles(land: Land, facts: Sequence[Pair]) -> Iterator[Sheet]:
    """First the whole village; then, larger, the land on which nothing can be written at that scale."""
    features = [MapFeature(plot.state.shape, plot.state.land_use, _label(plot)) for plot in land.plots]
    drawn: list[SheetMap] = []
    wanted = list(range(len(features)))
    for most in (_FEW_TILES, *[_MOST_TILES] * (_LEVELS - 1)):
        tiles = _laid_out([features[at].geometry for at in wanted], most) if wanted else []
        if not tiles or (drawn and tiles[0].denominator >= drawn[-1].layout.denominator):
            break
        drawn += _drawn(features, tiles)
        wanted = [at for at in wanted if _is_small(features[at].geometry, tiles[0])]
    for place, each in enumerate(drawn, start=1):
        yield Sheet(
            title=f"{TITLE}图",
            subtitle=f"第 {place} 幅 共 {len(drawn)} 幅",
            facts=facts,
            map=each,
            seals=("发包方（盖章）",),
            signs=("制图：", "公示监督人："),
            notes=(*parts.notes(land), "图上放不下的户名和面积见公示表。"),
            foot=parts.foot(land),
            landscape=True,
        )


def _drawn(features: Sequence[MapFeature], tiles: Sequence[Layout]) -> Iterator[SheetMap]:
    tree = shapely.STRtree([feature.geometry for feature in features])
    for tile in tiles:
        inside = sorted(tree.query(shapely.box(*extent(tile)), predicate="intersects").tolist())
        drawn = extract_map([features[at] for at in inside], tile)
        if drawn is not None:
            yield drawn


def _is_small(shape: shapely.Geometry, on: Layout) -> bool:
    """Whether the label of a parcel finds no room on it at this scale."""
    west, south, east, north = shape.bounds
    return on.mm(east - west) < _LABEL_MM[0] or on.mm(north - south) < _LABEL_MM[1]


def _label(plot: Plot) -> str:
    who = "、".join(dict.fromkeys(holder.name for _, holder in plot.held)) or "未发包"
    return f"{who}\n{parts.short_code(plot)} {plot.state.surveyed_area_mu} 亩"


def _laid_out(shapes: Sequence[shapely.Geometry], most: int) -> list[Layout]:
    """The places of the maps that show these shapes, from the north: the largest round scale that needs no more than `most`."""
    on = paper(landscape=True, width=_TILE_MM[0], height=_TILE_MM[1])
    tree = shapely.STRtree(shapes)
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    for denominator in ROUND_SCALES:
        width, height = on.frame.width * denominator / 1000, on.frame.height * denominator / 1000
        across, down = int((east - west) // width) + 1, int((north - south) // height) + 1
        if across * down > most**2:
            continue
        # The tiles together lie round the middle of the land.
        left, top = (west + east - across * width) / 2, (south + north + down * height) / 2
        tiles = [
            centred((left + (column + 0.5) * width, top - (row + 0.5) * height), denominator, on)
            for row in range(down)
            for column in range(across)
        ]
        shown = [tile for tile in tiles if len(tree.query(shapely.box(*extent(tile)), predicate="intersects"))]
        if len(shown) <= most:
            return shown
    raise TooLargeForASheet


def _lists(land: Land, facts: Sequence[Pair]) -> Iterator[Sheet]:
    """The list of households, each with its land, to be signed; then the land that nobody holds."""
    rows = list(_rows(land))
    held = [line for plot in land.plots for line, _ in plot.held]
    columns = (
        Column("序", 8, "center"),
        Column("承包方代表", 22, "center"),
        Column("共有人", 44),
        Column("地块（编号 实测亩/合同亩）", 96),
        Column("实测 亩", 19, "right"),
        Column("合同 亩", 19, "right"),
        Column("签字（指印）", 36),
        Column("备注", 29),
    )
    total = (
        f"全村 {len(land.plots)} 块，实测合计 {parts.summed(p.state.surveyed_area_mu for p in land.plots)} 亩，"
        f"合同合计 {parts.summed(line.contract_area_mu for line in held)} 亩。"
    )
    pages = list(_by(rows, _ROWS))
    for place, page in enumerate(pages, start=1):
        yield Sheet(
            title=f"{TITLE}表",
            subtitle=f"第 {place} 页 共 {len(pages)} 页",
            facts=facts,
            tables=[SheetTable("", columns, page, row_mm=_ROW_MM)],
            notes=(total if place == len(pages) else "接下页", "有异议的，在公示期内向发包方或登记机构书面提出。"),
            foot=parts.foot(land),
            landscape=True,
        )


def _rows(land: Land) -> Iterator[tuple[str, ...]]:
    households: dict[str, list[tuple[Plot, RightLine, Holder]]] = {}
    for plot in land.plots:
        for line, holder in plot.held:
            households.setdefault(holder.holder_id, []).append((plot, line, holder))
    ordered = sorted(households.values(), key=lambda held: (held[0][2].code or "~", held[0][2].holder_id))
    for number, held in enumerate(ordered, start=1):
        holder = held[0][2]
        own = {plot.state.parcel_id: plot for plot, _, _ in held}.values()
        surveyed = parts.summed(plot.state.surveyed_area_mu for plot in own)
        contract = parts.summed(line.contract_area_mu for _, line, _ in held)
        for place, some in enumerate(_by(held, _PARCELS_A_ROW)):
            land_of_it = "  ".join(
                f"{parts.short_code(plot)}{_KEPT}{plot.state.surveyed_area_mu or '—'}/{line.contract_area_mu or '—'}"
                for plot, line, _ in some
            )
            if place:
                yield (str(number), f"{holder.name}（续）", "", land_of_it, "", "", "", "")
            else:
                members = "、".join(holder.co_holders)
                yield (str(number), holder.name, members, land_of_it, surveyed, contract, "", "")
    unheld = [plot for plot in land.plots if not plot.held]
    for free in _by(unheld, _PARCELS_A_ROW):
        land_of_it = "  ".join(f"{parts.short_code(plot)}{_KEPT}{plot.state.surveyed_area_mu}" for plot in free)
        yield ("", "未发包", "", land_of_it, parts.summed(p.state.surveyed_area_mu for p in free), parts.DASH, "", "")


def _by(rows: Sequence[Row], many: int) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), many):
        yield rows[start : start + many]
