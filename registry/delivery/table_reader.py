"""What does a process do that a service starts to read tables? `python -m registry.delivery.table_reader FILE…`.

It writes to its standard output what `registry.delivery.tables_apart` takes in, and ends. Nothing else may be printed there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from registry.delivery.child import own_output
from registry.delivery.tables_apart import read_tables_into


def main() -> None:  # pragma: no cover  (in a process of its own)
    """Read the files named, in their order."""
    with own_output() as pipe:
        read_tables_into([Path(name) for name in sys.argv[1:]], pipe)


if __name__ == "__main__":  # pragma: no cover  (as above)
    main()
