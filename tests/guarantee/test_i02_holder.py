"""I2: can editing a hukou book edit the list of those who hold the land together?"""

from __future__ import annotations

import ast
from pathlib import Path

import registry
from registry.residence import Registration
from registry.settlement import Event, record
from registry.store.engines import Store
from tests.guarantee.village import projections, registered
from tests.registry.made_up import Village

ROOT = Path(registry.__file__).parent


def test_moving_splitting_and_merging_the_hukou_book_leaves_the_member_list(store: Store) -> None:
    """I2: the holder and co-holder list is a list of its own; hukou composition never edits it."""
    village = registered(store)
    before = projections(store, village.people[0])
    for number, kind in enumerate(("hukou-split", "hukou-merged", "moved-within", "moved-out", "return-move")):
        rows = tuple(_apart(village, person, number) for person in village.people[:3])
        record(store, Event(kind, "2017-05-08", tuple(village.people[:3]), rows), "王警官", "公安局")
    after = projections(store, village.people[0])
    assert after == before
    listed = after[village.holding]
    assert listed is not None
    assert [line[0] for line in listed["members"]] == village.people


def test_everybody_under_another_roof_still_holds_together(store: Store) -> None:
    """Design, two households: five registrations at five addresses, one contracting household as it was."""
    village = registered(store)
    for number, person in enumerate(village.people):
        event = Event("hukou-split", "2017-05-08", (person,), (_apart(village, person, number),))
        record(store, event, "王警官", "公安局")
    for person in village.people:
        found = projections(store, person)
        assert found[village.rights["contract-arable"]] is not None
        assert found[village.rights["homestead"]] is not None


def test_no_code_of_a_guarded_noun_reads_the_hukou_book() -> None:
    """Design: no code derives one household from the other: no guarded noun imports residence or settlement."""
    for path in ROOT.glob("*/*.py"):
        if not (path.parent / "model.py").exists():
            continue
        imported = {
            name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else []
            )
        }
        assert not {n for n in imported if n.startswith(("registry.residence", "registry.settlement"))}, path


def _apart(village: Village, person: str, number: int) -> Registration:
    place = ("150626100010", "嘎鲁图镇文苑社区", "文苑社区")
    return Registration(person, "2017-05-08", f"H-{number}-{village.people.index(person)}", "02", *place)
