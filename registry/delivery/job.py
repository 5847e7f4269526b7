"""What does a job package say to the surveyor who took it home, and do its rules still agree with the ones installed here?

A *job package* is one zip: the parcels of some villages as the register has them, the fields and code lists of a delivery, the
reference system, the rules, and `job.json`, which names the villages, the deadline, the version and digest of the rules and
the SHA-256 of every other file. The *package's digest* is the SHA-256 of `job.json`: it stands for all of it. Nothing in a
package names a person. `registry.exports.job` makes it; this module only reads, on a machine without a register.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from registry.delivery.faults import rule_pack
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FORM = "sanquan-job-1"
HEAD, SUMS = "job.json", "SHA256SUMS"
_LARGEST_HEAD, _LARGEST = 1 << 20, 4 << 30  # bytes; a banner of 300,000 parcels has a few hundred MB
_CHUNK = 1 << 20


class JobUnreadableError(SanquanError):
    """Raised when a file is no job package, or one file of it is missing, added or changed."""

    def __init__(self, name: str, what: tuple[str, str]) -> None:
        """Name the package and what is wrong with it (zh, en)."""
        super().__init__(
            f"{name} 不是完整的任务包: {what[0]}; 请向发包单位重新要一份",
            f"{name} is not a whole job package: {what[1]}; ask for it again",
        )


class JobRulesDifferError(SanquanError):
    """Raised when a job was given out under other rules than those installed: two verdicts could not be compared."""

    def __init__(self, job: tuple[str, str], installed: tuple[str, str]) -> None:
        """Both rule packs, each as version and SHA-256."""
        super().__init__(
            f"任务包的规则包是 {job[0]} (sha256 {job[1]}), 这里安装的是 {installed[0]} (sha256 {installed[1]}): "
            "装任务包要求的版本, 或向县里要新的任务包",
            f"the job was given out under rules {job[0]} (sha256 {job[1]}), installed here are {installed[0]} "
            f"(sha256 {installed[1]}): install the version that the job names, or ask for a new job package",
        )


@dataclass(frozen=True, slots=True)
class Job:
    """A package that was read and found whole. `villages`: code (12 digits) -> name. `deadline`: YYYY-MM-DD.

    `exceptions`: marks of faults whose exception was approved in these villages before (`registry.delivery.decisions`).
    """

    digest: str
    rules: tuple[str, str]
    deadline: str
    villages: dict[str, str]
    exceptions: frozenset[bytes] = frozenset()

    def require_installed_rules(self) -> None:
        """JobRulesDifferError unless the rules of this program are byte for byte the job's."""
        if self.rules != rule_pack():
            raise JobRulesDifferError(self.rules, rule_pack())

    def said_of(self, delivered: Iterable[str], today: str) -> dict[str, Any]:
        """How a delivery stands to the job, as plain values: villages outside it and still to come, and the deadline."""
        codes = set(delivered)
        return {
            "digest": self.digest,
            "deadline": self.deadline,
            "late": today > self.deadline,
            "villages_outside": sorted(codes - self.villages.keys()),
            "villages_to_come": sorted(self.villages.keys() - codes),
        }


def read_job(path: Path) -> Job:
    """Read a job package and hold every file of it against its digest. Raises `JobUnreadableError`."""
    try:
        with zipfile.ZipFile(path) as package:
            head = _head(path.name, package)
            told = _told(path.name, head)
            _require_whole(path.name, package, told["files"])
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError) as damaged:
        raise JobUnreadableError(path.name, ("不是 zip 或已损坏", "no zip, or damaged")) from damaged
    return Job(
        sha256(head).hexdigest(),
        (told["rules"]["version"], told["rules"]["digest"]),
        told["deadline"],
        {village["code"]: village["name"] for village in told["villages"]},
        frozenset(bytes.fromhex(mark) for mark in told["exceptions"]),
    )


def _head(name: str, package: zipfile.ZipFile) -> bytes:
    sizes = {each.filename: each.file_size for each in package.infolist()}
    if sizes.get(HEAD, _LARGEST_HEAD) >= _LARGEST_HEAD or sum(sizes.values()) > _LARGEST:
        raise JobUnreadableError(name, (f"没有 {HEAD}, 或文件过大", f"it has no {HEAD}, or is too large"))
    return package.read(HEAD)


def _told(name: str, head: bytes) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(head)
        texts = [
            told["deadline"], told["rules"]["version"], told["rules"]["digest"],
            *(village[key] for village in told["villages"] for key in ("code", "name")), *told["files"].values(),
            *(bytes.fromhex(mark).hex() for mark in told["exceptions"]),
        ]  # fmt: skip
        if told["form"] == FORM and all(isinstance(text, str) for text in texts):
            return told
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    raise JobUnreadableError(name, (f"{HEAD} 不是 {FORM}", f"its {HEAD} is not {FORM}"))


def _require_whole(name: str, package: zipfile.ZipFile, files: dict[str, str]) -> None:
    held = sorted(package.namelist())
    if held != sorted((*files, HEAD, SUMS)):
        odd = ", ".join(sorted(set(held) ^ {*files, HEAD, SUMS})) or "?"
        raise JobUnreadableError(name, (f"缺少或多出 {odd[:80]}", f"missing or not of it: {odd[:80]}"))
    for file, expected in files.items():
        digest = sha256()
        with package.open(file) as member:
            while chunk := member.read(_CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != expected:
            raise JobUnreadableError(name, (f"{file} 被改动过", f"{file} was changed"))
