"""What plain R4 says of an element, for telling what a published profile adds to it.

Types and reference targets are read off the model classes of `fhir.resources`; what those do not know (modifiers,
bindings) is in `r4_elements.csv`, a row an element that the published profiles have, as R4 4.0.1 defines it.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from fhir.resources.R4B import get_fhir_model_class

Types = frozenset[tuple[str, frozenset[str], frozenset[str]]]
"""Of each type its code, its profiles and its target profiles."""

CORE = "http://hl7.org/fhir/StructureDefinition/"
OWN_RULE = re.compile(r"(bdl|dom|ele|ext|inv|nor|org|pat|prr|qty|tim)-\d+[a-z]?")
"""Keys of R4's own rules for the types that are profiled; `sqty-1` is only SimpleQuantity's, so it is not one."""

_NEW_IN_R4B: Types = frozenset((code, frozenset(), frozenset()) for code in ("CodeableReference", "RatioRange"))
_GONE_IN_R4B: Types = frozenset({("Meta", frozenset(), frozenset())})
"""The one difference between R4 and R4B in the types of the elements that are profiled: what an extension may hold."""


class R4Element(NamedTuple):
    """One row of the table."""

    modifier: bool
    binding: tuple[str, str] | None


@cache
def table() -> dict[str, R4Element]:
    """Return the rows of `r4_elements.csv` by the path of the element."""
    with (Path(__file__).parent / "r4_elements.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["element"]: R4Element(
                row["modifier"] == "yes", (row["strength"], row["value_set"]) if row["strength"] else None
            )
            for row in csv.DictReader(file)
        }


@cache
def types(path: str) -> Types:
    """Return the types R4 allows at a path such as `Claim.item.location[x]`. Raises KeyError where there is none."""
    owner, *steps = path.split(".")
    for step in steps[:-1]:
        (owner,) = (_model(field) for field in _fields(owner, step))
    fields = _fields(owner, steps[-1])
    if not fields:
        raise KeyError(path)
    found = frozenset((_code(field), frozenset[str](), _targets(field)) for field in fields)
    return (found - _NEW_IN_R4B) | _GONE_IN_R4B if path == "Extension.value[x]" else found


def _fields(owner: str, step: str) -> list[Any]:
    """Return the model's field for an element, all of them for a choice of types."""
    fields = get_fhir_model_class(owner).model_fields.values()
    choice = step.removesuffix("[x]")
    if choice == step:
        return [field for field in fields if field.alias == step]
    return [field for field in fields if _extra(field).get("one_of_many") == choice]


def _extra(field: Any) -> dict[str, Any]:
    """Return what the model notes of a field."""
    return field.json_schema_extra or {}


def _model(field: Any) -> str:
    """Return the name of the model class a field holds, or nothing for a primitive."""
    found = re.search(r"abc\.(\w+)Type\b", str(field.annotation))
    return found[1] if found else ""


def _code(field: Any) -> str:
    """Return the type's code in R4: a class inside another one's module is a part of it, not a type of its own."""
    name = _model(field)
    if not name:
        classes = re.findall(r"(\w+?)(?:Version)?\(", str(field.annotation)) or ["Boolean"]
        return f"{classes[-1][0].lower()}{classes[-1][1:]}"
    model = get_fhir_model_class(name)
    if model.__module__.rpartition(".")[2] == name.lower():
        return name
    return "BackboneElement" if any(parent.__name__ == "BackboneElement" for parent in model.__mro__) else "Element"


def _targets(field: Any) -> frozenset[str]:
    return frozenset(CORE + target for target in _extra(field).get("enum_reference_types", ()))
