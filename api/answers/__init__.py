"""What is answered, in plain values: the service writes them as JSON, the command with `--json` writes the same.

But for the vertices of a shape, which stay the array that they were computed in: a list for each costs more than to
write them, and the collector of garbage goes through them all.
"""

from __future__ import annotations

import orjson

JSON = orjson.OPT_SERIALIZE_NUMPY
"""How orjson writes an answer."""


def written(answer: object) -> bytes:
    """An answer as JSON."""
    return orjson.dumps(answer, option=JSON)
