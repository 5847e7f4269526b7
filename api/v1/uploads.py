"""How do files come in over HTTP: which forms, how many, and where do they lie while they are read?

In a folder of mode 700 that is gone when the answer is; the size of a body is bounded at the door (`api.doors`).
"""

from __future__ import annotations

import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile

from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from fastapi import Request

_CHUNK = 1 << 20
_LONGEST_NAME = 100


class UploadError(SanquanError):
    """Raised when what is sent is no form with files, or they are too many or of no accepted kind. No name is repeated."""

    def __init__(self, most: int, suffixes: Sequence[str], texts: Sequence[str] = ()) -> None:
        """How many are taken, of which kinds, and which short texts beside them."""
        kinds, named = " ".join(suffixes), ", ".join(texts)
        beside = (f", 还要 {named}", f", and beside them {named}") if texts else ("", "")
        super().__init__(
            f"用 multipart/form-data 发 files: 1 到 {most} 个文件, 种类 {kinds}, 文件名不重复{beside[0]}",
            f"send files as multipart/form-data: 1 to {most} of the kinds {kinds}, no name twice{beside[1]}",
        )


def form_of_files(description: str, texts: Sequence[str] = ()) -> dict[str, Any]:
    """How OpenAPI says it; the body is read after the token was checked, so FastAPI is not told by a parameter."""
    files = {"type": "array", "items": {"type": "string", "format": "binary"}, "description": description}
    properties = {"files": files, **{name: {"type": "string"} for name in texts}}
    schema = {"type": "object", "required": ["files", *texts], "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def form_of_delivery(*beside: str, texts: Sequence[str] = ()) -> dict[str, Any]:
    """How OpenAPI says `delivered`."""
    binary = {"type": "string", "format": "binary"}
    properties = {"files": binary, **dict.fromkeys(beside, binary), **{name: {"type": "string"} for name in texts}}
    schema = {"type": "object", "required": ["files", *texts], "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


@asynccontextmanager
async def delivered(
    request: Request, beside: Mapping[str, str] = MappingProxyType({}), texts: Sequence[str] = ()
) -> AsyncIterator[tuple[dict[str, Path], dict[str, str]]]:
    """A delivery's zip under `files`, at most one file more under each name of `beside` (with its suffix), and short texts.

    UploadError.
    """
    wanted = {"files": ".zip", **beside}
    refusal = UploadError(1, tuple(wanted.values()), texts)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise refusal
    async with request.form(max_files=len(wanted), max_fields=len(texts)) as form:
        sent = {name: value for name, value in form.multi_items() if isinstance(value, UploadFile) and name in wanted}
        said = {name: str(form.get(name, "")).strip() for name in texts}
        fit = all(Path(one.filename or "").suffix.lower() == wanted[name] for name, one in sent.items())
        if "files" not in sent or not fit or not all(_is_name(text) for text in said.values()):
            raise refusal
        with tempfile.TemporaryDirectory(prefix="sanquan-") as folder:
            # Under names of ours: what was sent is called anyhow, and a delivery by the folder in it.
            paths = {name: Path(folder) / f"{name}{wanted[name]}" for name in sent}
            for name, path in paths.items():
                await _written(sent[name], path)
            yield paths, said


@asynccontextmanager
async def uploaded(request: Request, most: int, suffixes: Sequence[str]) -> AsyncIterator[list[Path]]:
    """The files of a form, as paths. UploadError."""
    async with uploaded_with(request, most, suffixes, ()) as (paths, _):
        yield paths


@asynccontextmanager
async def uploaded_with(
    request: Request, most: int, suffixes: Sequence[str], texts: Sequence[str]
) -> AsyncIterator[tuple[list[Path], dict[str, str]]]:
    """The files of a form, as paths, and its short texts. UploadError."""
    refusal = UploadError(most, suffixes, texts)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise refusal
    async with request.form(max_files=most, max_fields=len(texts)) as form:
        said = {name: str(form.get(name, "")).strip() for name in texts}
        sent = [value for value in form.getlist("files") if isinstance(value, UploadFile)]
        names = [Path((one.filename or "").replace("\\", "/")).name for one in sent]
        fit = all(Path(name).suffix.lower() in suffixes and len(name) <= _LONGEST_NAME for name in names)
        if not sent or not fit or len(set(names)) != len(names) or not all(_is_name(text) for text in said.values()):
            raise refusal
        with tempfile.TemporaryDirectory(prefix="sanquan-") as folder:
            paths = [Path(folder) / name for name in names]
            for one, path in zip(sent, paths, strict=True):
                await _written(one, path)
            yield paths, said


def _is_name(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_NAME and text.isprintable()


async def _written(one: UploadFile, path: Path) -> None:
    with path.open("wb") as out:
        while chunk := await one.read(_CHUNK):
            out.write(chunk)


class OneFileError(SanquanError):
    """Raised when a form has not the one file and the texts that it must have. Nothing of it is repeated."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Which."""
        wanted = ", ".join(texts)
        super().__init__(
            f"用 multipart/form-data 发 file(一个文件)和 {wanted}, 每项最多 {_LONGEST_TEXT} 个字",
            f"send file (one) and {wanted} as multipart/form-data, each text of at most {_LONGEST_TEXT} characters",
        )


_LONGEST_TEXT = 200


def form_of_one(*texts: str) -> dict[str, Any]:
    """How OpenAPI says `one_file`."""
    properties = {"file": {"type": "string", "format": "binary"}, **{name: {"type": "string"} for name in texts}}
    schema = {"type": "object", "required": ["file"], "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


@asynccontextmanager
async def one_file(
    request: Request, texts: Sequence[str], optional: Sequence[str] = ()
) -> AsyncIterator[tuple[bytes, dict[str, str]]]:
    """The bytes of the form's `file`, whatever it is called, and its short texts. OneFileError."""
    refusal = OneFileError(texts)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise refusal
    async with request.form(max_files=1, max_fields=len(texts)) as form:
        sent = form.get("file")
        given = {name: form.get(name, "") for name in texts}
        said = {name: value.strip() for name, value in given.items() if isinstance(value, str)}
        fit = len(said) == len(texts) and all(
            len(value) <= _LONGEST_TEXT and (value or name in optional) for name, value in said.items()
        )
        if not isinstance(sent, UploadFile) or not fit:
            raise refusal
        yield await sent.read(), said
