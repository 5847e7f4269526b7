"""What stands in the rows of the layers and of the five NY/T tables, for the sample's families and land?

`Delivery` is a delivery in memory: layers with shapes and tables, each a list of rows, in the order of
docs/delivery.md. The five rosters are made in rosters.py; damage.py damages a copy; write.py writes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from sample_parcels.land import GRASSLAND_BOOK, UNCONTRACTED, USES, Plot, Village, in_mu
from sample_parcels.mesh import Point
from sample_parcels.people import Person

Row = dict[str, str]
Rings = list[list[Point]]  # outer ring clockwise, holes counter-clockwise, unclosed

GRASS_SERIAL = 4000  # serials 0001-4000: book of arable, forest and other land; 4001-8000: grassland book
ARABLE_TERM, GRASS_TERM = ("19980101", "20271231"), ("19980101", "20471231")
SURVEYOR, CHECKER, POSTCODE = "测绘员甲", "审核员乙", "017300"
_FORMER_AREA = 7  # every seventh contracted parcel keeps the area of its earlier contract
_BLANK_LAND_USE = 9  # every ninth dry field came without TDLYLX: TDYT decides


@dataclass(frozen=True, slots=True)
class Family:
    """One contracting household: its place in its village, its people, its codes in the two books."""

    place: int
    people: list[Person]
    arable: str
    grass: str

    @property
    def head(self) -> Person:
        """The household's representative."""
        return self.people[0]


@dataclass(slots=True)
class Layer:
    """A layer's rows and, row by row, their rings."""

    rows: list[Row] = field(default_factory=list)
    shapes: list[Rings] = field(default_factory=list)


@dataclass(slots=True)
class Delivery:
    """A delivery in memory: layers by prefix (DK, CJQY, ZD), tables and rosters by name."""

    layers: dict[str, Layer] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)


def add_village(delivery: Delivery, village: Village, families: list[Family], issuer: Person) -> None:
    """Append the village's rows to DK, CJQY, ZD, FBF, CBF, CBF_JTCY, CBDKXX and CBHT."""
    _add_issuer(delivery, village, issuer)
    limits = delivery.layers["CJQY"]
    limits.rows.append(
        {"BSM": _next(limits), "YSDM": "162030", "CJQYDM": village.code, "CJQYMC": village.settings["name"]}
    )
    limits.shapes.append([village.outline])
    for plot in village.plots:
        if plot.use == "home":
            _add_homestead(delivery.layers["ZD"], village, plot, families)
        else:
            _add_parcel(delivery.layers["DK"], village, plot, families)
    for family in families:
        for code, other in ((family.arable, family.grass), (family.grass, family.arable)):
            if code:
                _add_household(delivery, village, family, code, other)
                plots = [plot for plot in village.plots if plot.holder == family.place and _book(family, plot) == code]
                _add_contract(delivery, village, code, plots)


def parcel_code(village: Village, plot: Plot) -> str:
    """DKBM: issuer and a serial of five."""
    return f"{village.issuer}{plot.serial:05d}"


def unit_code(village: Village, plot: Plot) -> str:
    """BDCDYH of a homestead; every sixth has no house on it."""
    tail = "W00000000" if plot.serial % 6 == 0 else "F00010001"
    return f"{village.code}JC{plot.serial:05d}{tail}"


def address(village: Village, family: Family) -> str:
    """The family's address in the village."""
    return f"内蒙古鄂尔多斯市乌审旗{village.settings['town']}{village.settings['name']}{family.place + 1:02d}号"


def _book(family: Family, plot: Plot) -> str:
    if plot.use == "home":
        return ""
    return family.grass if plot.use in GRASSLAND_BOOK else family.arable


def _next(layer: Layer) -> str:
    return str(len(layer.rows) + 1)


def _add_issuer(delivery: Delivery, village: Village, person: Person) -> None:
    spec = village.settings
    delivery.tables["FBF"].append(
        {
            "FBFBM": village.issuer,
            "FBFMC": f"乌审旗{spec['town']}{spec['name']}村民委员会",
            "FBFFZRXM": person.name,
            "FZRZJLX": "1",
            "FZRZJHM": person.number,
            "LXDH": "",
            "FBFDZ": f"内蒙古鄂尔多斯市乌审旗{spec['town']}{spec['name']}",
            "YZBM": POSTCODE,
            "FBFDCY": SURVEYOR,
            "FBFDCRQ": "20160601",
            "FBFDCJS": f"与{person.name}核对，四至清楚",
        }
    )


def _around(plot: Plot, families: list[Family]) -> dict[str, str]:
    """Texts of the four neighbours: holder and local name, as 户主名[地块名]; they name people."""
    texts = {}
    for side, default in (("E", "乡道"), ("S", "沙地"), ("W", "水渠"), ("N", "集体草场")):
        other = plot.neighbours.get(side)
        named = other is not None and other.holder is not None
        texts[side] = f"{families[other.holder].head.name}[{other.name}]" if named and other else default  # type: ignore[index]
    return texts


def _add_parcel(layer: Layer, village: Village, plot: Plot, families: list[Family]) -> None:
    use, around = USES[plot.use], _around(plot, families)
    blank = plot.use == "dry" and plot.serial % _BLANK_LAND_USE == 0
    holder = families[plot.holder].head.name if plot.holder is not None else CHECKER
    layer.rows.append(
        {
            "BSM": _next(layer),
            "YSDM": "211011",
            "DKBM": parcel_code(village, plot),
            "DKMC": plot.name,
            "SYQXZ": "30",
            "DKLB": "10" if plot.holder is not None else UNCONTRACTED[plot.use],
            "TDLYLX": "" if blank else use.land_use,
            "DLDJ": "05" if plot.use == "irrigated" else "08",
            "TDYT": use.purpose,
            "SFJBNT": "1" if plot.use == "irrigated" else "2",
            "SCMJ": str(plot.surveyed),
            "DKDZ": around["E"],
            "DKXZ": around["W"],
            "DKNZ": around["S"],
            "DKBZ": around["N"],
            "DKBZXX": "",
            "ZJRXM": holder,
            "KJZB": "/".join(f"J{plot.serial:05d}{n}" for n in range(1, 5)),
            "SCMJM": str(in_mu(plot.surveyed)),
        }
    )
    layer.shapes.append([plot.ring, *plot.holes])


def _add_homestead(layer: Layer, village: Village, plot: Plot, families: list[Family]) -> None:
    code, around = unit_code(village, plot), _around(plot, families)
    family = families[plot.holder] if plot.holder is not None else None
    over = max(Decimal(0), plot.surveyed - Decimal(500))  # an allowance of 500 m²: a figure for the sample only
    layer.rows.append(
        {
            "BSM": _next(layer),
            "YSDM": "",
            "BDCDYH": code,
            "ZDDM": code[:19],
            "FBFBM": village.issuer,
            "QLRCBFBM": family.arable if family else "",
            "ZL": address(village, family) if family else f"乌审旗{village.settings['name']}空院",
            "DKMC": plot.name,
            "ZDMJ": str(plot.surveyed),
            "PZMJ": str(plot.surveyed - over),
            "CQMJ": str(over) if over else "",
            "DJRQ": village.settings["signed"] if family else "",
            "QZH": f"蒙（2016）乌审旗不动产权第{village.code[8:]}{plot.serial:03d}号" if family else "",
            "ZDSZD": around["E"],
            "ZDSZN": around["S"],
            "ZDSZX": around["W"],
            "ZDSZB": around["N"],
        }
    )
    layer.shapes.append([plot.ring])


def _add_household(delivery: Delivery, village: Village, family: Family, code: str, other: str) -> None:
    head = family.head
    delivery.tables["CBF"].append(
        {
            "CBFBM": code,
            "CBFLX": "1",
            "CBFMC": head.name,
            "CBFZJLX": "1",
            "CBFZJHM": head.number,
            "CBFDZ": address(village, family),
            "YZBM": POSTCODE,
            "LXDH": f"100{code[6:]}"[:11],  # no telephone number begins with 100
            "CBFCYSL": str(len(family.people)),
            "CBFDCRQ": "20160615",
            "CBFDCY": SURVEYOR,
            "CBFDCJS": f"{head.name}全家在场，无异议" if family.place % 3 == 0 else "",
            "GSJS": f"公示期内{family.people[-1].name}来核对姓名" if family.place % 5 == 0 else "",
            "GSJSR": SURVEYOR,
            "GSSHRQ": "20160820",
            "GSSHR": CHECKER,
            "GLCBFBM": other,
        }
    )
    delivery.tables["CBF_JTCY"] += [
        {
            "CBFBM": code,
            "CYXM": one.name,
            "CYXB": one.sex,
            "CYZJLX": "1",
            "CYZJHM": one.number,
            "YHZGX": one.relation,
            "CYBZ": one.remark,
            "SFGYR": one.co_holder,
            "CYBZSM": one.remark_text,
        }
        for one in family.people
    ]


def _add_contract(delivery: Delivery, village: Village, code: str, plots: list[Plot]) -> None:
    if not plots:
        return
    contract = code + "J"
    for plot in plots:
        former = plot.contracted if plot.serial % _FORMER_AREA == 0 else None
        delivery.tables["CBDKXX"].append(
            {
                "DKBM": parcel_code(village, plot),
                "FBFBM": village.issuer,
                "CBFBM": code,
                "CBJYQQDFS": "110",
                "HTMJ": str(plot.contracted),
                "CBHTBM": contract,
                "LZHTBM": "",
                "CBJYQZBM": contract,
                "YHTMJ": "" if former is None else str(former),
                "HTMJM": str(in_mu(plot.contracted)),
                "YHTMJM": "" if former is None else str(in_mu(former)),
                "SFQQQG": "2",
            }
        )
    total = sum((plot.contracted for plot in plots), Decimal(0))
    begins, ends = GRASS_TERM if int(code[14:]) > GRASS_SERIAL else ARABLE_TERM
    delivery.tables["CBHT"].append(
        {
            "CBHTBM": contract,
            "YCBHTBM": "",
            "FBFBM": village.issuer,
            "CBFBM": code,
            "CBFS": "110",
            "CBQXQ": begins,
            "CBQXZ": ends,
            "HTZMJ": str(total),
            "CBDKZS": str(len(plots)),
            "QDSJ": village.settings["signed"],
            "HTZMJM": str(in_mu(total)),
            "YHTZMJ": "",
            "YHTZMJM": "",
        }
    )
