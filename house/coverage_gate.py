"""Is enough of the code tested? Reads coverage.json; names each file and line that is not, and exits 1.

Every branch of `registry/ledger`, `registry/guarantee` and every `registry/*/acts.py` (a gap there could
change a right unseen); nine tenths of lines and branches of all the rest together. A guarded file may not
excuse lines either.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

# `*` goes down folders too
GUARDED = ("registry/ledger/*.py", "registry/guarantee/*.py", "registry/*/acts.py")
ELSEWHERE_PERCENT = 90.0
_EXCUSES = ("pragma: no cover", "pragma: no branch")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate found: `faults` (a sentence each; none means passed) and the two figures in percent."""

    faults: list[str]
    guarded_percent: float
    elsewhere_percent: float


def judge(files: dict[str, Any], root: Path) -> Verdict:
    """Judge the `files` part of a coverage.json whose paths are relative to `root`."""
    faults = [
        f"{pattern}: 没有测到任何文件 / no file was measured"
        for pattern in GUARDED
        if not _matching(files, [pattern])
    ]
    guarded = _matching(files, GUARDED)
    for path in guarded:
        faults += _gaps(path, files[path])
        source = (root / path).read_text(encoding="utf-8").splitlines()
        faults += [
            f"{path}:{number}: 锁内不许免测 / no excuses in a guarded file"
            for number, line in enumerate(source, start=1)
            if any(excuse in line for excuse in _EXCUSES)
        ]
    elsewhere = [path for path in files if path not in guarded]
    percent = _percent(files, elsewhere)
    if percent < ELSEWHERE_PERCENT:
        faults.append(
            f"其余 / elsewhere: {percent:.2f} % < {ELSEWHERE_PERCENT:.0f} %; 缺得最多的 / the largest gaps:"
        )
        by_gap = sorted(elsewhere, key=lambda path: -_missing(files[path]))
        faults += [gap for path in by_gap[:10] for gap in _gaps(path, files[path])]
    return Verdict(faults, _percent(files, guarded), percent)


def main() -> int:
    """Judge the report named on the command line (default coverage.json)."""
    report = Path(sys.argv[1] if len(sys.argv) > 1 else "coverage.json")
    verdict = judge(json.loads(report.read_text(encoding="utf-8"))["files"], report.resolve().parent)
    print(
        f"覆盖率 coverage: 锁内 guarded {verdict.guarded_percent:.2f} % (100), "
        f"其余 elsewhere {verdict.elsewhere_percent:.2f} % ({ELSEWHERE_PERCENT:.0f})"
    )
    for fault in verdict.faults:
        print(fault)
    return 1 if verdict.faults else 0


def _matching(files: dict[str, Any], patterns: tuple[str, ...] | list[str]) -> list[str]:
    return sorted(path for path in files if any(fnmatch(path, pattern) for pattern in patterns))


def _gaps(path: str, measured: dict[str, Any]) -> list[str]:
    found = []
    if measured["missing_lines"]:
        found.append(
            f"{path}: 没跑到的行 / lines never run: {', '.join(map(str, measured['missing_lines']))}"
        )
    if measured.get("missing_branches"):
        jumps = ", ".join(
            f"{start}->{'exit' if end < 0 else end}" for start, end in measured["missing_branches"]
        )
        found.append(f"{path}: 没走过的岔路 / branches never taken: {jumps}")
    return found


def _missing(measured: dict[str, Any]) -> int:
    return len(measured["missing_lines"]) + len(measured.get("missing_branches", ()))


def _percent(files: dict[str, Any], paths: list[str]) -> float:
    summaries = [files[path]["summary"] for path in paths]
    total = sum(s["num_statements"] + s.get("num_branches", 0) for s in summaries)
    covered = sum(s["covered_lines"] + s.get("covered_branches", 0) for s in summaries)
    return 100.0 * covered / total if total else 100.0


if __name__ == "__main__":
    sys.exit(main())
