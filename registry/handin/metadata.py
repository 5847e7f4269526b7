"""What does the metadata file `SL<county><year>.xml` of a hand-in say (NY/T 2539-2016 appendix D)?

Elements dataIdInfo, refSysInfo, contInfo, dqInfo. Central meridian in degrees, false easting in kilometres. What the
register cannot know (telephone, address) stays empty for the office to fill in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from registry.delivery.parts import PART_OF_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

_CGCS2000, _THREE_DEGREES, _COMPLETE, _INTERNAL = "001", "002", "001", "005"


def metadata_xml(*, county: str, name: str, bureau: str, day: str, layers: Mapping[str, int]) -> bytes:
    """UTF-8 XML; `layers` are the layers that were written, by name, with their numbers of features."""
    root = ET.Element("Metadata")
    _fill(
        ET.SubElement(root, "dataIdInfo"),
        title=f"{county}{name}农村土地承包经营权确权登记数据库",
        date=day.replace("-", ""),
        geoID=county,
        dataEdition="1",
        dataLang="zh",
        idAbs="由登记库按 NY/T 2539-2016 写出",
        status=_COMPLETE,
        ending="",
        rpOrgName=bureau,
        rpCnt="",
        voiceNum="",
        faxNum="",
        cntAddress="",
        cntCode="",
        cntEmail="",
        classCode=_INTERNAL,
    )
    _fill(
        ET.SubElement(root, "refSysInfo"),
        coorRSID=_CGCS2000, centralMer="108", eastFAL="500.0", northFAL="0.0", coorFDKD=_THREE_DEGREES,
    )  # fmt: skip
    content = ET.SubElement(root, "contInfo")
    for layer, count in layers.items():
        names = [column.name for column in PART_OF_NAME[layer].columns]
        _fill(
            ET.SubElement(content, "layer"),
            layerName=layer, catFetTyps=layer, attrTypList=",".join(names), fieldID="BSM", capacity=str(count),
        )  # fmt: skip
    _fill(
        ET.SubElement(root, "dqInfo"),
        dqStatement="登记内容，未重新计算面积",
        dqLineage="各发包方成果入库后按业务变更，现势到上述日期",
    )
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _fill(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text
