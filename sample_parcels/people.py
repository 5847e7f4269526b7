"""Who lives in the sample villages: made-up families with ID numbers that are well formed and nobody's.

An ID number here begins with 150699, a region code that was never given out, and ends with a right check
digit (GB 11643-1999, ISO 7064 MOD 11-2). It never says who holds what: see land.py.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

REGION = "150699"
MALE, FEMALE = "1", "2"
HEAD, WIFE, HUSBAND, SON, DAUGHTER, DAUGHTER_IN_LAW = "02", "12", "11", "20", "30", "38"
GRANDSON, GRANDDAUGHTER, FATHER, MOTHER = "41", "42", "51", "52"
MARRIED_OUT, STUDENT, OFFICIAL, NEWBORN, DECEASED, OTHER = "1", "3", "4", "6", "7", "9"

_SURVEY = dt.date(2016, 9, 1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LARGEST_FAMILY = 6
_ADULT, _STUDENT_UNTIL = 18, 23
_MARRYING_AGE = 24
_HEAD_WITH_PARENT = 55  # a head older than this has no parent in the list
# Parts of one: heads who are women, heads with a spouse, younger heads with an old parent, parents who died
# before the survey, grown daughters who married out, grown children who work elsewhere.
_WOMAN_HEAD, _SPOUSE, _PARENT, _DIED, _MARRIED, _WORKS_ELSEWHERE = 0.15, 0.85, 0.4, 0.3, 0.4, 0.15

_NAMES = tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))
_WORDS = {MALE: "male", FEMALE: "female"}


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person as a list names them: `relation` GB/T 4761, `remark` C.18, `co_holder` C.19."""

    name: str
    sex: str
    number: str
    relation: str
    remark: str = ""
    remark_text: str = ""
    co_holder: str = "1"

    @property
    def born(self) -> dt.date:
        """The day of birth, from the number."""
        return dt.date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))

    @property
    def alive(self) -> bool:
        """Whether the list does not mark the person as deceased."""
        return self.remark != DECEASED


@dataclass(slots=True)
class People:
    """Makes families; no two of its people share a number."""

    rng: Random
    _numbers: set[str] = field(default_factory=set)

    def family(self, *, han: bool) -> list[Person]:
        """A family of two to six, its head first."""
        age = self.rng.randrange(32, 69)
        sex = FEMALE if self.rng.random() < _WOMAN_HEAD else MALE
        surname = self._surname(han=han)
        people = [self._person(sex, age, HEAD, surname, han=han)]
        if self.rng.random() < _SPOUSE:
            other, relation = (FEMALE, WIFE) if sex == MALE else (MALE, HUSBAND)
            own = self._surname(han=han)
            people.append(self._person(other, age + self.rng.randrange(-4, 3), relation, own, han=han))
        children = self.rng.randrange(1, 3 if han else 4)
        people += [self._child(age, surname, han=han) for _ in range(children)]
        if age < _HEAD_WITH_PARENT and self.rng.random() < _PARENT:
            people.append(self._parent(age, surname, han=han))
        grown = next((one for one in people if one.relation == SON and _age(one) >= _MARRYING_AGE), None)
        if grown is not None:
            own = self._surname(han=han)
            people.append(self._person(FEMALE, _age(grown), DAUGHTER_IN_LAW, own, han=han))
            people.append(self._grandchild(surname, han=han))
        return people[:_LARGEST_FAMILY]

    def named(self, name: str, sex: str, born: str, relation: str) -> Person:
        """A person of the story, with a name and a day of birth (YYYYMMDD) of their own."""
        return Person(name, sex, self._number(dt.date.fromisoformat(born), sex), relation)

    def _person(self, sex: str, age: int, relation: str, surname: str, *, han: bool) -> Person:
        born = dt.date(_SURVEY.year - age, self.rng.randrange(1, 13), self.rng.randrange(1, 29))
        return Person(self._name(sex, surname, han=han), sex, self._number(min(born, _SURVEY), sex), relation)

    def _child(self, parent_age: int, surname: str, *, han: bool) -> Person:
        sex = self.rng.choice((MALE, FEMALE))
        age = max(0, parent_age - self.rng.randrange(23, 37))
        child = self._person(sex, age, SON if sex == MALE else DAUGHTER, surname, han=han)
        if age == 0:
            return _marked(child, NEWBORN, "")
        if _ADULT < age < _STUDENT_UNTIL:
            return _marked(child, STUDENT, "在呼和浩特读书")
        if sex == FEMALE and age > _MARRYING_AGE and self.rng.random() < _MARRIED:
            return _marked(child, MARRIED_OUT, f"{_SURVEY.year - self.rng.randrange(1, age - 22)}年外嫁")
        if age > _MARRYING_AGE and self.rng.random() < _WORKS_ELSEWHERE:
            return _marked(child, *self.rng.choice(((OFFICIAL, ""), (OTHER, "在城里务工"))))
        return child

    def _parent(self, child_age: int, surname: str, *, han: bool) -> Person:
        sex = self.rng.choice((MALE, FEMALE))
        own = surname if sex == MALE or not han else self._surname(han=han)
        age = child_age + self.rng.randrange(22, 29)
        parent = self._person(sex, age, FATHER if sex == MALE else MOTHER, own, han=han)
        if self.rng.random() < _DIED:
            year = _SURVEY.year - self.rng.randrange(1, 4)
            return Person(*_identity(parent), DECEASED, f"{year}年去世", "2")
        return parent

    def _grandchild(self, surname: str, *, han: bool) -> Person:
        sex = self.rng.choice((MALE, FEMALE))
        return self._person(sex, self.rng.randrange(1, 4), GRANDSON if sex == MALE else GRANDDAUGHTER, surname, han=han)

    def _surname(self, *, han: bool) -> str:
        return str(self.rng.choice(_NAMES["han"]["surname"].split())) if han else ""

    def _name(self, sex: str, surname: str, *, han: bool) -> str:
        return surname + str(self.rng.choice(_NAMES["han" if han else "mongolian"][_WORDS[sex]].split()))

    def _number(self, born: dt.date, sex: str) -> str:
        while True:
            serial = 2 * self.rng.randrange(1, 490) + (1 if sex == MALE else 0)
            number = id_number(f"{REGION}{born:%Y%m%d}{serial:03d}")
            if number not in self._numbers:
                self._numbers.add(number)
                return number


def id_number(first17: str) -> str:
    """The 18-character number of seventeen digits (GB 11643-1999)."""
    return first17 + "10X98765432"[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def credit_code(first17: str) -> str:
    """The unified social credit code of its first seventeen characters (GB 32100-2015)."""
    total = sum(_USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return first17 + _USCC_ALPHABET[-total % 31]


def _age(person: Person) -> int:
    return _SURVEY.year - person.born.year


def _identity(person: Person) -> tuple[str, str, str, str]:
    return person.name, person.sex, person.number, person.relation


def _marked(person: Person, remark: str, text: str) -> Person:
    return Person(*_identity(person), remark, text)
