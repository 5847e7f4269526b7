"""Why was the CRS of a delivery refused? One class a reason, each with what to deliver instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.errors import CrsError

if TYPE_CHECKING:
    from collections.abc import Sequence


class CrsRefused(CrsError):
    """Raised when the CRS of a delivery is missing or none that a register takes; `name` says which."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        """Name the CRS and say what to deliver instead."""
        self.name = name
        super().__init__(
            f"{zh}；请交付 CGCS2000 3 度带高斯投影成果 (例如 EPSG:4545, 中央子午线 108 度) 并附 .prj 文件",
            f"{en}: deliver CGCS2000 3-degree Gauss-Kruger coordinates (for example EPSG:4545, CM 108E)"
            " with their .prj",
        )


class CrsMissing(CrsRefused):
    """Raised when nothing says on which CRS the coordinates lie; it is never guessed from the numbers."""

    def __init__(self) -> None:
        """Say that the .prj is missing."""
        super().__init__("missing", "缺少坐标系说明 (.prj)", "the layer has no CRS (.prj is missing or empty)")


class CrsUnreadable(CrsRefused):
    """Raised when the CRS text is no WKT."""

    def __init__(self, text: str) -> None:
        """Show the start of the text."""
        super().__init__(
            "unreadable",
            f"坐标系说明无法识别: {text[:80]!r}",
            f"the CRS text is not WKT: {text[:80]!r}",
        )


class CrsXian80(CrsRefused):
    """Raised for Xian 1980: it lies tens of metres off CGCS2000 and needs local control points to convert."""

    def __init__(self, label: str) -> None:
        """Name the CRS as the file does."""
        super().__init__(
            "Xian 1980",
            f"坐标系是 1980 西安坐标系 ({label})，须由测绘单位按控制点转换",
            f"the CRS is Xian 1980 ({label}), which the surveyor must convert by control points",
        )


class CrsBeijing54(CrsRefused):
    """Raised for Beijing 1954, old or new: it needs local control points to convert."""

    def __init__(self, label: str) -> None:
        """Name the CRS as the file does."""
        super().__init__(
            "Beijing 1954",
            f"坐标系是 1954 北京坐标系 ({label})，须由测绘单位按控制点转换",
            f"the CRS is Beijing 1954 ({label}), which the surveyor must convert by control points",
        )


class CrsUtm(CrsRefused):
    """Raised for UTM on any datum: its scale factor 0.9996 falsifies plane areas by 0.08 percent."""

    def __init__(self, label: str) -> None:
        """Name the CRS as the file does."""
        super().__init__(
            "UTM",
            f"坐标系是 UTM 投影 ({label})，比例因子 0.9996 会改变面积",
            f"the CRS is a UTM projection ({label}), whose scale factor 0.9996 changes areas",
        )


class CrsWgs84(CrsRefused):
    """Raised for WGS 84, also as Web Mercator: survey results are due in CGCS2000."""

    def __init__(self, label: str) -> None:
        """Name the CRS as the file does."""
        super().__init__(
            "WGS 84",
            f"坐标系是 WGS 84 ({label})，不是测量成果的坐标系",
            f"the CRS is WGS 84 ({label}), which is not the CRS of a survey",
        )


class CrsUnknown(CrsRefused):
    """Raised for a readable CRS that is none of those a register knows."""

    def __init__(self, label: str, zh: str, en: str) -> None:
        """Name the CRS as the file does and say what is wrong with it."""
        super().__init__("unknown", f"坐标系 {label} 不在受理范围: {zh}", f"the CRS {label} is not accepted: {en}")


class CrsContradicted(CrsError):
    """Raised when the coordinates cannot be what the CRS text says they are; the subclasses say why."""


class DegreesNotMetres(CrsContradicted):
    """Raised when the CRS is a projection and the coordinates are longitudes."""

    def __init__(self, said: str, x: float) -> None:
        """Show both sides."""
        super().__init__(
            f"坐标系写的是 {said}，坐标却是经纬度 (x = {x:g})；请更正 .prj 或坐标",
            f"the CRS says {said}, but the coordinates are degrees (x = {x:g}): correct the .prj or the data",
        )


class MetresNotDegrees(CrsContradicted):
    """Raised when the CRS is longitude and latitude and the coordinates are metres."""

    def __init__(self, said: str, x: float) -> None:
        """Show both sides."""
        super().__init__(
            f"坐标系写的是经纬度 ({said})，坐标却是米 (x = {x:.3f})；请更正 .prj 或坐标",
            f"the CRS says degrees ({said}), but the coordinates are metres (x = {x:.3f}):"
            " correct the .prj or the data",
        )


class PrefixesMixed(CrsContradicted):
    """Raised when eastings of one layer carry different zone prefixes, or some carry none (0)."""

    def __init__(self, prefixes: Sequence[int]) -> None:
        """Show the prefixes."""
        listed = ", ".join(map(str, prefixes[:5]))
        super().__init__(
            f"同一图层的横坐标带号不一致 ({listed})；请统一带号后重新交付",
            f"eastings of one layer carry different zone prefixes ({listed}): deliver one zone a layer",
        )


class AxesSwapped(CrsContradicted):
    """Raised when x has the size of a northing: Chinese survey files call the northing X."""

    def __init__(self, x: float) -> None:
        """Show the coordinate."""
        super().__init__(
            f"横坐标 {x:.3f} 像是纵坐标 (北)，横纵坐标可能颠倒；请按 x=东, y=北 重新导出",
            f"x = {x:.3f} looks like a northing, the axes seem swapped: export x = east, y = north",
        )


class PrefixContradicted(CrsContradicted):
    """Raised when the eastings carry the prefix of another zone than the CRS names."""

    def __init__(self, said: str, easting: float, prefix: int) -> None:
        """Show both sides."""
        super().__init__(
            f"坐标系写的是 {said}，横坐标 {easting:.3f} 的带号却是 {prefix}；请更正 .prj 或坐标",
            f"the CRS says {said}, but easting {easting:.3f} carries prefix {prefix}: correct the .prj or the data",
        )


class PrefixAbsent(CrsContradicted):
    """Raised when the CRS puts a zone prefix in front of eastings that have none."""

    def __init__(self, said: str, easting: float) -> None:
        """Show both sides."""
        super().__init__(
            f"坐标系写的是 {said}，横坐标 {easting:.3f} 却没有带号；请更正 .prj 或坐标",
            f"the CRS says {said}, but easting {easting:.3f} has no prefix: correct the .prj or the data",
        )


class EastingOutsideZone(CrsContradicted):
    """Raised when an easting lies in no zone: negative, or within a kilometre of zero."""

    def __init__(self, easting: float) -> None:
        """Show the easting."""
        super().__init__(
            f"横坐标 {easting:.3f} 超出投影带范围；请检查坐标",
            f"easting {easting:.3f} lies outside the zone: check the coordinates",
        )
