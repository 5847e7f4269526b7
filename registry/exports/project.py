"""What must a QGIS project say so that colleagues open the published file with colours, patterns and village names?

The project names its GeoPackage by a relative path, so the two files move together. Properties are written in the form
that QGIS 3.16 and later read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from gis.cartography import qml
from gis.cartography.style import GROUND, INK, VILLAGE
from gis.crs import RegisterCrs
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Sequence

_LAYERS = (("villages", "嘎查村 villages", "Point"), ("parcels", "地块 parcels", "Polygon"))
"""Table, name in the tree, geometry; the first is drawn on top."""


def qgis_project(file: str, title: str, bounds: Sequence[float]) -> str:
    """The text of a .qgs beside `file`; `bounds` (west, south, east, north, metres) is what it opens on."""
    srs = _srs()
    west, south, east, north = (f"{edge:.3f}" for edge in bounds)
    extent = f"<xmin>{west}</xmin><ymin>{south}</ymin><xmax>{east}</xmax><ymax>{north}</ymax>"
    ground = ",".join(str(int(GROUND[at : at + 2], 16)) for at in (1, 3, 5))
    tree = "".join(
        f'<layer-tree-layer id="{table}" name={quoteattr(name)} checked="Qt::Checked" expanded="1"'
        f' providerKey="ogr" source={quoteattr(_source(file, table))}/>'
        for table, name, _ in _LAYERS
    )
    order = "".join(f'<layer id="{table}"/>' for table, _, _ in _LAYERS)
    maps = "".join(_map_layer(file, table, name, geometry, srs) for table, name, geometry in _LAYERS)
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        f'<qgis version="3.16" projectname={quoteattr(title)}>'
        f"<title>{escape(title)}</title><projectCrs>{srs}</projectCrs>"
        f'<layer-tree-group>{tree}<custom-order enabled="0"/></layer-tree-group>'
        f'<mapcanvas name="theMapCanvas"><units>meters</units><extent>{extent}</extent><rotation>0</rotation>'
        f"<destinationsrs>{srs}</destinationsrs></mapcanvas>"
        f"<projectlayers>{maps}</projectlayers><layerorder>{order}</layerorder>"
        '<properties><Paths><Absolute type="bool">false</Absolute></Paths>'
        f"<Gui>{_colours(ground.split(','))}</Gui></properties></qgis>\n"
    )


def _source(file: str, table: str) -> str:
    return f"./{file}|layername={table}"


def _map_layer(file: str, table: str, name: str, geometry: str, srs: str) -> str:
    look = _village_look() if table == "villages" else _inside(qml())
    return (
        f'<maplayer type="vector" geometry="{geometry}" readOnly="1" hasScaleBasedVisibilityFlag="0">'
        f"<id>{table}</id><datasource>{escape(_source(file, table))}</datasource>"
        f"<layername>{escape(name)}</layername><srs>{srs}</srs>"
        f'<provider encoding="UTF-8">ogr</provider>{look}</maplayer>'
    )


def _village_look() -> str:
    """A small mark and the village's name beside it."""
    ink, purple = _rgba(INK), _rgba(VILLAGE)
    mark = "".join(
        f'<prop k="{key}" v="{value}"/>'
        for key, value in (("name", "circle"), ("color", purple), ("outline_color", "255,255,255,255"), ("size", "2"))
    )
    return (
        '<renderer-v2 type="singleSymbol" symbollevels="0"><symbols><symbol type="marker" name="0" alpha="1">'
        f'<layer class="SimpleMarker" enabled="1" locked="0" pass="0">{mark}</layer></symbol></symbols></renderer-v2>'
        '<labeling type="simple"><settings>'
        f'<text-style fieldName="village_name" fontSize="11" fontSizeUnit="Point" textColor="{ink}" textOpacity="1">'
        '<text-buffer bufferDraw="1" bufferSize="1" bufferSizeUnits="MM" bufferColor="255,255,255,255"/></text-style>'
        '<placement placement="0" dist="1" distUnits="MM"/><rendering drawLabels="1"/></settings></labeling>'
    )


def _inside(style: str) -> str:
    """What stands inside the <qgis> of a layer style."""
    return style.partition("<qgis ")[2].partition(">")[2].rpartition("</qgis>")[0]


def _srs() -> str:
    crs = RegisterCrs.of(REGISTER_CRS)
    return (
        f"<spatialrefsys><wkt>{escape(crs.wkt())}</wkt><srid>{crs.epsg}</srid><authid>EPSG:{crs.epsg}</authid>"
        f"<description>{escape(crs.label)}</description><geographicflag>false</geographicflag></spatialrefsys>"
    )


def _colours(rgb: Sequence[str]) -> str:
    names = ("CanvasColorRedPart", "CanvasColorGreenPart", "CanvasColorBluePart")
    return "".join(f'<{name} type="int">{part}</{name}>' for name, part in zip(names, rgb, strict=True))


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
