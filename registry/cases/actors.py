"""Who takes a step: named by whoever calls, until sign-in names them.

An *actor* is one account: its id stays the same whatever the name, and four eyes are counted by it. `person` is the actor's
own id as a person of the register, where known: who has a stake in a case is seen by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.ledger.commit import Officer


@dataclass(frozen=True, slots=True)
class Actor:
    """Account, name, bureau, role (a word of kinds.toml), and the person behind it where the register knows one.

    `for_person`: for whom a relative or counsel acts. `within`: the codes of the towns, villages or collectives to which the
    role is held; none where it holds for the whole banner.
    """

    id: str
    name: str
    bureau: str
    role: str
    person: str = ""
    for_person: str = ""
    within: frozenset[str] = frozenset()

    @property
    def whose(self) -> str:
        """Whose matters they may see and apply in: their own, or those of the person for whom they act."""
        return self.for_person or self.person

    def __repr__(self) -> str:
        """Never the name: a repr ends in logs."""
        return f"Actor({self.role})"

    @property
    def officer(self) -> Officer:
        """As acts name whoever stands at the desk."""
        return Officer(self.name, self.bureau)

    def desk(self) -> tuple[str, str, str, str, str]:
        """As a step commits it."""
        return self.id, self.name, self.bureau, self.role, self.person
