"""What does a process do that a service starts to read one delivery? `python -m registry.delivery.reader FOLDER [NOW]`.

It writes to its standard output what `registry.delivery.apart` takes in, and ends. Nothing else may be printed there.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from registry.delivery.apart import read_into
from registry.delivery.child import own_output


def main() -> None:  # pragma: no cover  (in a process of its own)
    """Read the folder named first; check it where a moment is named second, after which days are in the future."""
    with own_output() as pipe:
        now = dt.datetime.fromisoformat(sys.argv[2]) if sys.argv[2:] else None
        read_into(Path(sys.argv[1]), now, pipe)


if __name__ == "__main__":  # pragma: no cover  (as above)
    main()
