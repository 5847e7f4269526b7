"""May these words be read by everybody, or travel by a line that others read? No number of an ID, no telephone of a person."""

from __future__ import annotations

import re
from unicodedata import normalize

from registry.errors import SanquanError
from registry.law.id_number import born_on, form_of

_RUN = re.compile(r"[0-9](?:[\s-]?[0-9Xx]){9,19}")
# An id of ours, 32 hexadecimal digits: eleven of them in a row can look like a telephone.
_OURS = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_AREA = re.compile(r"\d\s*(?:亩|平方米|平米|公顷|㎡|m²|m2)")


class UnfitWordsError(SanquanError):
    """Raised when a text holds what does not belong there. It is not repeated."""

    def __init__(self) -> None:
        """What to leave out."""
        super().__init__(
            "这里不能写证件号、手机号(发给个人的还不能写面积), 也不能空着或太长: 写户名代号、编号和办理的柜台",
            "no ID number and no mobile number may stand here (in what is sent to a person no area either), nor may it be empty or "
            "too long: write a code, a reference and the counter",
        )


def fit(text: str, longest: int, *, area: bool = True) -> str:
    """The text without spaces around it. Raises `UnfitWordsError`.

    >>> fit("布日都嘎查 首次登记公示", 60)
    '布日都嘎查 首次登记公示'
    """
    said = text.strip()
    plain = _OURS.sub("", normalize("NFKC", said))
    numbers = [re.sub(r"[\s-]", "", found).upper() for found in _RUN.findall(plain)]
    personal = any(_is_personal(number) for number in numbers)
    if not 1 <= len(said) <= longest or personal or (not area and _AREA.search(plain)):
        raise UnfitWordsError
    return said


def _is_personal(number: str) -> bool:
    """Whether digits are the number of an ID, of a form and birthday that one can have, or of a mobile telephone."""
    known = form_of(number) in {"well-formed", "fifteen-digits"} and born_on(number) is not None
    return known or _MOBILE.fullmatch(number) is not None
