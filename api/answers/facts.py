"""In which form are the facts of a decision sent in? One pydantic form for each class of facts, made from the class itself.

So the service, the command and their documentation can't know another fact than the decision does. An unknown name is
refused: a form that asks "have you handed back your land?" has nowhere to put the answer.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, StrictBool, StringConstraints, create_model

from api.answers.events import Day, Strict

_Month = Annotated[str, StringConstraints(pattern="^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])$")]
_Short = Annotated[str, StringConstraints(max_length=40)]
_MOST = 600
_LARGEST = 2**40
"""A number may count anything up to the square metres of a collective."""
# Types that are made when the program runs: a type checker would take each for an alias that it can't follow.
ANNOTATED: Any = Annotated
ONE_OF: Any = Union
WORD: Any = Literal
LIST: Any = list
_TUPLE: Any = tuple
_FORMS: dict[Any, type[BaseModel]] = {}
_ANYTHING: dict[Any, Any] = {bool: StrictBool, str: _Short, int: Annotated[int, Field(ge=0, le=_LARGEST)], dt.date: Day}


def form_of(facts: Any) -> type[BaseModel]:  # noqa: ANN401  (a class of facts)
    """The form of a class of facts: the same names, nothing more; what the paper of a fact is stands in its description."""
    if facts not in _FORMS:
        _FORMS[facts] = _made(facts)
    return _FORMS[facts]


def _made(facts: Any) -> type[BaseModel]:  # noqa: ANN401  (a class of facts)
    hints = get_type_hints(facts)
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(facts):
        described = {"description": field.metadata["paper"]} if "paper" in field.metadata else {}
        fields[field.name] = (_formed(hints[field.name]), _default(field, described))
    return create_model(f"{facts.__name__}Facts", __base__=Strict, __doc__=facts.__doc__, **fields)


def facts_of(facts: type[Any], sent: BaseModel) -> Any:  # noqa: ANN401  (any class of facts)
    """The facts that a form says."""
    hints = get_type_hints(facts)
    names = [field.name for field in dataclasses.fields(facts)]
    return facts(**{name: _value(hints[name], getattr(sent, name)) for name in names})


def _formed(hint: Any) -> Any:  # noqa: ANN401  (a type)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return form_of(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return ONE_OF[tuple(_formed(each) for each in arguments)]
    if origin is tuple and arguments[-1] is not Ellipsis:
        return _TUPLE[tuple(_formed(each) for each in arguments)]
    if origin is tuple:
        inner = _Month if arguments[0] is str else _formed(arguments[0])
        return ANNOTATED[LIST[inner], Field(max_length=_MOST)]
    return _ANYTHING.get(hint, hint)


def _default(field: dataclasses.Field[Any], described: dict[str, Any]) -> Any:  # noqa: ANN401  (pydantic's own)
    if field.default is dataclasses.MISSING:
        return Field(**described)
    if dataclasses.is_dataclass(field.default):
        return Field(default_factory=form_of(type(field.default)), **described)
    return Field(default=list(field.default) if isinstance(field.default, tuple) else field.default, **described)


def _value(hint: Any, value: Any) -> Any:  # noqa: ANN401  (a type and what stands in a form)
    if isinstance(value, BaseModel):
        of = next(each for each in (hint, *get_args(hint)) if isinstance(each, type) and dataclasses.is_dataclass(each))
        return facts_of(of, value)
    if isinstance(value, list):
        of_list = hint if get_origin(hint) is tuple else next(e for e in get_args(hint) if get_origin(e) is tuple)
        return tuple(_value(get_args(of_list)[0], each) for each in value)
    if isinstance(value, tuple):
        return tuple(_value(of, each) for of, each in zip(get_args(hint), value, strict=True))
    if isinstance(value, str) and dt.date in {hint, *get_args(hint)} - {NoneType}:
        return dt.date.fromisoformat(value)
    return value
