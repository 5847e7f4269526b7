"""In which form is a question put, to the service and to the command alike, and what is a valid example of each?

A value that can't be read is refused by name with an example and is never repeated: it could be an ID number that was
put in the wrong place.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry import china
from registry.errors import SanquanError
from registry.store.settings import REGISTER_CRS
from registry.ways_out import ENCODINGS, FORMATS, OFFERED_EPSG

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

LONGEST_PAGE = 100
LONGEST_LEASE = 99
LARGEST_INDEX = 2**53 - 1
CRSS = {"EPSG:4490": 4490, f"EPSG:{REGISTER_CRS}": REGISTER_CRS}
KINDS = ("contract", "operating", "homestead", "income")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that may be given: its name, what it is, a valid example, and the form of it where text."""

    name: str
    zh: str
    en: str
    example: str
    form: re.Pattern[str] = re.compile(r"[^\x00-\x1f\x7f]*")


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


_ID = _form("[0-9a-f]{32}")
FIELDS = {
    field.name: field
    for field in (
        Field(
            "valid_at",
            "哪一天的状态, 默认今天",
            "the state of which day; today if not given",
            "2026-11-25",
            _form(r"\d{4}-\d\d-\d\d"),
        ),
        Field(
            "known_at",
            "按哪一刻的登记: 账本条数或带时区的时刻, 默认现在",
            "as known when: a size of the log, or an instant with its zone; now if not given",
            "2026-11-25T08:00:00Z",
            _form(r"\d{1,10}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)"),
        ),
        Field(
            "person",
            "人的编号, 32 位十六进制",
            "the id of a person, 32 hexadecimal digits",
            "01a214972b270a22b2143099b7c322c2",
            _ID,
        ),
        Field(
            "account",
            "账号、授权或钥匙的编号, 32 位十六进制",
            "the id of an account, a grant or a secret, 32 hexadecimal digits",
            "01a214972b270a22b2143099b7c322c2",
            _ID,
        ),
        Field(
            "parcel",
            "地块的编号, 32 位十六进制",
            "the id of a parcel, 32 hexadecimal digits",
            "01a214972b28bfd9f52323c481a3d429",
            _ID,
        ),
        Field(
            "holder",
            "权利人的编号(人、农户名册或组织), 32 位十六进制",
            "the id of a holder (a person, a holding or an organisation), 32 hexadecimal digits",
            "01a214972b270a22b2143099b7c322c2",
            _ID,
        ),
        Field("case", "案件的编号", "the id of a case", "01a214972b270a22b2143099b7c322c2", _ID),
        Field("thing", "登记内容的编号", "the id of a guarded thing", "01a214972b28bfd9f52323c481a3d429", _ID),
        Field(
            "after", "上一页给出的 next", "what the page before gave as next", "01a214972b28bfd9f52323c481a3d429", _ID
        ),
        Field("deadline", "哪天以前交", "due by which day", "2026-12-31", _form(r"\d{4}-\d\d-\d\d")),
        Field("limit", f"一页几条, 1 到 {LONGEST_PAGE}", f"how many on a page, 1 to {LONGEST_PAGE}", "100"),
        Field(
            "code",
            "地块编码(19 位)或宗地代码(28 位)",
            "a parcel's code, 19 characters, or 28 for a homestead",
            "1506261002100000001",
            _form("[0-9A-Za-z]{1,40}"),
        ),
        Field(
            "household",
            "承包方编码 18 位",
            "the code of a contracting household, 18 digits",
            "150626100210000001",
            _form(r"\d{18}"),
        ),
        Field(
            "unit",
            "合同代码 19 位, 或宅基地的不动产单元号 28 位",
            "the code of a contract, 19 characters, or of a homestead, 28",
            "150626100210000001J",
            _form(r"[0-9A-Z]{19}|[0-9A-Z]{28}"),
        ),
        Field(
            "number",
            "权证号, 现行的、换下的、注销的都可以",
            "the number of a certificate, valid, replaced or cancelled",
            "内（2016）乌审旗农村土地承包经营权证第000001号",
            re.compile(r"[^\x00-\x1f\x7f]{1,100}"),
        ),
        Field(
            "notice",
            "公示的编号, 32 位十六进制",
            "the id of a notice, 32 hexadecimal digits",
            "01a214972b270a22b2143099b7c322c2",
            _ID,
        ),
        Field("hash", "内容摘要, 64 位十六进制", "a content hash, 64 hexadecimal digits", "a" * 64, _form("[0-9a-f]{64}")),
        Field(
            "Sanquan-Purpose",
            "看来做什么, 1 到 200 个字, UTF-8 按百分号编码; 本人看得到",
            "what it is read for, 1 to 200 characters, UTF-8 percent-encoded; the person can read it",
            "%E6%9F%9C%E5%8F%B0%E6%9F%A5%E8%AF%A2",
            _form("[!-~]{1,1800}"),
        ),
        Field(
            "sheet",
            "打哪一种: parcel、household、register 或 certificate",
            "which paper: parcel, household, register or certificate",
            "parcel",
            _form("parcel|household|register|certificate"),
        ),
        Field(
            "shift",
            "套打微调, 毫米, 最多 10",
            "the printer's shift in mm, at most 10",
            "-1.5",
            _form(r"-?\d{1,2}(\.\d{1,2})?"),
        ),
        Field("round", "第几轮公示: 1、2 或 3", "which round of public notice: 1, 2 or 3", "1"),
        Field(
            "day",
            "公示哪天开始, 默认今天",
            "the first day of a public notice; today if not given",
            "2016-10-08",
            _form(r"\d{4}-\d\d-\d\d"),
        ),
        Field(
            "village",
            "嘎查、村代码 12 位, 或发包方编码 14 位",
            "the code of a village, 12 digits, or of its issuer, 14",
            "150626100210",
            _form(r"\d{12}(?:\d\d)?"),
        ),
        Field(
            "since", "和哪一天比", "compared with which day", "2016-12-01", _form(r"\d{4}-\d\d-\d\d")
        ),
        Field("bbox", "方框: 西,南,东,北", "a box: west,south,east,north", "108.50,38.20,108.60,38.30"),
        Field(
            "crs",
            f"方框用的坐标系: {' 或 '.join(CRSS)}",
            f"the reference system of the box: {' or '.join(CRSS)}",
            "EPSG:4490",
        ),
        Field("kind", f"权利种类: {'、'.join(KINDS)}", f"the kind of right: {', '.join(KINDS)}", "contract"),
        Field(
            "transferable",
            "能不能流转: 只有 lease(出租经营权)",
            "may it be let: lease (the operating right)",
            "lease",
        ),
        Field("years", f"租几年, 1 到 {LONGEST_LEASE}", f"a lease of how many years, 1 to {LONGEST_LEASE}", "3"),
        Field("event", "户籍事件在账本里的序号", "the place in the log of a household event", "9"),
        Field("idx", "户籍事件在账本里的序号", "the place in the log of a household event", "9"),
        Field("comparison", "核对的编号", "the id of a comparison", "0196f1c2a5b37c3e9a4d5e6f70819203", _ID),
        Field("form", "答复的形式: json, 或核对表 xlsx、csv", "the form of the answer: json, or the sheet: xlsx, csv", "json"),
        Field(
            "figure",
            "哪几项统计, 默认全部",
            "which figures; all if not given",
            "fiscal-base",
            _form("[a-z-]{1,40}"),
        ),
        Field("year", "年度, 四位数字", "a policy year, four digits", "2026", _form(r"\d{4}")),
        Field(
            "collective",
            "集体的发包方编码 14 位",
            "the code of a collective as an issuer, 14 digits",
            "15062610021000",
            _form(r"\d{14}"),
        ),
        Field("land", "哪种地的承包", "which kind of land", "contract-arable", _form("contract-(arable|grass|forest)")),
        Field("until", "哪天以前期满的", "contracts that end by which day", "2027-12-31", _form(r"\d{4}-\d\d-\d\d")),
        Field("for_years", "草场、林地延多少年", "years, for pasture and forest", "30", _form(r"[1-9]\d?")),
        Field("bureau", "部门的编号", "the id of a bureau", "education", _form("[a-z-]{1,40}")),
        Field("quarter", "哪个季度", "which quarter", "2026-3", _form(r"\d{4}-[1-4]")),
        Field("from", "从账本第几条起", "from which entry of the log on", "0"),
        Field("format", f"格式: {', '.join(FORMATS)}", f"the format: {', '.join(FORMATS)}", "gpkg"),
        Field(
            "epsg",
            f"文件的坐标系: {', '.join(map(str, OFFERED_EPSG))}",
            f"the reference system of the file: {', '.join(map(str, OFFERED_EPSG))}",
            "4545",
        ),
        Field(
            "encoding",
            f"Shapefile 的编码: {', '.join(ENCODINGS)}",
            f"the encoding of a Shapefile: {', '.join(ENCODINGS)}",
            "UTF-8",
        ),
        Field("zip", "打成压缩包, true 或 false", "as an archive, true or false", "true"),
        Field(
            "export",
            "导出任务的编号",
            "the id of an export",
            "N0qlJ0w2vX3mYf1rT8bUuZ5cKd9eHs7a",
            _form("[0-9A-Za-z_-]{32}"),
        ),
        Field("by", "谁送来的, 1 到 100 个字", "who brought it, 1 to 100 characters", "测绘公司", _form(r"[^\x00-\x1f]{1,100}")),
        Field(
            "hand_in",
            "汇交任务的编号",
            "the id of a hand-in",
            "N0qlJ0w2vX3mYf1rT8bUuZ5cKd9eHs7a",
            _form("[0-9A-Za-z_-]{32}"),
        ),
        Field(
            "on",
            "按哪一天的规则, 默认今天",
            "the rules of which day; today if not given",
            "2016-09-14",
            _form(r"\d{4}-\d\d-\d\d"),
        ),
        Field("since", "和哪一天比", "compared with which day", "2018-12-31", _form(r"\d{4}-\d\d-\d\d")),
        Field("place", "在哪里: nation 或行政区划代码", "where: nation, or the code of a division", "150626"),
        Field(
            "class",
            "哪一类: decision、prohibition、parameter",
            "which class: decision, prohibition, parameter",
            "decision",
        ),
        Field("instrument", "规则编号的前一半", "the first half of a rule's id", "WS-2016"),
        Field("clause", "规则编号的后一半", "the second half of a rule's id", "II.1.1"),
        Field("id_number", "证件号码, 1 到 40 个字", "an ID number, 1 to 40 characters", "150699199001011237"),
        Field(
            "Idempotency-Key",
            "同一件事重发时用同一个键, 1 到 200 个可见的 ASCII 字",
            "the same for the same event sent again, 1 to 200 visible ASCII characters",
            "paicl-2017-05-08-0001",
            _form("[!-~]{1,200}"),
        ),
    )
}


class InputError(SanquanError):
    """Raised when a value has not the form that its field asks for."""

    def __init__(self, field: Field) -> None:
        """Name the field and show a valid example."""
        super().__init__(
            f"{field.name} 不合格式: {field.zh}, 例如 {field.example}",
            f"{field.name} is malformed: {field.en}, for example {field.example}",
        )
        self.field = field


@dataclass(frozen=True, slots=True)
class Moment:
    """As of which day, as known at which size of the log; `log_size` is how long the log is now."""

    valid_at: str
    known_at: int
    log_size: int

    def facts(self) -> dict[str, str | int]:
        """How an answer says it."""
        return {"valid_at": self.valid_at, "known_at": self.known_at}


def text(name: str, given: str) -> str:
    """A text in the form of its field; InputError."""
    field = FIELDS[name]
    if not field.form.fullmatch(given):
        raise InputError(field)
    return given


def day(given: str, name: str = "valid_at") -> str:
    """A day as "YYYY-MM-DD"; InputError for one that no calendar has."""
    try:
        return dt.date.fromisoformat(text(name, given)).isoformat()
    except ValueError as malformed:
        raise InputError(FIELDS[name]) from malformed


def moment(store: Store, connection: Connection, valid_at: str | None, known_at: str | None) -> Moment:
    """The moment that is asked about: today in China and now, if not given. InputError."""
    from registry.ledger import read as ledger

    size = ledger.size(connection)
    on = china.today(store) if valid_at is None else day(valid_at)
    if known_at is None:
        return Moment(on, size, size)
    text("known_at", known_at)
    known = int(known_at) if known_at.isdigit() else _size_at(connection, known_at)
    if not 0 < known <= size:
        raise InputError(FIELDS["known_at"])
    return Moment(on, known, size)


def _size_at(connection: Connection, instant: str) -> int:
    from registry.ledger import read as ledger

    try:
        when = dt.datetime.fromisoformat(instant).astimezone(dt.UTC)
    except (ValueError, OverflowError) as malformed:  # 0001-01-01T00:00:00+14:00 lies before the first day
        raise InputError(FIELDS["known_at"]) from malformed
    return ledger.size_at(connection, when)
