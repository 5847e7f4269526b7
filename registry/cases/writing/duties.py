"""Cases about what is owed with land: a stocking limit, a grazing ban, a due of the collective (草原法 33).

A duty has a document of its own and lies on land, a list or a right; who moved to town owes what they owed (I12), and nothing
here asks where anybody lives. It takes no right: those who hold what it lies on are told, and may object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.corrections import concerned, noun_of
from registry.cases.writing.writer import only_one, seen_of, standing
from registry.duties import acts as duties
from registry.duties.model import DUTY, KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk

_CHANGED = ("quantity", "unit", "document", "until")


class DutySet:
    """义务设定: `duty` (stocking-limit, grazing-ban, due), `quantity` and `unit`, the `document`, `until` where it ends."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everybody who holds what it lies on."""
        self._read(request, day)
        people, seen = concerned(at, *noun_of(at, only_one(subject)), day)
        return Touched(seen, people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """One duty."""
        duties.begin(at.act("duty-set", day, fields), subject_id=only_one(subject), **self._read(request, day))

    def _read(self, request: Mapping[str, Any], day: str) -> dict[str, str]:
        said = Said(request)
        read = {
            "duty_kind": said.word("duty", KINDS),
            "quantity": said.amount("quantity"),
            "unit": said.text("unit"),
            "document": said.text("document"),
            "until": said.day("until", empty=True),
        }
        said.done()
        if "" < read["until"] < day:
            said.refuse("until", "到期日已经过了", "its last day has passed")
        return read


class DutyChanged:
    """义务变更: what of `quantity`, `unit`, `document`, `until` changes; or `ends`: yes, by its `document`."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everybody who holds what it lies on."""
        self._read(request)
        duty = standing(at, DUTY, only_one(subject), day)
        people, seen = concerned(at, *noun_of(at, str(duty.columns["subject_id"])), day)
        return Touched(seen | seen_of(at, (DUTY, duty.thing_id)), people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The duty as it is from today on, or its end."""
        changes = self._read(request)
        act = at.act("duty-changed", day, fields)
        if request.get("ends"):
            duties.end(act, only_one(subject))
        else:
            duties.change(act, only_one(subject), **changes)

    def _read(self, request: Mapping[str, Any]) -> dict[str, str]:
        said = Said(request)
        if said.has("ends"):
            said.word("ends", ("yes",)), said.text("document")
            said.done()
            return {}
        forms = {"quantity": said.amount, "unit": said.text, "document": said.text, "until": said.day}
        changes = {name: forms[name](name) for name in _CHANGED if said.has(name)}
        said.done()
        if "document" not in changes or len(changes) == 1:
            said.refuse("document", "写明变更什么, 凭哪份文件", "say what changes, by which document")
        return changes
