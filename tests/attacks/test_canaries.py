"""Personal data: what names, numbers, addresses and neighbours' texts came in, comes out nowhere in clear.

Every ID number, address and free text of the sample delivery is a canary (more than 500, all made up). They are looked
for in the raw database, in the log, in what the service and the command answer, in exports and in the service's own log.
"""

from __future__ import annotations

import csv
import io
import logging
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pypdf
import pytest

from api.cli.command import run
from api.settings import ApiSettings
from gis.formats.reading import read_layer
from registry import cases, sources
from registry.delivery.register import import_delivery
from registry.exports import FORMATS
from registry.holding import read as holdings
from registry.holding.model import HOLDING
from registry.ledger.chain import read_chains
from registry.ledger.read import leaves
from registry.looks.keeping import looked
from registry.parcels.model import PARCEL_VERSION
from tests.api.conftest import TOKEN, Caller, caller_of
from tests.registry import made_up
from tests.registry.cases.walking import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.store.engines import Store

DELIVERY = Path(__file__).parents[2] / "sample_parcels" / "delivery" / "150626乌审旗"
SEALED = {
    "CBF": ("CBFZJHM", "CBFDZ", "CBFDCJS", "GSJS", "GSJSR", "GSSHR"),
    "CBF_JTCY": ("CYZJHM", "CYBZSM"),
    "FBF": ("FZRZJHM", "FBFDZ", "FBFDCJS"),
    "户籍": ("证件号码", "住址"),
}
SEALED_OF_LAYERS = {
    "DK": ("DKDZ", "DKXZ", "DKNZ", "DKBZ", "DKBZXX", "ZJRXM"),
    "ZD": ("ZL", "ZDSZD", "ZDSZN", "ZDSZX", "ZDSZB"),
}
# Shorter texts stand in ordinary words by chance ("路", "沟").
SHORTEST = 6


def canaries() -> set[str]:
    """Every sealed value of the sample that is long enough to be told from an ordinary word."""
    found: set[str] = set()
    for table, fields in SEALED.items():
        text = (DELIVERY / "权属数据" / f"{table}.csv").read_bytes().decode("gb18030")
        for row in csv.DictReader(text.splitlines()):
            found |= {row[field].strip() for field in fields}
    for layer, fields in SEALED_OF_LAYERS.items():
        frame = read_layer(DELIVERY / "矢量数据" / f"{layer}1506262016.shp").frame
        for field in fields:
            found |= {str(value).strip() for value in frame[field]}
    return {value for value in found if len(value) >= SHORTEST and value != "nan"}


CANARIES = canaries()


def escaped(text: str, where: str) -> None:
    """Fail with the place and with how many canaries got out, never with one of them."""
    out = [canary for canary in CANARIES if canary in text]
    assert not out, f"{len(out)} personal values in {where}"


@pytest.fixture
def registered(store: Store) -> Store:
    """The sample delivery registered."""
    report = import_delivery(store, DELIVERY, made_up.CLERK)
    assert not report.returned
    return store


def worked(store: Store) -> str:
    """What an office does with the first household, writing personal values wherever its words are free; returns a case's id.

    A case at its notice, with messages and, for the second, a notice on the board; looks; a refusal in the log of looks.
    """
    told = sorted(CANARIES)
    with store.reading() as connection:
        holding = holdings.by_code(connection, "150626100210000001") or ""
        version = read_chains(connection, HOLDING, [holding])[holding][-1]
    people = [member.person_id for member in holdings.members(version)]
    paper = sources.keep(store, b"a paper", kind="材料", dated="2026-01-01")
    other = next(person for person in people if person != version.columns["representative_id"])
    number = made_up.id_number("19790815", 628)
    newcomer = {"name": "其其格", "id_number": number, "sex": "2", "relation": "20", "day": "1998-01-01"}
    found = ""
    for kind, request in (("representative-changed", {"representative": other}), ("omission-corrected", newcomer)):
        found = cases.open_case(store, FIRST, kind, subject=[holding], request=request, applicant=people[0])
        for n, (word, said) in enumerate((
            ("submitted", {"note": told[0]}), ("accepted", {"note": told[1]}),
            ("noticed", {"where": told[2]}), ("evidence-added", {"paper": "application", "source": paper, "note": told[3]}),
        ), 1):  # fmt: skip
            cases.take(store, found, word, FIRST, n, said)
        with pytest.raises(cases.StepNotOpenError):
            cases.take(store, found, "reviewed", FIRST, 5, {"opinion": told[4]})
    looked(store, FIRST.officer, people, "rights", told[5])
    return found


def _walk_what_was_worked(caller: Caller, case_id: str) -> None:
    """Cases, the dossier, notices, the outbox and looks, as an office and as a stranger gets them."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    actor = {"account": FIRST.id, "name": FIRST.name, "bureau": FIRST.bureau, "role": FIRST.role}
    asked: dict[str, dict[str, object]] = {
        "/v1/cases/lookup": {"actor": actor},
        f"/v1/cases/{case_id}/lookup": {"actor": actor},
        f"/v1/cases/{case_id}/steps": {"actor": actor, "step": {"step": "accepted", "seen": 2}},
        f"/v1/cases/{case_id}/dossier": {"actor": actor, "purpose": "复核"},
    }
    for path, sent in asked.items():
        got = caller.post(path, json=sent, headers=headers)
        assert got.status_code in (200, 409), got.text
        escaped(_text(got.content), path)
    for path in ("/notices", "/v1/notices?over=true", "/v1/outbox", "/v1/rosters?collective=15062610021000"):
        got = caller.get(path, headers=headers)
        assert got.status_code == 200, got.text
        escaped(got.text, path)


def _text(answer: bytes) -> str:
    if answer.startswith(b"%PDF"):
        return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(answer)).pages)
    return answer.decode()


def test_there_are_more_than_five_hundred_canaries() -> None:
    """A search that looks for nothing finds nothing."""
    assert len(CANARIES) > 500


def test_raw_database_and_log_hold_no_personal_value_in_clear(registered: Store) -> None:
    """Personal fields are ciphertext, also where names hide: 四至, 指界人, 毗邻, 调查记事, 公示记事."""
    settings = registered.settings
    with registered.reading() as connection:
        escaped("\n".join(leaf.decode() for leaf in leaves(connection)), "the log")
    worked(registered)
    registered.close()
    if settings.engine == "file":
        beside = (path for kept in (settings.database, settings.looks) for path in kept.parent.glob(f"{kept.name}*"))
        raw = b"".join(path.read_bytes() for path in (*beside, settings.looks_head))
    else:
        raw = subprocess.run(["pg_dump", "--inserts", settings.url], check=True, capture_output=True).stdout
        # bytea stands in hexadecimal: the canaries are looked for under it too.
        raw += b"\n".join(bytes.fromhex(h.decode()) for h in re.findall(rb"\\x((?:[0-9a-f]{2})+)", raw))
    found = sum(1 for canary in CANARIES if any(canary.encode(code) in raw for code in ("utf-8", "gb18030")))
    assert found == 0, f"{found} personal values in the raw database"


def test_no_answer_and_no_line_of_the_log_holds_a_personal_value(
    registered: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Until sign-in exists every personal field is masked: service, command, exports, and what is logged of them."""
    with registered.reading() as connection:
        holding = holdings.by_code(connection, "150626100210000001") or ""
        people = [m.person_id for m in holdings.members(read_chains(connection, HOLDING, [holding])[holding][-1])]
        parcel = connection.execute(PARCEL_VERSION.select().limit(1)).mappings().first()
    assert parcel is not None
    folder = registered.settings.folder
    case_id = worked(registered)
    registered.close()
    caplog.set_level(logging.DEBUG)
    caller = caller_of(ApiSettings(registry=folder, token=TOKEN))
    try:
        for path in _paths(people, parcel["thing_id"]):
            escaped(caller.get(path).text, path)
        _walk_what_was_worked(caller, case_id)
        lookup = caller.post("/v1/persons/lookup", json={"id_number": _number_of_a_member()})
        assert lookup.status_code == 200
        assert lookup.json()["persons"]
        escaped(lookup.text, "the look-up")
    finally:
        caller.close()
    for command in _commands(people[0], tmp_path):
        run([*command, "--registry", str(folder)])
    told = capfd.readouterr()
    escaped(told.out + told.err, "the command's words")
    escaped(caplog.text, "the log of the service")
    assert list((tmp_path / "sms").glob("*")) == []  # messages of steps go by the channel of the log
    for file in sorted(tmp_path.rglob("*")):
        if file.is_file():
            escaped(
                file.read_bytes().decode("utf-8", "ignore") + file.read_bytes().decode("gb18030", "ignore"), file.suffix
            )


def _number_of_a_member() -> str:
    """Of somebody in the register: the head of an issuer need not be."""
    text = (DELIVERY / "权属数据" / "CBF_JTCY.csv").read_bytes().decode("gb18030")
    return next(csv.DictReader(text.splitlines()))["CYZJHM"]


def _paths(people: Iterable[str], parcel: str) -> list[str]:
    out = ["/v1/parcels?village=150626100210", "/v1/rights?village=150626100210", f"/v1/parcels/{parcel}", "/v1/ledger"]
    out += [
        "/v1/ledger/entries?from=0&limit=100",
        "/map",
        "/map/parcels.geojson?bbox=108,37,110,40",
        "/v1/openapi.json",
    ]
    for person in people:
        base = f"/v1/persons/{person}"
        out += [f"{base}/{part}" for part in ("statement", "rights", "registrations", "guarantee", "permit", "looks")]
        out += [f"/v1/rights?holder={person}", f"/map?person={person}"]
    return out


def _commands(person: str, folder: Path) -> list[list[str]]:
    return [
        ["statement", "--person", person],
        ["statement", "--person", person, "--json"],
        ["rights", "--person", person],
        ["guarantee", "--person", person],
        ["parcels", "--village", "150626100210"],
        ["audit"],
        ["ledger", "--export", str(folder / "leaves.txt")],
        ["looked", "--person", person],
        ["looked", "--person", person, "--json"],
        ["roster", "list", "15062610021000"],
        ["roster", "list", "15062610021000", "--json"],
        ["payments", "list", "2016", "--json"],
        ["notice", "list", "--all", "--json"],
        ["notice", "outbox", "--json"],
        ["notice", "send", "--sms", str(folder / "sms")],
        *(["export", str(folder / f"family.{form}"), "--format", form, "--person", person] for form in FORMATS),
        *(["export", str(folder / f"v.{form}"), "--format", form, "--village", "150626100210"] for form in FORMATS),
        ["publish", str(folder)],
    ]
