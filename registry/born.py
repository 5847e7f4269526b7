"""How old is somebody on a day, and of which sex, as far as an ID number says? Nothing is judged by its first six digits."""

from __future__ import annotations

import datetime as dt

ADULT = 18
"""民法典第17条: of age at eighteen."""
_LONG_NUMBER, _SHORT_NUMBER = 18, 15
_CARD = "1"


def birth_day(id_type: str, number: str) -> str:
    """The birth date in an identity card's number, of 18 or 15 digits (GB 11643); "" where there is none.

    >>> birth_day("1", "150699201107184048"), birth_day("1", "150699900101123"), birth_day("2", "X1"), birth_day("1", "1")
    ('20110718', '19900101', '', '')
    """
    if id_type != _CARD:
        return ""
    if len(number) == _LONG_NUMBER:
        digits = number[6:14]
    elif len(number) == _SHORT_NUMBER:
        digits = f"19{number[6:12]}"
    else:
        return ""
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).strftime("%Y%m%d")
    except ValueError:
        return ""


def sex_of(id_type: str, number: str) -> str:
    """The sex that an identity card's number has (GB 11643: the last of its order digits, odd for men); "" where none.

    >>> sex_of("1", "150699201107184048"), sex_of("1", "150699900101123"), sex_of("2", "X1")
    ('2', '1', '')
    """
    place = {_LONG_NUMBER: 16, _SHORT_NUMBER: 14}.get(len(number)) if id_type == _CARD else None
    if place is None or not number[place].isdigit():
        return ""
    return "1" if int(number[place]) % 2 else "2"


def age(birth: str, day: str) -> int | None:
    """Whole years on a day ("YYYY-MM-DD"); None where the birth date is unknown or later.

    >>> age("20000229", "2018-02-28"), age("20000229", "2018-03-01"), age("", "2018-03-01")
    (17, 18, None)
    """
    on = day.replace("-", "")
    if not birth or birth > on:
        return None
    return (int(on) - int(birth)) // 10_000
