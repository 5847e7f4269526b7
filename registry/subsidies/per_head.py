"""Which entitlement stands for somebody of whom the register has several rows, where a policy is paid per head?

That two rows are one person is a decision of the police, and an event of the register: out of reach here (import contract
subsidies-without-hukou). Whoever asks for a list hands in what tells it, and nothing else of a registration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection


class OnePerson(Protocol):
    """Each row that is one of several of a person on a day, as known at a size of the log, and the row that names them."""

    def __call__(self, connection: Connection, *, valid_at: str, known_at: int) -> dict[str, str]:
        """Who has one row is not in it."""
        ...


class Key(NamedTuple):
    """What is added up: whose, by which policy, on which basis, in which unit."""

    beneficiary: str
    policy: str
    basis: str
    unit: str


def of_person(persons: Mapping[str, str], key: Key) -> Key:
    """The key under the row that names the person."""
    return key._replace(beneficiary=persons.get(key.beneficiary, key.beneficiary))


def standing(persons: Mapping[str, str], years: Mapping[Key, str]) -> dict[Key, Key]:
    """Of what each person is paid per head, by `of_person`: the one key that stands, and it is not added up.

    `years` are the latest policy years of the keys ("": it ended). The latest stands; of one year that of the smallest id.

    >>> two = {Key("b", "P", "person", "人"): "2017", Key("a", "P", "person", "人"): "2016"}
    >>> [key.beneficiary for key in standing({"a": "a", "b": "a"}, two).values()]
    ['b']
    """
    found: dict[Key, Key] = {}
    for key in sorted(years, key=lambda each: each.beneficiary):
        person = of_person(persons, key)
        if person not in found or years[key] > years[found[person]]:
            found[person] = key
    return found
