"""Which columns has a table that is brought to be compared or checked, and where is a blank one: `/v1/blank-tables`?"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response

from api import media
from api.v1 import delivery_models as models
from api.v1.documents import ok, problems
from registry import blank_tables

router = APIRouter(prefix="/v1/blank-tables", tags=["comparisons"])
Name = Annotated[str, Path(max_length=40, description="表名 / the table's name", examples=["KTT_ZDJBXX"])]
Form = Annotated[blank_tables.Form, Query(description="xlsx, csv", examples=["xlsx"])]


@router.get(
    "/{table}",
    summary="一张空表, 只有表头 / a blank table: its header alone",
    responses={**ok(models.BlankTable, media.XLSX), **problems(401, 404, 422)},
)
def blank(table: Name, form: Form = "xlsx") -> Response:
    """Of an export of the realty platform or the contract book, or of a payment list: the columns that are read, no row."""
    raw = blank_tables.blank(table, form)
    name = f"attachment; filename*=UTF-8''{quote(f'{table}.{form}')}"
    return Response(raw, 200, {"Cache-Control": "no-store", "Content-Disposition": name}, media.TABLES[form])
