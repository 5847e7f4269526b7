"""When is a parcel not split, joined or adjusted: because something of a right would be lost, mixed or left behind?

Nothing was changed where one of these is raised.
"""

from __future__ import annotations

from registry.errors import SanquanError


class ReshapingError(SanquanError):
    """The base of every refusal of a reshaping."""


class TooFewParcels(ReshapingError):
    """Raised when one parcel alone is to be joined."""

    def __init__(self) -> None:
        """There is nothing to show."""
        super().__init__("合并至少要两块不同的地", "at least two different parcels are needed to join any")


class PartsDiffer(ReshapingError):
    """Raised when parcels of different use, village or state are to be joined."""

    def __init__(self, column: str, zh: str) -> None:
        """What differs, as a column and in words."""
        super().__init__(f"这些地块的{zh}不同, 不能合并", f"these parcels differ in {column}: they can't be joined")


class MixesRights(ReshapingError):
    """Raised when a right lies on some of the parcels to be joined and not on the others."""

    def __init__(self, unit_code: str) -> None:
        """The code of the contract or certificate."""
        super().__init__(
            f"权利 {unit_code} 只在其中一部分地块上: 合并会把不同的权利混在一起",
            f"the right {unit_code} lies on some of these parcels only: joining them would mix rights",
        )


class NotOnePolygon(ReshapingError):
    """Raised when a parcel, or the shape given for it, is not one valid polygon."""

    def __init__(self) -> None:
        """There is nothing to show."""
        super().__init__(
            "图形不是一块完整的面: 先按测量更正为一块", "the shape is not one valid polygon: correct its survey first"
        )


class ChangedLater(ReshapingError):
    """Raised when a parcel or right has ended, or was changed after the day of the act."""

    def __init__(self, code: str, day: str) -> None:
        """The code of the parcel or contract, and the day."""
        super().__init__(
            f"{code} 在 {day} 之后还有登记, 或已终止: 选它最后一次登记之后的日期",
            f"{code} has ended, or was changed after {day}: choose a day after its last change",
        )


class CodesFromOffice(ReshapingError):
    """Raised when codes of new homestead parcels are not given: the realty office makes them."""

    def __init__(self) -> None:
        """There is nothing to show."""
        super().__init__(
            "宗地代码由不动产登记机构给定: 请写明新代码",
            "codes of homestead parcels are given by the realty office: name the new ones",
        )


class CodesNotFree(ReshapingError):
    """Raised when codes for new parcels are too few, too many, of another length, or were used before."""

    def __init__(self, count: int, named: str) -> None:
        """How many are needed, and those at fault."""
        super().__init__(
            f"需要 {count} 个未用过、长度相同的新代码, 给的是: {named}",
            f"{count} new codes of the same length that were never used are needed, not: {named}",
        )


class DutyOnParcel(ReshapingError):
    """Raised when a duty lies on a parcel itself: no cause of the closed list carries it to others."""

    def __init__(self, count: int) -> None:
        """How many duties."""
        super().__init__(
            f"地块本身负有 {count} 项义务(如禁牧): 先终止, 办完后再按新地块设定",
            f"{count} duties (such as a grazing ban) lie on the parcel itself: end them, then set them on the new ones",
        )


class Seized(ReshapingError):
    """Raised when a right on the land is seized: a court's document says what is seized, and no new line may divide it."""

    def __init__(self, unit_code: str) -> None:
        """The code of the contract or certificate."""
        super().__init__(
            f"权利 {unit_code} 已被查封: 先解封, 或按法院文书办理; 测量更正不受影响",
            f"the right {unit_code} is seized: have it lifted, or act on the court's own order; a survey may be corrected",
        )


class Disputed(ReshapingError):
    """Raised when a right on the land is in dispute: no new line until it is settled (law of land disputes, C30, F5)."""

    def __init__(self, unit_code: str) -> None:
        """The code of the contract or certificate."""
        super().__init__(
            f"权利 {unit_code} 有争议: 解决并解除锁定以前, 不划新界线",
            f"the right {unit_code} is in dispute: no new line until it is settled and closed",
        )


class BuildingsToBePlaced(ReshapingError):
    """Raised when a homestead with recorded buildings is split: nobody has said on which part each of them stands."""

    def __init__(self) -> None:
        """There is nothing to show."""
        super().__init__(
            "这宗地上登记有房屋: 先更正房屋记录, 说明每幢归哪一块, 再分割",
            "buildings are recorded on this plot: correct their record first, so that it is known where each of them goes",
        )


class WouldOverlap(ReshapingError):
    """Raised when a parcel would lie on land of another one, more than it did before (invariant I27)."""

    def __init__(self, code: str, area_m2: float) -> None:
        """The other parcel's code and the land that both would have."""
        super().__init__(
            f"会与地块 {code} 重叠 {area_m2:.2f} m²: 核对测量, 或与对方一起办理界线调整",
            f"it would overlap parcel {code} by {area_m2:.2f} m²: check the survey, or adjust the boundary together",
        )


class CodesNotAlike(ReshapingError):
    """Raised when an old and a new code are not two different ones of 12 (village) or 14 digits (issuer)."""

    def __init__(self) -> None:
        """There is nothing to show."""
        super().__init__(
            "原代码和新代码要同为 12 位(村)或 14 位(发包方)数字, 且不相同",
            "the old and the new code are two different ones of 12 digits (village) or 14 digits (issuer)",
        )


class NothingHasThisCode(ReshapingError):
    """Raised when nothing that stands on the day has a code that begins so."""

    def __init__(self, old: str) -> None:
        """The code."""
        super().__init__(
            f"那天没有以 {old} 开头的登记: 核对代码和日期", f"nothing stood under {old} on that day: check code and day"
        )


class CodesTaken(ReshapingError):
    """Raised when a new code belongs, or once belonged, to something else."""

    def __init__(self, codes: list[str]) -> None:
        """All of them; the first five are shown."""
        shown = "、".join(codes[:5])
        super().__init__(
            f"{len(codes)} 个新代码已被使用过, 如 {shown}: 先给冲突的一方另编序号段, 再合并",
            f"{len(codes)} new codes were used before, such as {shown}: give one side another range first, then merge",
        )


class CountDiffers(ReshapingError):
    """Raised when a recoding would touch another number of things than was shown."""

    def __init__(self, expected: int, found: int) -> None:
        """Both numbers."""
        super().__init__(
            f"预览时是 {expected} 项, 现在是 {found} 项: 重新预览",
            f"{expected} things were shown, now there are {found}: look at the preview again",
        )
