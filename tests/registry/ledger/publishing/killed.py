"""A publisher that dies where it is told: `SANQUAN_FAIL` names a step, or `write:N` for the Nth file before its rename.

The seam is here and not in the publisher, which only tells its steps to whoever listens.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from migrations.upgrade import open_registry
from registry.ledger.publishing import publish
from registry.store import durable

KILLED = 137
_write = durable.write


def main() -> None:
    """Publish the registry of a folder, and die on the way."""
    fail = os.environ.get("SANQUAN_FAIL", "")
    left = int(fail.removeprefix("write:")) if fail.startswith("write:") else -1

    def write(path: Path, content: bytes, **options: Any) -> None:  # noqa: ANN401  (passed on as they are)
        nonlocal left
        left -= 1
        if left == 0:
            path.with_name(f"{path.name}.killed.part").write_bytes(content[:-1])
            os._exit(KILLED)
        _write(path, content, **options)

    def reached(step: str) -> None:
        if step == fail:
            os._exit(KILLED)

    durable.write = write
    publish(open_registry(Path(sys.argv[1])), reached=reached)


if __name__ == "__main__":
    main()
