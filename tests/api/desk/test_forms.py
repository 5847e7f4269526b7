"""Has every kind of case, and every step, its form, and does it say all that the engine takes?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.desk import filled
from api.desk.forms import FILE, FormsError, forms, read_forms
from registry.cases import book, choices
from registry.cases.kinds import BREACH
from registry.cases.rules import DRAFTED
from tests.registry.cases.walking import EXAMPLES, Walker

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store
    from tests.registry.made_up import Village

BY_ROSTER = {"extension"}
"""What is asked for by a file and not field by field."""


def test_every_kind_and_every_step_has_a_form() -> None:
    """A kind that is added without a form fails here, and so does a form of none; 延包 is asked for by its roster."""
    assert set(forms().kinds) | BY_ROSTER == set(book().kinds)
    assert set(forms().steps) | {DRAFTED} == set(book().steps)


@pytest.mark.parametrize("kind", sorted(set(EXAMPLES) - BY_ROSTER))
def test_form_takes_what_the_kind_asks_for_and_offers_what_is_chosen(store: Store, village: Village, kind: str) -> None:
    """Whatever a kind asks for can be typed: a draft put into its form and read from it is the same request.

    Names instead of codes: people and parcels that a case names are offered by the register, and words have their names.
    """
    example = Walker(store, village).example(kind)
    fields = forms().kinds[kind]
    assert filled.values(fields, filled.shown(fields, example.request)) == example.request
    if BREACH in book().kinds[kind].about or example.challenges:
        return
    with store.reading() as connection:
        offered = choices(store, connection, example.subject, kind)
    people = {one.id for one in offered.people}
    parcels = {line.parcel for line in offered.lines}
    for field in fields:
        typed = filled.shown([field], example.request)
        match field.sort:
            case "person" | "people":
                assert {text for texts in typed.values() for text in texts} <= people
            case "shares":
                assert {name.removeprefix(f"{field.name}.") for name in typed} <= people
            case "parcels" | "lines":
                assert set(typed.get(field.name, ())) <= parcels
            case "gives":
                assert set(typed[field.name]) <= {f"{line.right} {line.parcel}" for line in offered.lines}
            case "issuer":
                assert set(typed[field.name]) <= {issuer for issuer, _ in offered.issuers}
            case "subject":
                assert set(typed[field.name]) <= {each.id for each in offered.subjects}
            case "word":
                assert set(typed.get(field.name, ())) <= {option.word for option in field.options}


def test_a_slip_in_the_file_of_forms_is_named_by_its_line(tmp_path: Path) -> None:
    """A sort that no page knows would be a form without the field."""
    broken = tmp_path / "forms.toml"
    broken.write_text(FILE.read_text("utf-8").replace('sort = "amount"', 'sort = "money"', 1), "utf-8")
    with pytest.raises(FormsError, match="money"):
        read_forms(broken)
