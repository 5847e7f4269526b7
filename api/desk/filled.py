"""How does what somebody filled in become what the engine takes, and how does a draft stand in its form again?

Nothing is judged here: a field that was left empty is left out, a number that is none stays as it was typed, and the engine
refuses it by its name. Texts are never repeated in a refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.answers.drawing import corners

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from api.desk.forms import Field

_AREAS = ("m2", "mu")
_WHO = ("person", "name", "id_number", "sex")
_PARTS = 2


def values(fields: Sequence[Field], sent: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What was filled in, by the paths of the fields. `sent` has the texts of a form by name."""
    found: dict[str, Any] = {}
    for field in fields:
        read = _READ.get(field.sort, _text)
        value = read(field, sent)
        if field.sort == "somebody" and not field.name:
            found |= value
        elif value not in ("", [], {}):
            _put(found, field.name.split("."), value)
    return found


def shown(fields: Sequence[Field], given: Mapping[str, Any]) -> dict[str, list[str]]:
    """The other way: how values stand in their form, by name of the form's inputs."""
    found: dict[str, list[str]] = {}
    for field in fields:
        value = given if not field.name else _get(given, field.name.split("."))
        if value is not None:
            found |= _SHOWN.get(field.sort, _show_text)(field, value)
    return found


def _one(sent: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(sent.get(name, ())), "").strip()


def _text(field: Field, sent: Mapping[str, Sequence[str]]) -> Any:  # noqa: ANN401  (a value of JSON, here as below)
    # A long text is typed in lines; what the log takes has none.
    return " ".join(_one(sent, field.name).split()) if field.sort == "long" else _one(sent, field.name)


def _whole(field: Field, sent: Mapping[str, Sequence[str]]) -> Any:  # noqa: ANN401
    text = _one(sent, field.name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(2**31)) else text


def _many(field: Field, sent: Mapping[str, Sequence[str]]) -> list[str]:
    return [text for text in sent.get(field.name, ()) if text]


def _somebody(field: Field, sent: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A person of the register, or whoever is written down."""
    prefix = f"{field.name}." if field.name else ""
    typed = {name: _one(sent, f"{prefix}{name}") for name in _WHO}
    if typed["person"]:
        return {"person": typed["person"]}
    return {name: text for name, text in typed.items() if text}


def _lines(field: Field, sent: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    ticked = _many(field, sent)
    return [{"parcel": each, **{area: _one(sent, f"{field.name}.{each}.{area}") for area in _AREAS}} for each in ticked]


def _gives(field: Field, sent: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Ticks of "right parcel"."""
    found: dict[str, list[str]] = {}
    for tick in _many(field, sent):
        right, _, parcel = tick.partition(" ")
        found.setdefault(right, []).append(parcel)
    return [{"right": right, "parcels": parcels} for right, parcels in found.items()]


def _shares(field: Field, sent: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """"1/2" beside each person."""
    prefix, found = f"{field.name}.", []
    for name in sent:
        text = _one(sent, name)
        if name.startswith(prefix) and text:
            parts = [int(part) if part.isascii() and part.isdigit() else part for part in map(str.strip, text.split("/"))]
            numerator, denominator = parts if len(parts) == _PARTS else (text, "")
            found.append({"person": name.removeprefix(prefix), "numerator": numerator, "denominator": denominator})
    return found


def _vertices(field: Field, sent: Mapping[str, Sequence[str]]) -> list[list[str]]:
    return corners(_one(sent, field.name))


def _codes(field: Field, sent: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    return [{"code": code} for code in _one(sent, field.name).split()]


def _by_id(field: Field, sent: Mapping[str, Sequence[str]]) -> dict[str, str]:
    prefix = f"{field.name}."
    told = {name.removeprefix(prefix): " ".join(_one(sent, name).split()) for name in sent if name.startswith(prefix)}
    return {key: text for key, text in told.items() if text}


_READ: Mapping[str, Callable[[Field, Mapping[str, Sequence[str]]], Any]] = {
    "whole": _whole,
    "people": _many,
    "parcels": _many,
    "somebody": _somebody,
    "lines": _lines,
    "gives": _gives,
    "shares": _shares,
    "vertices": _vertices,
    "codes": _codes,
    "findings": _by_id,
    "signs": _by_id,
}


def _show_text(field: Field, value: Any) -> dict[str, list[str]]:  # noqa: ANN401
    return {field.name: [str(value)]}


def _show_many(field: Field, value: Any) -> dict[str, list[str]]:  # noqa: ANN401
    return {field.name: list(value)}


def _show_somebody(field: Field, value: Any) -> dict[str, list[str]]:  # noqa: ANN401
    prefix = f"{field.name}." if field.name else ""
    return {f"{prefix}{name}": [value[name]] for name in _WHO if name in value}


def _show_lines(field: Field, value: Any) -> dict[str, list[str]]:  # noqa: ANN401
    found = {field.name: [line["parcel"] for line in value]}
    for line in value:
        # A masked answer has no names of areas.
        found |= {f"{field.name}.{line['parcel']}.{area}": [line[area]] for area in _AREAS if area in line}
    return found


def _show_gives(field: Field, value: Any) -> dict[str, list[str]]:  # noqa: ANN401
    return {field.name: [f"{side['right']} {parcel}" for side in value for parcel in side["parcels"]]}


def _show_shares(field: Field, value: Any) -> dict[str, list[str]]:  # noqa: ANN401
    return {f"{field.name}.{heir['person']}": [f"{heir['numerator']}/{heir['denominator']}"] for heir in value}


def _show_vertices(field: Field, value: Any) -> dict[str, list[str]]:  # noqa: ANN401
    return {field.name: ["\n".join(" ".join(vertex) for vertex in value)]}


def _show_codes(field: Field, value: Any) -> dict[str, list[str]]:  # noqa: ANN401
    return {field.name: [" ".join(each["code"] for each in value)]}


_SHOWN: Mapping[str, Callable[[Field, Any], dict[str, list[str]]]] = {
    "people": _show_many,
    "parcels": _show_many,
    "somebody": _show_somebody,
    "lines": _show_lines,
    "gives": _show_gives,
    "shares": _show_shares,
    "vertices": _show_vertices,
    "codes": _show_codes,
}


def _put(into: dict[str, Any], path: Sequence[str], value: object) -> None:
    """Under a path; a part that is a number is a place of a list. One that was left out stays empty, for the engine to refuse."""
    here: Any = into
    for part, following in zip(path, [*path[1:], ""], strict=True):
        last: Any = value if following == "" else [] if following.isdigit() else {}
        if part.isdigit():
            here.extend({} for _ in range(len(here), int(part)))
            if len(here) == int(part):
                here.append(last)
            here = here[int(part)]
        elif following == "":
            here[part] = value
        else:
            here = here.setdefault(part, last)


def _get(given: Any, path: Sequence[str]) -> Any:  # noqa: ANN401
    here = given
    for part in path:
        if isinstance(here, list):
            here = here[int(part)] if part.isdigit() and int(part) < len(here) else None
        else:
            here = here.get(part) if isinstance(here, dict) else None
    return here
