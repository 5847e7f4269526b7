"""Cases that give a village, or an issuer, other codes after divisions were merged, renamed or renumbered.

A code is nobody's right: nobody is told and nobody's will is asked for. Ids, holders, terms, areas and shapes stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry import reshaping
from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.writer import not_after

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk
    from registry.reshaping import Recoding


class Recoded:
    """区划或编码变更: codes `old` and `new`, from which `day`, how many things that was shown to touch (`expect`), a new `name`."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Nobody. What has another code meanwhile, or came, is another number of things than was shown."""
        self._plan(at, subject, request, day)
        return Touched()

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """Everything that has the old code, up to 400 things an act."""
        for step in reshaping.recode_steps(at, self._plan(at, subject, request, day), fields):
            step()

    def _plan(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Recoding:
        said = Said(request)
        old, new, name = said.text("old"), said.text("new"), said.text("name", empty=True)
        since, expect = not_after(said, said.day("day"), day), said.whole("expect")
        said.done()
        recoding = reshaping.plan_recoding(at, old, new, day=since, name=name)
        if not set(subject) <= {thing_id for _, thing_id, _ in recoding.things}:
            said.refuse("subject", "要是换代码的承包户或地块", "households or parcels that get another code are wanted")
        if len(recoding.things) != expect:
            raise reshaping.CountDiffers(expect, len(recoding.things))
        return recoding
