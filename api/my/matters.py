"""Which matters under way touch the reader, and what can be asked from a phone?

From here a case of five kinds is begun and handed in: that a payment, a share or a right is not understood (核实申请), that a right
is written down wrongly (异议登记), that somebody was left out (漏登补登), that land is demanded for something (举报), that a case
under way is not right (异议). Each asks an office to look. A will is given at the counter on a paper, never here: no step of a
case is taken from these pages but its handing in.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from api.answers import cases as answers
from registry import cases, parties
from registry.accounts.refusals import NotThereError
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection

    from api.my.whose import Reader
    from registry.case_files import Case
    from registry.store.engines import Store

Answer = dict[str, Any]
QUESTION, WRONG, LEFT_OUT = "question", "objected", "omission-corrected"
DEMANDED, CONTESTS = "unlawful-condition", "objection"
ASKED = (QUESTION, WRONG, LEFT_OUT, DEMANDED, CONTESTS)
"""All that is begun from a phone."""
TIED = {
    "settlement": ("要在城镇落户", "to register in town"),
    "school": ("孩子要上学", "a place at school"),
    "housing": ("要房子", "a home"),
    "service": ("要办别的事", "another service"),
    "payment": ("要领钱", "money that is due"),
    "other": ("别的", "something else"),
}
RELATIONS = {
    "10": ("配偶", "husband or wife"),
    "20": ("儿子", "son"),
    "30": ("女儿", "daughter"),
    "50": ("父母", "father or mother"),
    "40": ("孙辈", "grandchild"),
    "60": ("祖辈", "grandparent"),
    "70": ("兄弟姐妹", "brother or sister"),
    "90": ("别的", "another"),
}
"""GB/T 4761-2008, by group."""
EXTENSION, ANSWERED = "extension", "answered"


def found_about(
    store: Store, connection: Connection, reader: Reader, things: list[str]
) -> tuple[list[Case], list[Case]]:
    """The cases about these things that the reader may see, oldest first: those that have not ended, those that were answered."""
    found: dict[str, Case] = {}
    for thing in things:
        found |= {case.id: case for case in cases.visible(store, connection, reader.in_cases(), thing=thing)}
    answered = [case for case in found.values() if case.steps[-1].step == ANSWERED]
    return [case for case in found.values() if not _ended(case)], answered


def things_of(told: Answer) -> list[str]:
    """What of a person a case can be about, from their statement: rights, the lists that hold them, memberships, parcels."""
    rights = [right for right in told["rights"] if right["status"] != "ended"]
    ids = [thing["id"] for thing in told["things"]]
    ids += [each for right in rights for each in (right["id"], right["holder_id"])]
    return list(dict.fromkeys(ids + [parcel["id"] for right in rights for parcel in right["parcels"]]))


def _ended(case: Case) -> bool:
    return cases.book().steps[cases.phase(case, cases.kind_of(case.kind))].ends


def summary(case: Case, person: str) -> Answer:
    """One case in a line: what it is, where it stands, whether they were told, whether their will is asked for."""
    kind = cases.kind_of(case.kind)
    phase = cases.book().steps[cases.phase(case, kind)]
    return {
        "id": case.id,
        "kind": kind.kind,
        "name": {"zh": kind.zh, "en": kind.en},
        "phase": {"zh": phase.zh, "en": phase.en},
        "told": person in cases.told(case),
        "opened": case.steps[0].day,
    }


def whole(store: Store, reader: Reader, case_id: str) -> Answer:
    """A case as this reader sees it, with the office where it lies. NotThereError."""
    try:
        told = answers.read(store, case_id, reader.in_cases())
    except cases.NoSuchCaseError:
        raise NotThereError from None
    mine = next((each for each in told["people"] if each["id"] == reader.person), None)
    return {**told, "mine": mine, "offices": offices_of(store, case_id, reader)}


def offices_of(store: Store, case_id: str, reader: Reader) -> tuple[str, ...]:
    """Who answers: the desks of a case by their Chinese names."""
    with store.reading() as connection:
        facts = cases.look(store, connection, case_id, reader.in_cases())[2]
    return tuple(cases.book().roles[word].zh for word in sorted(facts.desks))


def roster_rows(store: Store, reader: Reader, found: list[Case]) -> list[Answer]:
    """延包: for each village roster under way, whether the reader's household is on it, and what its row waits for.

    Who is left out is told as the reader knows them, another by the masked name: an id tells nobody anything.
    """
    rosters = [answers.show(store, case.id, reader.in_cases()) for case in found if case.kind == EXTENSION]
    return [
        {"case": told["id"], **row, **{each: _named(row[each], told, reader) for each in ("differences", "why")}}
        for told in rosters
        for row in told["rows"]["rows"]
    ]


def _named(texts: list[Answer], told: Answer, reader: Reader) -> list[Answer]:
    names = {each["id"]: (each["name"], each["name"]) for each in told["people"]}
    names[reader.person] = ("(就是您)", "(you)") if reader.own else ("(就是本人)", "(this person)")
    out = []
    for text in texts:
        zh, en = text["zh"], text["en"]
        for person, (of_zh, of_en) in names.items():
            zh, en = zh.replace(person, of_zh), en.replace(person, of_en)
        out.append({**text, "zh": zh, "en": en})
    return out


def ask(store: Store, reader: Reader, name: str, kind: str, sent: Mapping[str, str], things: frozenset[str]) -> str:
    """Begin a case and hand it in; its id. `sent` has `about` and the words; `things` are theirs.

    NotThereError for what is not theirs, and whatever the engine refuses: then the draft is withdrawn and nothing waits.
    """
    about = sent.get("about", "")
    if kind not in ASKED or (kind != CONTESTS and about not in things) or (sent.get("row") and sent["row"] not in things):
        raise NotThereError
    return hand_in(store, reader, kind, about, _request(kind, sent, name))


def hand_in(store: Store, reader: Reader, kind: str, about: str, request: Mapping[str, str]) -> str:
    """Begin a case about a thing, or against a case where it is an objection, and hand it in; its id. Raises as `ask`."""
    contested = about if kind == CONTESTS else None
    actor = reader.in_cases()
    try:
        case_id = cases.open_case(
            store, actor, kind, subject=() if contested else (about,), challenges=contested, request=request
        )
    except cases.NoSuchCaseError:
        raise NotThereError from None
    try:
        cases.take(store, case_id, "submitted", actor, 1)
    except SanquanError:
        with suppress(SanquanError):
            cases.take(store, case_id, "withdrawn", actor, 1, {"reasons": "没有交成"})
        raise
    return case_id


def _request(kind: str, sent: Mapping[str, str], name: str) -> dict[str, str]:
    """What is asked for, in the form of its kind. The words are theirs and stay sealed."""
    words = " ".join(sent.get("words", "").split())
    match kind:
        case "objected":
            return {"objector": name, "document": words}
        case "omission-corrected":
            number = sent.get("id_number", "").strip().upper()
            identity = {"id_number": number} if number else {}
            return {**{field: sent.get(field, "").strip() for field in ("name", "relation", "day")}, **identity}
        case "unlawful-condition":
            return {"tied": sent.get("tied", ""), "demanded": "other", "written": "spoken", "words": words}
        case "question":
            year = sent.get("year", "").strip()
            return {"words": words, **({"year": year} if year else {})}
        case _:
            row = {"row": sent["row"]} if sent.get("row") else {}
            return {"words": words, **row}


def name_of(store: Store, connection: Connection, person: str) -> str:
    """In clear: it is written into a case, which keeps it sealed."""
    return parties.identities(connection, store.vault, [person])[person].name
