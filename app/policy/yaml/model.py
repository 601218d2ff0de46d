"""Check YAML texts against pydantic models, and report each problem with its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from app.policy.yaml.text import Place, Quoted, YamlRefused, YamlText

_ROW = "row"


def refused_row(faults: Iterable[str]) -> PydanticCustomError:
    """Return the error of a mapping whose values contradict each other; each fault begins with the name of a key."""
    return PydanticCustomError(_ROW, "{faults}", {"faults": "; ".join(faults)})


def _kebab(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


class Data(BaseModel):
    """A mapping in a YAML text. Its keys are in kebab-case, and unknown keys are refused. Instances are frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=_kebab, arbitrary_types_allowed=True)

    @model_validator(mode="wrap")
    @classmethod
    def _name_known_keys(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(value)
        except ValidationError as error:
            keys = ", ".join(field.alias or name for name, field in cls.model_fields.items())
            errors = [_with_keys(details, keys) for details in error.errors(include_url=False)]
        raise ValidationError.from_exception_data(cls.__name__, errors)


def _with_keys(details: ErrorDetails, keys: str) -> InitErrorDetails:
    """Return the error again. If it is about an unknown key of the mapping itself, its context has the known keys."""
    own = details["type"] == "extra_forbidden" and len(details["loc"]) == 1
    context = {"keys": keys} if own else details.get("ctx")
    error = PydanticCustomError(details["type"], details["msg"], context)
    return InitErrorDetails(type=error, loc=details["loc"], input=details["input"])


def _code(value: Any) -> str:
    if not isinstance(value, Quoted):
        raise ValueError("must be in quotes, because YAML reads some codes as numbers")  # noqa: TRY004 - pydantic's
    if not value or value != value.strip():
        raise ValueError("must have no empty code and no spaces around a code")
    return str(value)


def _day(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("must be a day as YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("must be a day of the calendar") from None


def _number(value: Any) -> Any:
    if isinstance(value, str | bool):
        raise ValueError("must be a number without quotes")  # noqa: TRY004 - pydantic collects ValueErrors only
    return value


def _slug(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError("must have only lower-case letters, digits and single hyphens")
    return value


def _not_empty(values: Any) -> Any:
    if values == []:
        raise ValueError("must not be empty")
    return values


def _without_duplicates(values: Any) -> Any:
    if isinstance(values, list):
        duplicates = [str(value) for index, value in enumerate(values) if value in values[:index]]
        if duplicates:
            raise ValueError(f"must not list {', '.join(duplicates)} twice")
    return values


Code = Annotated[str, BeforeValidator(_code)]
"""A code or an identifier, in quotes."""

NotEmpty = BeforeValidator(_not_empty)
"""Refuses an empty list."""

Codes = Annotated[frozenset[Code], BeforeValidator(_without_duplicates), NotEmpty]
"""A list of codes without duplicates, at least one."""

Day = Annotated[date, BeforeValidator(_day)]
"""A calendar day."""

Number = Annotated[Decimal, BeforeValidator(_number)]
"""A decimal number, exactly as written."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A sentence or a name, not empty."""

Slug = Annotated[str, BeforeValidator(_slug)]
"""A name in lower-case letters, digits and hyphens."""

M = TypeVar("M", bound=BaseModel)


def read_model(text: YamlText, model: type[M], context: Mapping[str, Any] | None = None) -> M:
    """Return the text as an instance of the model. Raises YamlRefused with all problems, sorted by line."""
    try:
        return model.model_validate(text.data, context=context)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    places = [(_place(text, details["loc"]), details) for details in errors]
    places.sort(key=lambda pair: text.lines[pair[0]])
    raise YamlRefused(text.refusal(place, _problem(text, place, details)) for place, details in places) from None


def _place(text: YamlText, location: Place) -> Place:
    """Drop the parts of pydantic's location that the text lacks: names of union members, and missing keys."""
    place: Place = ()
    for part in location:
        if (*place, part) in text.lines:
            place = (*place, part)
    return place


_LIST, _MAPPING = "must be a list", "must be keys with values"
_SHAPES = {
    "frozen_set_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "string_type": "must be text",
    "string_too_short": "must be text",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "zoneinfo_str": "must be a time zone such as America/New_York",
}


def _problem(text: YamlText, place: Place, error: ErrorDetails) -> str:
    if error["type"] == _ROW:
        return f"{error['msg']}."
    if error["type"] == "missing":
        return f"`{text.name((*place, error['loc'][-1]))}` is required."
    name = text.name(place)
    return _sentence(f"`{name}`" if name else "the text", error)


def _sentence(name: str, error: ErrorDetails) -> str:
    last = error["loc"][-1] if error["loc"] else ""
    match error["type"]:
        case "extra_forbidden":
            return f"`{last}` is an unknown key. Known keys: {error['ctx']['keys']}."
        case "union_tag_not_found":
            return f"{error['ctx']['discriminator']} is required.".replace("'", "`")
        case "union_tag_invalid":
            allowed = error["ctx"]["expected_tags"].replace("'", "")
            return f"{error['ctx']['discriminator']} must be one of {allowed}.".replace("'", "`")
        case kind if kind in _SHAPES:
            return f"{name} {_SHAPES[kind]}."
        case "value_error":
            return f"{name} {error['ctx']['error']}."
        case _ if error["msg"].startswith("Input should "):
            return f"{name} must {error['msg'].removeprefix('Input should ')}."
        case _:
            return f"{name} must be valid: {error['msg'][0].lower()}{error['msg'][1:]}."
