"""What does a citizen's identity number say by itself (GB 11643-1999): is it well formed, and which birthday does it hold?

Well formed is not true. A number is never repaired, and the place code in it decides nothing.
"""

from __future__ import annotations

import datetime as dt
from operator import mul
from typing import Literal

Form = Literal["well-formed", "fifteen-digits", "bad-structure", "bad-check-digit", "bad-birth-date"]
_LENGTH, _OLD_LENGTH = 18, 15
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_digit(body: str) -> str:
    """The last character of an 18-digit number (ISO 7064 MOD 11-2, GB 11643-1999); `body` has 17 digits."""
    return "10X98765432"[sum(map(mul, map(int, body), _WEIGHTS)) % 11]


def candidate_number(id_number: str) -> str | None:
    """The 18-digit number that a 15-digit one would have become, to link and never to replace (GB 11643-1999)."""
    if len(id_number) != _OLD_LENGTH or form_of(id_number) != "fifteen-digits":
        return None
    body = f"{id_number[:6]}19{id_number[6:]}"
    return body + check_digit(body)


def form_of(id_number: str) -> Form:
    """How a number is built.

    >>> [form_of(n) for n in ("150699197403186954", "15069919740318695X", "150699740318695", "1506", "150699197413186952")]
    ['well-formed', 'bad-check-digit', 'fifteen-digits', 'bad-structure', 'bad-check-digit']
    """
    digits = id_number.isascii() and id_number[:17].isdigit()
    if len(id_number) == _OLD_LENGTH and digits:
        return "fifteen-digits"
    if len(id_number) != _LENGTH or not digits or id_number[17] not in "0123456789Xx":
        return "bad-structure"
    if check_digit(id_number[:17]) != id_number[17].upper():
        return "bad-check-digit"
    return "well-formed" if born_on(id_number) is not None else "bad-birth-date"


def born_on(id_number: str) -> dt.date | None:
    """The birthday in a number of 18 or 15 digits; None where there is none that a calendar has.

    >>> born_on("150699197403186954"), born_on("150699740318695"), born_on("1506991974021")
    (datetime.date(1974, 3, 18), datetime.date(1974, 3, 18), None)
    """
    text = {_LENGTH: id_number[6:14], _OLD_LENGTH: f"19{id_number[6:12]}"}.get(len(id_number), "")
    if not (text.isascii() and text.isdigit()):
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
