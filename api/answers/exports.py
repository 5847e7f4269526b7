"""What is asked of an export over HTTP, and what is answered while it is made, and after?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from api import asked
from registry.errors import SanquanError
from registry.exports.scope import box_scope, person_scope, village_scope
from registry.parcels.box import BoxMalformedError
from registry.parcels.box import box as read_box
from registry.ways_out import Encoding, Epsg, Format

if TYPE_CHECKING:
    from pydantic import ModelWrapValidatorHandler

    from registry.exports.scope import Scope
    from registry.store.engines import Store

_WAYS = ("village", "bbox", "person")


def _in_form(name: str) -> AfterValidator:
    def check(given: str) -> str:
        try:
            return asked.day(given) if name == "valid_at" else asked.text(name, given)
        except asked.InputError as malformed:
            raise ValueError from malformed

    return AfterValidator(check)


def _box(given: str) -> str:
    try:
        read_box(given)
    except BoxMalformedError as malformed:
        raise ValueError from malformed
    return given


def _about(name: str) -> dict[str, Any]:
    field = asked.FIELDS[name]
    return {"description": f"{field.zh} / {field.en}", "examples": [field.example]}


class ExportIn(BaseModel):
    """What to export: exactly one of `village`, `bbox` (EPSG:4490) and `person`. A Shapefile always comes as zip."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"format": "gpkg", "village": "150626100210"}]}
    )

    format: Annotated[Format, Field(**_about("format"))]
    village: Annotated[str, _in_form("village"), Field(**_about("village"))] | None = None
    bbox: Annotated[str, AfterValidator(_box), Field(**_about("bbox"))] | None = None
    person: Annotated[str, _in_form("person"), Field(**_about("person"))] | None = None
    epsg: Annotated[Epsg, Field(**_about("epsg"))] = 4545
    encoding: Annotated[Encoding, Field(**_about("encoding"))] = "UTF-8"
    zip: Annotated[bool, Field(**_about("zip"))] = False
    valid_at: Annotated[str, _in_form("valid_at"), Field(**_about("valid_at"))] | None = None
    known_at: Annotated[str, _in_form("known_at"), Field(**_about("known_at"))] | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _of_one_thing(cls, given: Any, handler: ModelWrapValidatorHandler[ExportIn]) -> ExportIn:  # noqa: ANN401  (JSON)
        """Every fault is named, this one beside those of the single fields."""
        faults: list[InitErrorDetails] = []
        made = None
        try:
            made = handler(given)
        except ValidationError as refused:
            faults = [
                InitErrorDetails(type=each["type"], loc=each["loc"], input=None, ctx=each.get("ctx", {}))
                for each in refused.errors()
            ]
        if isinstance(given, dict) and sum(given.get(name) is not None for name in _WAYS) != 1:
            one_of = PydanticCustomError("one_of", "exactly one of village, bbox and person")
            faults += [InitErrorDetails(type=one_of, loc=(name,), input=None) for name in _WAYS]
        if made is None or faults:
            raise ValidationError.from_exception_data(cls.__name__, faults)
        return made


def scope_of(store: Store, sent: ExportIn) -> Scope:
    """What is meant, on which day, known when. PersonNotFoundError, VillageNotFoundError, InputError."""
    with store.reading() as connection:
        at = asked.moment(store, connection, sent.valid_at, sent.known_at)
        moment = at.valid_at, at.known_at
        if sent.village is not None:
            return village_scope(store, connection, sent.village, *moment)
        if sent.bbox is not None:
            return box_scope(store, connection, read_box(sent.bbox), *moment)
        return person_scope(store, connection, sent.person or "", *moment)


class ExportNotFoundError(SanquanError):
    """Raised when there is no export of this id, or no longer."""

    def __init__(self) -> None:
        """What to do."""
        super().__init__(
            "没有这个任务, 或者文件已过期删除: 再提交一次",
            "there is no such job, or its file has expired: ask for it again",
        )


class ExportNotReadyError(SanquanError):
    """Raised when the file of an export is fetched that is not made yet, or could not be made."""

    def __init__(self) -> None:
        """Where to look."""
        super().__init__(
            "文件还没有写好, 或者没有写成: 看这个任务的 status 和 problem",
            "the file is not made yet, or could not be made: see status and problem of this job",
        )


class TooManyExportsError(SanquanError):
    """Raised when as many exports wait as may."""

    def __init__(self, most: int) -> None:
        """How many."""
        super().__init__(
            f"已有 {most} 个任务没有做完: 等一个做完再提交",
            f"{most} jobs are not finished: wait until one is, then ask again",
        )
