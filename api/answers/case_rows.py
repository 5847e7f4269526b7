"""How is a case shown that goes row by row (延包): counts, samples of what would be written, what each household waits for?

Whoever keeps the book, and the township and the collective, see all rows; anybody else sees their own household's and what was
said of it. Red rows stand first. Nobody is named: people are ids with masked names, and marks of a roster never leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry import cases
from registry.cases.rows import explained, standings, told_by, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.case_files import Case, Step
    from registry.cases import Actor, Facts
    from registry.cases.rows import Difference, Standing

Answer = dict[str, Any]
_SAMPLES = 3
_PERSONAL = ("person", "relative", "counsel", "bank")


def own(kind: cases.Kind, actor: Actor, facts: Facts) -> frozenset[str] | None:
    """The rows that this actor sees; None where they see the whole case."""
    if not kind.by_rows or actor.role not in _PERSONAL:
        return None
    return frozenset(row.id for row in facts.touched.rows or () if actor.whose in row.people)


def rows(case: Case, facts: Facts, seen: frozenset[str] | None) -> Answer:
    """Every row that is seen, red ones first."""
    found = standings(case, facts.touched.rows or (), facts.objections)
    shown = [each for each in found if seen is None or each.row.id in seen]
    counts = {
        "ready": sum(each.ready for each in found),
        "waiting": sum(not each.ready and not each.row.never for each in found),
        "not_extended": sum(bool(each.row.never) for each in found),
        "written": len(written(case)),
    }
    samples = [contract for each in shown if each.ready for contract in _contracts(each)]
    return {
        "counts": counts,
        "samples": samples[:_SAMPLES],
        "rows": [_row(case, each) for each in sorted(shown, key=_red_first)],
        "strangers": list(facts.touched.strangers) if seen is None else [],
    }


def steps(case: Case, facts: Facts, seen: frozenset[str] | None) -> list[Step]:
    """The steps of a case without what was said of other households."""
    if seen is None:
        return list(case.steps)
    people = {person for row in facts.touched.rows or () if row.id in seen for person in row.people}
    return [
        step
        for step in case.steps
        if (step.step != "told" or told_by(step) & people)
        and (step.step != "explained" or step.said.get("row") in seen)
    ]


def people(facts: Facts, seen: frozenset[str] | None) -> Mapping[str, bool]:
    """Those touched who are seen, each with whether they are a minor."""
    if seen is None:
        return facts.touched.people
    return {
        person: minor for row in facts.touched.rows or () if row.id in seen for person, minor in row.people.items()
    }


def request(asked: Mapping[str, Any]) -> Answer:
    """What was asked for: of a roster how many households it has."""
    return {**asked, "roster": len(asked["roster"])} if isinstance(asked.get("roster"), list) else dict(asked)


def _red_first(each: Standing) -> tuple[bool, bool, str]:
    return each.ready, not each.row.differences, each.row.code


def _row(case: Case, each: Standing) -> Answer:
    row, found = each.row, explained(case, each.row)
    standing = "not-extended" if row.never else "ready" if each.ready else "waiting"
    return {
        "household": row.id,
        "code": row.code,
        "standing": standing,
        "contracts": _contracts(each),
        "differences": [_difference(one, found) for one in row.differences],
        "why": [{"zh": zh, "en": en} for zh, en in each.why],
        "people": sorted(row.people),
    }


def _contracts(each: Standing) -> list[Answer]:
    return [
        {
            "right": contract.right_id,
            "code": contract.code,
            "from": contract.term_start,
            "to": contract.term_end,
            "new_from": contract.begins,
            "new_to": contract.ends,
        }
        for contract in each.row.contracts
    ]


def _difference(one: Difference, found: Mapping[str, Step]) -> Answer:
    given = found.get(one.key)
    return {
        "key": one.key,
        "zh": one.zh,
        "en": one.en,
        "causes": sorted(one.causes),
        "explained": None if given is None else given.said["cause"],
    }
