"""YAML texts checked against a pydantic model, each refusal with its file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from app.policy.yaml.text import Place, Quoted, YamlRefused, YamlText


def _kebab(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


class Data(BaseModel):
    """A mapping of a YAML text: keys in kebab-case, other keys refused, never changed once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=_kebab, arbitrary_types_allowed=True)


def _code(value: Any) -> str:
    if not isinstance(value, Quoted):
        raise ValueError("write a code in quotes, so that YAML cannot take it for a number")  # noqa: TRY004 - pydantic's
    if not value or value != value.strip():
        raise ValueError("a code is neither empty nor has spaces around it")
    return str(value)


def _day(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("write a day as YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("the calendar has no such day") from None


def _number(value: Any) -> Any:
    if isinstance(value, str | bool):
        raise ValueError("write a number without quotes")  # noqa: TRY004 - pydantic collects ValueErrors only
    return value


def _slug(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError("write a name in lower-case letters, digits and hyphens")
    return value


def _some(values: Any) -> Any:
    if values == []:
        raise ValueError("give at least one")
    return values


def _once(values: Any) -> Any:
    if isinstance(values, list):
        twice = [str(value) for index, value in enumerate(values) if value in values[:index]]
        if twice:
            raise ValueError(f"{', '.join(twice)} is listed twice")
    return values


Code = Annotated[str, BeforeValidator(_code)]
"""A code of a code system, or a number that is a name: in quotes."""

Some = BeforeValidator(_some)
"""A list that is not left empty."""

Codes = Annotated[frozenset[Code], BeforeValidator(_once), Some]
"""A list of codes, at least one and none twice."""

Day = Annotated[date, BeforeValidator(_day)]
"""A calendar day."""

Number = Annotated[Decimal, BeforeValidator(_number)]
"""A decimal number, exactly as written."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A sentence or a name, never empty."""

Slug = Annotated[str, BeforeValidator(_slug)]
"""A name in lower-case letters, digits and hyphens."""

M = TypeVar("M", bound=BaseModel)


def read_model(text: YamlText, model: type[M], context: Mapping[str, Any] | None = None) -> M:
    """Return the text as the model. Raises YamlRefused with all problems at once, in the order of their lines."""
    try:
        return model.model_validate(text.data, context=context)
    except ValidationError as error:
        found = error.errors(include_url=False)
    places = [(_place(text, each["loc"]), each) for each in found]
    places.sort(key=lambda pair: text.lines[pair[0]])
    raise YamlRefused(text.refusal(place, _sentence(place, each)) for place, each in places) from None


def _place(text: YamlText, location: Place) -> Place:
    """Leave out of pydantic's location what the text does not have: names of alternatives, keys that are missing."""
    place: Place = ()
    for part in location:
        if (*place, part) in text.lines:
            place = (*place, part)
    return place


_LIST, _MAPPING = "write a list", "write keys with their values"
_SHAPES = {
    "frozen_set_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "string_type": "write a text",
    "string_too_short": "write a text",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
}


def _sentence(place: Place, error: ErrorDetails) -> str:
    name = next((f"`{part}`" for part in reversed(place) if isinstance(part, str)), "the text")
    last = error["loc"][-1] if error["loc"] else ""
    match error["type"]:
        case "missing":
            return f"`{last}` is missing."
        case "extra_forbidden":
            return f"`{last}` is not a key that is known here."
        case "union_tag_not_found":
            return f"{error['ctx']['discriminator']} is missing.".replace("'", "`")
        case "union_tag_invalid":
            allowed = error["ctx"]["expected_tags"].replace("'", "")
            return f"{error['ctx']['discriminator']} must be one of {allowed}.".replace("'", "`")
        case kind if kind in _SHAPES:
            return f"{name}: {_SHAPES[kind]}."
        case "value_error":
            return f"{name}: {error['ctx']['error']}."
        case _:
            message = error["msg"][0].lower() + error["msg"][1:]
            return f"{name}: {message.removeprefix('input ')}."
