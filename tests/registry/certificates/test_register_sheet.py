"""The extract of the register: a contract with or without a certificate, a homestead; who is not on it reads what that means."""

from __future__ import annotations

import pytest

from registry.certificates import register_sheet
from registry.certificates.refusals import NoSuchContract
from registry.masks import Reader
from registry.sheets import AsOf
from registry.store.engines import Store
from tests.registry import made_up

BOTH: tuple[Reader, ...] = ("paper", "desk")
CONTRACT = f"{made_up.VILLAGE_CODE}0001J"


@pytest.mark.parametrize(
    ("code", "title", "no_paper"),
    [
        (CONTRACT, "土地承包登记簿摘录", "不是土地承包经营权证"),
        ("150626100210JC00001F00010001", "宅基地使用权登记摘录", "不是不动产权证书"),
    ],
)
def test_extract_lists_every_co_holder_and_says_what_it_is_not(
    store: Store, code: str, title: str, no_paper: str
) -> None:
    """Hazard of users 2(h): "she is not on the list" is never printed without the way to be added."""
    made_up.register_village(store)
    for reader in BOTH:
        with store.reading() as connection:
            sheet = register_sheet(AsOf.of(store, connection, None, None, reader=reader), code)
        assert (sheet.title, sheet.subtitle) == (title, code)
        names = {cell for table in sheet.tables for row in table.rows for cell in row}
        assert ({name for name, _, _ in made_up.PEOPLE} <= names) == (reader == "paper")
        assert any("漏登" in note for note in sheet.notes)
        assert any(no_paper in note for note in sheet.notes)
        assert sheet.seals == ("登记机构（盖章）",)


def test_unknown_contract_is_refused(store: Store) -> None:
    """A code that nothing stands under names itself and the day."""
    made_up.register_village(store)
    with store.reading() as connection, pytest.raises(NoSuchContract, match="150699"):
        register_sheet(AsOf.of(store, connection, None, None, reader="desk"), "150699100201999999J")
