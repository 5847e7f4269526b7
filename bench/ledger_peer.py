"""One durable commit per entry by pymerkle (GPL-3): run in an environment of its own, which the bench makes and throws away.

`python ledger_peer.py FOLDER ENTRIES BYTES [JOURNAL]`; prints the seconds. synchronous is FULL, as the registry's own is; the
journal is the one that pymerkle leaves as SQLite has it, or the one named.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pymerkle import SqliteTree  # type: ignore[import-not-found]  # only in the environment that the bench makes


def main() -> None:
    """Append so many entries of so many bytes, each in a transaction of its own."""
    folder, entries, size = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    tree = SqliteTree(str(folder / "peer.db"))
    for journal in sys.argv[4:]:
        tree.con.execute(f"PRAGMA journal_mode = {journal}")
    tree.con.execute("PRAGMA synchronous = FULL")
    content = [n.to_bytes(8, "big") + bytes(size - 8) for n in range(entries)]
    began = time.perf_counter()
    for each in content:
        tree.append_entry(each)
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
