"""How does a request travel on a stick, and how does the answer come home?

Out: a folder with `add-checkpoint` (the request), `entries` (public) and `pairs` (private: pseudonyms, not encrypted, for the
witness alone; it removes them when it has signed). Back: `answer/checkpoint` in the same folder, which the witness wrote.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from registry.errors import SanquanError
from registry.store import durable
from registry.witness.stick import ANSWER_FOLDER, ENTRIES_FILE, PAIRS_FILE, REQUEST_FILE
from registry.witnessing.cosigned import Taken, cosigned_size, policy, remember, take
from registry.witnessing.request import NothingPublishedError, body, lines, published_head

if TYPE_CHECKING:
    from registry.store.engines import Store

_MOST_BYTES = 64 << 10


class NoAnswerError(SanquanError):
    """Raised when a folder that came back holds no cosigned checkpoint: refused, or not done yet."""

    def __init__(self, folder: Path) -> None:
        """Which folder."""
        super().__init__(
            f"{folder} 里没有监督签名: 看 {ANSWER_FOLDER}/refusal.txt 写的原因; 没有这个文件就是还没有签",
            f"no cosignature in {folder}: read why in {ANSWER_FOLDER}/refusal.txt; without that file it was not done yet",
        )


class FolderNotEmptyError(SanquanError):
    """Raised when a request would be written over something else."""

    def __init__(self, folder: Path) -> None:
        """Which folder."""
        super().__init__(f"{folder} 不是空的: 换一个新文件夹", f"{folder} is not empty: name a new folder")


def write_out(store: Store, folder: Path, since: int | None = None) -> tuple[int, int]:
    """Write the request from size `since` (None: the last one cosigned) to the published head; both sizes.

    Raises NothingPublishedError, NoWitnessError, FolderNotEmptyError.
    """
    policy(store)
    head = published_head(store)
    start = cosigned_size(store) if since is None else since
    request = body(store, head, start)
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmptyError(folder)
    folder.mkdir(parents=True, exist_ok=True)
    remember(store, head)
    with (folder / ENTRIES_FILE).open("wb") as entries, (folder / PAIRS_FILE).open("wb") as pairs, store.reading() as at:
        for each in lines(store, at, start, head.checkpoint.size):
            entries.write(each.leaf + b"\n")
            pairs.write(each.pairs.encode())
    # Last: a folder with a request is whole.
    durable.write(folder / REQUEST_FILE, request)
    return start, head.checkpoint.size


def bring_back(store: Store, folder: Path) -> Taken:
    """Take the answer in a folder. NoAnswerError, VerifyError, NoWitnessError, NotOurHeadError, PublisherBusyError."""
    try:
        with (folder / ANSWER_FOLDER / "checkpoint").open("rb") as opened:
            raw = opened.read(_MOST_BYTES + 1)
    except OSError as absent:
        raise NoAnswerError(folder) from absent
    return take(store, raw)


__all__ = ["FolderNotEmptyError", "NoAnswerError", "NothingPublishedError", "bring_back", "write_out"]
