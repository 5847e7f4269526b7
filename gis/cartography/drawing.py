"""How do parcels, outlines and grid look as SVG, at their exact place in the frame?

The drawing has no text: text is set by the page, which has the font. One user unit is one millimetre, three
decimals are kept (a thousandth of a millimetre: 5 mm of ground at 1:5,000, far below any printer).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.cartography.style import GROUND, HIGHLIGHT, INK, LAND_USE_STYLES, VILLAGE, pattern_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from gis.cartography.layout import Layout
    from gis.cartography.page import MapPage

RING_MM = 4.0
"""Radius of the ring round a highlighted parcel that is smaller than this both ways."""
_CROSS_MM = 1.5
_TICK_MM = 2.0
_SWATCH_WIDTH_MM, _SWATCH_HEIGHT_MM = 9, 5


def on_paper(geometries: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """Give the geometries in mm from the frame's top left corner; Z is left behind."""
    flat = shapely.force_2d(geometries)
    return np.asarray(shapely.transform(flat, layout.to_mm), dtype=object)


def drawing_order(page: MapPage) -> list[int]:
    """Give the positions of the features, largest first: a homestead inside a pasture stays visible."""
    areas = shapely.area(np.array([feature.geometry for feature in page.features], dtype=object))
    return [int(at) for at in np.argsort(-areas, kind="stable")]


def map_svg(page: MapPage, layout: Layout) -> str:
    """Give the map inside the frame: ground, parcels, village outlines, the lit family, the metre grid's crosses."""
    count = len(page.features)
    placed = on_paper(page.geometries(), layout)
    paths = _paths(placed)
    order = drawing_order(page)
    lit = [at for at in order if page.features[at].highlighted]
    plain = [at for at in order if not page.features[at].highlighted]
    frame = layout.sheet.frame
    ground = f'<rect width="{frame.width:g}" height="{frame.height:g}" fill="{GROUND}"'

    drawn = [f"{ground}/>"]
    drawn += _parcels(page, paths, plain)
    if lit and plain:
        # A veil, so that the family is lit and the others are still there with colour and pattern.
        drawn.append(f'{ground} opacity="0.35"/>')
    drawn += _parcels(page, paths, lit)
    drawn += [_village_line(path) for path in paths[count:]]
    drawn += [_lit_line(paths[at]) for at in lit]
    drawn += [_ring(*centre) for centre in ring_centres(placed[lit])]
    drawn.append(_grid(layout))
    return _svg(frame.width, frame.height, _patterns(page.land_uses()) + "".join(drawn))


def land_use_swatch(land_use: str) -> str:
    """Give the legend's picture of a land use, with the same fill, pattern and line as on the map."""
    style = LAND_USE_STYLES[land_use]
    box = f'<rect x="0.2" y="0.2" width="{_SWATCH_WIDTH_MM - 0.4:g}" height="{_SWATCH_HEIGHT_MM - 0.4:g}"'
    pattern = f'{box} fill="url(#{pattern_id(land_use)})" stroke="{style.ink}" stroke-width="0.2"/>'
    return _swatch(f'{_patterns([land_use])}{box} fill="{style.fill}"/>{pattern}')


def village_swatch() -> str:
    """Give the legend's picture of a village outline."""
    return _swatch(_village_line(f"M0.2 {_SWATCH_HEIGHT_MM / 2:g}H{_SWATCH_WIDTH_MM - 0.2:g}"))


def highlight_swatch() -> str:
    """Give the legend's picture of a lit parcel."""
    right, bottom = _SWATCH_WIDTH_MM - 0.8, _SWATCH_HEIGHT_MM - 0.8
    return _swatch(_lit_line(f"M0.8 0.8H{right:g}V{bottom:g}H0.8Z"))


def _swatch(inside: str) -> str:
    return _svg(_SWATCH_WIDTH_MM, _SWATCH_HEIGHT_MM, inside)


def _svg(width_mm: float, height_mm: float, inside: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:g}mm" height="{height_mm:g}mm"'
        f' viewBox="0 0 {width_mm:g} {height_mm:g}" stroke-linejoin="round">{inside}</svg>'
    )


def _patterns(land_uses: Iterable[str]) -> str:
    tiles = ""
    for land_use in land_uses:
        style = LAND_USE_STYLES[land_use]
        side = f'width="{style.hatch.tile_mm:g}" height="{style.hatch.tile_mm:g}" patternUnits="userSpaceOnUse"'
        tiles += f'<pattern id="{pattern_id(land_use)}" {side}>{style.hatch.drawn(style.ink)}</pattern>'
    return f"<defs>{tiles}</defs>"


def _parcels(page: MapPage, paths: Sequence[str], order: Sequence[int]) -> list[str]:
    """Give each parcel twice, colour below and pattern above: a tile with its own ground would show seams."""
    drawn = []
    for at in order:
        land_use = page.features[at].land_use
        style = LAND_USE_STYLES[land_use]
        drawn.append(f'<path d="{paths[at]}" fill="{style.fill}" fill-rule="evenodd"/>')
        drawn.append(
            f'<path d="{paths[at]}" fill="url(#{pattern_id(land_use)})" fill-rule="evenodd"'
            f' stroke="{style.ink}" stroke-width="0.2"/>',
        )
    return drawn


def _village_line(path: str) -> str:
    line = f'<path d="{path}" fill="none" stroke="{VILLAGE}"'
    return f'{line} stroke-width="1.6" opacity="0.15"/>{line} stroke-width="0.4" stroke-dasharray="3 1 0.6 1"/>'


def _lit_line(path: str) -> str:
    casing = f'<path d="{path}" fill="none" stroke="#ffffff" stroke-width="1.3"/>'
    return f'{casing}<path d="{path}" fill="none" stroke="{HIGHLIGHT}" stroke-width="0.7"/>'


def ring_centres(lit: NDArray[Any]) -> list[tuple[float, float]]:
    """Give the middles of those highlighted parcels (in mm) that are too small to be found without a ring."""
    return [
        ((west + east) / 2, (top + bottom) / 2)
        for west, top, east, bottom in shapely.bounds(lit).reshape(-1, 4).tolist()
        if east - west < RING_MM and bottom - top < RING_MM
    ]


def _ring(x: float, y: float) -> str:
    centre = f'cx="{x:.3f}" cy="{y:.3f}" r="{RING_MM:g}"'
    return f'<circle {centre} fill="none" stroke="{HIGHLIGHT}" stroke-width="0.5"/>'


def _grid(layout: Layout) -> str:
    """Give crosses where grid lines meet and ticks where they reach the frame."""
    frame = layout.sheet.frame
    across = [line.at_mm for line in layout.eastings()]
    down = [line.at_mm for line in layout.northings()]
    arms = [
        f"M{x - _CROSS_MM:.3f} {y:.3f}h{2 * _CROSS_MM:g}M{x:.3f} {y - _CROSS_MM:.3f}v{2 * _CROSS_MM:g}"
        for x in across
        for y in down
    ]
    ticks = [f"M{x:.3f} 0v{_TICK_MM:g}M{x:.3f} {frame.height:g}v-{_TICK_MM:g}" for x in across]
    ticks += [f"M0 {y:.3f}h{_TICK_MM:g}M{frame.width:g} {y:.3f}h-{_TICK_MM:g}" for y in down]
    return f'<path d="{"".join(arms + ticks)}" fill="none" stroke="{INK}" stroke-width="0.12"/>'


def _paths(placed: NDArray[Any]) -> list[str]:
    """Give the path of each polygon or multipolygon: one closed run of points for a ring, holes by even-odd."""
    paths = [""] * len(placed)
    parts, owner_of_part = shapely.get_parts(placed, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    coordinates, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(np.diff(ring_of_point, prepend=-1))
    points = [f"{x:.3f} {y:.3f}" for x, y in coordinates.tolist()]
    ends = [*starts[1:].tolist(), len(points)]
    for start, end, part in zip(starts.tolist(), ends, part_of_ring.tolist(), strict=True):
        paths[owner_of_part[part]] += f"M{'L'.join(points[start : end - 1])}Z"
    return paths
