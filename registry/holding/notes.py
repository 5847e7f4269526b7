"""What do the sealed notes of a list say: what a delivery's household had beside (CBF), or somebody's plain words?"""

from __future__ import annotations

import json
from typing import Any


def fields_of(notes: str | None) -> dict[str, Any]:
    """The fields of a delivered household by their small names; none where a person wrote words (a slip of `notes` may).

    >>> fields_of('{"cbfdcrq": "20160701"}'), fields_of("公示无异议"), fields_of("7"), fields_of(None)
    ({'cbfdcrq': '20160701'}, {}, {}, {})
    """
    try:
        said = json.loads(notes or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
