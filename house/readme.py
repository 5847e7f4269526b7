"""Put the demonstration's real last lines into README.md. A test fails when they differ from what the demo prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
START, END = "<!-- demo -->\n```\n", "```\n<!-- /demo -->"
LINES = 11


def last_lines() -> str:
    """What `sanquan demo --once` prints last: no seconds and no drawn ids stand in it."""
    sanquan = Path(sys.executable).with_name("sanquan")
    told = subprocess.run([sanquan, "demo", "--once"], check=True, capture_output=True, text=True).stdout
    return "\n".join(told.rstrip("\n").split("\n")[-LINES:]) + "\n"


def block(text: str) -> str:
    """The block of the README."""
    return text[text.index(START) + len(START) : text.index(END)]


def main() -> None:
    """Rewrite the block."""
    text = README.read_text(encoding="utf-8")
    README.write_text(text.replace(START + block(text) + END, START + last_lines() + END), encoding="utf-8")


if __name__ == "__main__":
    main()
