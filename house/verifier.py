"""How does a stranger get the verifier: one file that needs Python 3.11 and `cryptography`, and nothing of the register?

`python -m house.verifier OUT.pyz [--policy FILE]` packs `registry/ledger/verify` alone. With a policy inside, whoever has the file
need not say whose signatures count; without one they give `--policy`.
"""

from __future__ import annotations

import argparse
import tempfile
import zipapp
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("registry/ledger/verify")
_MAIN = '''"""sanquan-verify: see registry/ledger/verify/command.py."""

import sys

from registry.ledger.verify.command import main

POLICY = {policy!r}

if __name__ == "__main__":
    sys.exit(main(policy=POLICY))
'''


def build(out: Path, policy: str | None = None) -> Path:
    """Write the zipapp; the packages above `verify` are empty in it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        inside = folder / PACKAGE
        inside.mkdir(parents=True)
        for above in list(PACKAGE.parents)[:-1]:
            (folder / above / "__init__.py").write_text("", encoding="utf-8")
        for module in sorted((ROOT / PACKAGE).glob("*.py")):
            (inside / module.name).write_bytes(module.read_bytes())
        (folder / "__main__.py").write_text(_MAIN.format(policy=policy), encoding="utf-8")
        zipapp.create_archive(folder, out, interpreter="/usr/bin/env python3", compressed=True)
    return out


def main() -> None:
    """Pack the verifier."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=Path("sanquan-verify.pyz"))
    parser.add_argument("--policy", type=Path)
    asked = parser.parse_args()
    built = build(asked.out, None if asked.policy is None else asked.policy.read_text(encoding="utf-8"))
    print(f"{built} {built.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
