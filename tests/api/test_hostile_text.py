"""Can any text in any parameter do more than be refused?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import TOKEN

if TYPE_CHECKING:
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

_SUITED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
_TRICKS = st.sampled_from(
    [
        *(
            "' OR 1=1 --",
            '"; DROP TABLE party; --',
            "%",
            "_",
            "\0",
            "\x7f",
            "９９９",
            "²",
            "1e308",
            "NaN",
            "-0",
            "1_000",
        ),
        *("+1", "9" * 400, "9999-12-31", "0001-01-01", "2025-02-30", "2025-W01-1", "20250101"),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2025-01-01T25:00:00Z", "../../etc/passwd"),
        *(
            "<script>",
            "{{7*7}}",
            "null",
            "true",
            "\u202e",
            "\ufeff",
            "e\u0301",
            "0" * 32,
            "f" * 32,
            "F" * 32,
            "g" * 32,
        ),
        *("108,38,109,39", "99,0,117,89", "98,-90,118,90", "0,0,999999999,999999999", "-999999999,-999999999,0,0"),
        "108.5,38.2,108.6,38.3,",
    ]
)
_TEXTS = st.one_of(_TRICKS, st.text(max_size=60), st.from_regex(r"\A\d{4}-\d\d-\d\d\Z"), st.integers().map(str))


@_SUITED
@given(data=st.data())
def test_any_text_in_any_parameter_is_answered_or_refused(
    caller: Caller, village: Village, data: st.DataObject
) -> None:
    """No text that can be sent as a parameter makes a failure of ours (500), on either engine."""
    paths = caller.app.openapi()["paths"]
    path = data.draw(st.sampled_from(sorted(path for path, item in paths.items() if "get" in item)))
    route, asked = paths[path]["get"], {}
    # A log of which nothing is published yet has no proof of its entry (409), and the route says so.
    refusals = {int(status) for status in route["responses"] if "400" <= status < "500"}
    for parameter in route.get("parameters", ()):
        if parameter["in"] == "path":
            ids = {"person": village.people[0], "parcel": village.parcels["grass"], "idx": "9"}
            ids |= {"comparison": "0" * 32, "export": "0" * 32}
            known = ids.get(parameter["name"], "x")
            value = data.draw(st.one_of(st.just(known), _TEXTS))
            path = path.replace("{" + parameter["name"] + "}", quote(value, safe="") or "%20")
        elif data.draw(st.booleans()):
            asked[parameter["name"]] = data.draw(_TEXTS)
    got = caller.get(path, params=asked, headers={"Authorization": f"Bearer {TOKEN}"})
    assert got.status_code in {200, 303, 401, 404, 405, 422} | refusals, (path, asked, got.text)


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _TEXTS), lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ), max_leaves=6,
)  # fmt: skip
_FIELDS = st.sampled_from(
    [
        "kind",
        "day",
        "officer",
        "people",
        "registrations",
        "permits",
        "identities",
        "newcomers",
        "basis",
        "evidence",
        "cancels",
    ]
)
_EVENTS = st.builds(
    lambda changed: {
        "kind": "moved-within",
        "day": "2025-01-08",
        "officer": {"name": "王", "bureau": "公安局"},
        **changed,
    },
    st.dictionaries(_FIELDS, _JSON, max_size=3),
)


@_SUITED
@given(sent=st.one_of(_JSON, _EVENTS))
def test_any_json_as_a_body_is_answered_or_refused(caller: Caller, sent: object) -> None:
    """Whatever is sent as an event or as a look-up is recorded, answered or refused: no failure of ours."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    try:
        got = caller.post("/v1/household-events", json=sent, headers=headers)
    except (ValueError, UnicodeEncodeError):
        return  # the client itself can't write it: NaN, a lone surrogate
    assert got.status_code in {200, 201, 409, 422}, got.text
    look_up = caller.post("/v1/persons/lookup", json={"id_number": sent})
    assert look_up.status_code in {200, 422}, look_up.text


@_SUITED
@given(header=st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=40))
def test_any_header_is_answered_or_refused(caller: Caller, header: str) -> None:
    """Tags, tokens, hosts and origins are texts of strangers too."""
    for name in ("If-None-Match", "Authorization", "Origin", "Host", "Content-Length", "Accept"):
        got = caller.get("/v1/ledger", headers={name: header.encode("latin-1")})
        assert got.status_code in {200, 304, 403, 413, 421}, (name, got.text)


_NAMES = st.one_of(
    st.sampled_from([f"{name}{suffix}" for name in ("CBHT", "KTT_ZDJBXX") for suffix in (".csv", ".xlsx", ".dbf", ".zip")]),
    _TEXTS,
)
_CONTENTS = st.one_of(
    st.binary(max_size=200),
    _TEXTS.map(lambda text: f"CBHTBM,政策,{text}\n{text},{text},1\n".encode(errors="replace")),
    st.binary(max_size=60).map(lambda rest: b"PK\x03\x04" + rest),
    st.binary(min_size=32, max_size=90).map(lambda rest: b"\x03" + rest),
)


@_SUITED
@given(name=_NAMES, content=_CONTENTS, path=st.sampled_from(["/v1/comparisons", "/v1/subsidy-checks?form=csv"]))
def test_any_file_that_is_uploaded_is_refused_by_name(caller: Caller, name: str, content: bytes, path: str) -> None:
    """No bytes under no name make a failure of ours (500): what can't be read is a problem with its place."""
    sent = [("files", (name, content, "application/octet-stream"))]
    got = caller.post(path, files=sent, headers={"Authorization": f"Bearer {TOKEN}"})
    assert got.status_code == 422, (path, got.text)
    assert got.json()["zh"]
