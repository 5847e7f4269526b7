"""What is left of a file when all that can do or tell more than its pages is taken out?

Runs in the cleaner's own process (`reader`) and knows no register: Pillow and pypdf only.
"""

from __future__ import annotations

import warnings

from registry.evidence.clean_image import clean_image
from registry.evidence.clean_pdf import clean_pdf
from registry.evidence.cleaned import Cleaned, type_of
from registry.evidence.limits import MOST_BYTES, Refused


def clean(content: bytes) -> Cleaned:
    """Raises `Refused`."""
    if not content:
        raise Refused("empty")
    kind = type_of(content)
    if kind is None:
        raise Refused("type")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # both libraries warn of what they find broken; here it is cleaned or refused
        cleaned = clean_pdf(content) if kind == "application/pdf" else clean_image(content, kind)
    if len(cleaned.content) > MOST_BYTES:
        raise Refused("inflates")
    return cleaned
