"""What came with a form of the desk: texts by name, and papers, which are kept as evidence before anything cites them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile

from api.access import MOST_FIELDS_BESIDE, MOST_FILES
from api.asked import day
from registry.cases import book
from registry.evidence import keeping

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import Request

    from api.desk.forms import Field
    from registry.cases import Actor
    from registry.store.engines import Store

_FIELD, _FILE = "f.", "file."
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Sent:
    """One form: `fields` are those of the kind or the step, the rest is the page's own. `files`: what was brought, by field."""

    own: Mapping[str, Sequence[str]] = field(repr=False)
    fields: Mapping[str, Sequence[str]] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)

    def one(self, name: str) -> str:
        """One of the page's own."""
        return next(iter(self.own.get(name, ())), "").strip()

    def many(self, name: str) -> Sequence[str]:
        """All of the page's own of a name."""
        return self.own.get(name, ())

    def with_papers(self, store: Store, actor: Actor, fields: Sequence[Field], today: str) -> dict[str, Sequence[str]]:
        """The fields, each file kept and its content hash in its place. InputError, what `keeping.receive` raises."""
        found = dict(self.fields)
        for each in fields:
            if each.sort == "file" and self.files.get(each.name):
                paper = next(iter(self.fields.get("paper", ())), "")
                kind = book().papers[paper].zh if paper in book().papers else each.zh
                dated = day(self.one(f"dated.{each.name}") or today, "day")
                piece = keeping.receive(store, actor.officer, self.files[each.name], kind=kind[: keeping.LONGEST_KIND], dated=dated)
                found[each.name] = [piece.content_hash]
        return found


async def sent_in(request: Request) -> Sent:
    """The form of a request, small texts and a few files."""
    own: dict[str, list[str]] = {}
    fields: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS_BESIDE) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if name.startswith(_FILE):
                    files[name.removeprefix(_FILE)] = await value.read()
            elif name.startswith(_FIELD):
                fields.setdefault(name.removeprefix(_FIELD), []).append(value[:_LONGEST])
            else:
                own.setdefault(name, []).append(value[:_LONGEST])
    return Sent(own, fields, files)
