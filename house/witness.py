"""Pack the supervision bureau's program into one file that needs Python 3.11 and `cryptography`, nothing of the registry.

    python -m house.witness sanquan-witness.pyz

The same source gives the same bytes: whoever builds it again compares the SHA-256 that is printed, and need not trust the builder.
"""

from __future__ import annotations

import sys
import zipfile
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = ("registry/__init__.py", "registry/ledger/__init__.py", "registry/ledger/signing.py")
FOLDERS = ("registry/ledger/verify", "registry/witness")
MAIN = b"import sys\n\nfrom registry.witness.command import main\n\nsys.exit(main())\n"
# The oldest day that a zip can name: no file's own time is packed.
_DAY = (1980, 1, 1, 0, 0, 0)


def pack(out: Path) -> str:
    """Write the file; its SHA-256 in hexadecimal."""
    names = sorted({*FILES, *(str(f.relative_to(ROOT)) for folder in FOLDERS for f in (ROOT / folder).glob("*.py"))})
    with out.open("wb") as opened:
        opened.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(opened, "w", zipfile.ZIP_STORED) as packed:
            packed.writestr(zipfile.ZipInfo("__main__.py", _DAY), MAIN)
            for name in names:
                packed.writestr(zipfile.ZipInfo(name, _DAY), (ROOT / name).read_bytes())
    out.chmod(0o755)
    return sha256(out.read_bytes()).hexdigest()


if __name__ == "__main__":
    print(pack(Path(sys.argv[1])))
