"""Make the table of R4 elements, `app/conformance/base/r4.json`, from the model classes of `fhir.resources`.

The models are of R4B; `r4_corrections` lists where R4 differs. `python -m tests.conformance.r4_table` writes the table.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

import fhir.resources.R4B
import msgspec
from fhir_core.fhirabstractmodel import FHIRAbstractModel
from pydantic.fields import FieldInfo

from app.conformance.base.special_types import SIMPLE_QUANTITY
from app.conformance.base.table import TABLE
from tests.conformance.r4_corrections import (
    ADDED_CHOICES,
    CODES,
    NOT_R4,
    OTHER_ELEMENTS,
    REMOVED_CHOICES,
    SIMPLE_QUANTITIES,
)

_NO_TYPES = ("FHIRPrimitiveExtension", "FHIRAbstractResource")
_ROOTS = ("Element", "Resource")
_NO_ELEMENTS = ("fhir_comments", "resource_type")
_CUT_SHORT = frozenset({"+", "etc.", "mime"})

Elements = dict[str, str]


def r4_table() -> dict[str, Elements]:
    """Return each type of R4 with its elements, and under the empty name the type that it specializes."""
    models = {model.get_resource_type(): model for model in _models()}
    kept = [name for name in sorted(models) if not name.startswith((*NOT_R4, *_NO_TYPES))]
    return {name: _elements(models[name]) for name in kept} | {SIMPLE_QUANTITY: {"": "Quantity"}}


def _models() -> Iterator[type[FHIRAbstractModel]]:
    package = fhir.resources.R4B
    for module in pkgutil.iter_modules(package.__path__):
        if not module.ispkg and module.name != "fhirtypes":
            for value in vars(importlib.import_module(f"{package.__name__}.{module.name}")).values():
                if isinstance(value, type) and issubclass(value, FHIRAbstractModel) and value is not FHIRAbstractModel:
                    yield value


def _elements(model: type[FHIRAbstractModel]) -> Elements:
    """Describe a type's own elements: cardinality, then its types, codes and targets in brackets."""
    type_, parent = model.get_resource_type(), _parent(model)
    root = type_ in _ROOTS
    elements: Elements = {"": "" if root else parent.get_resource_type()}
    choices: dict[tuple[str, int], list[str]] = {}
    inherited = () if root else getattr(parent, "model_fields", ())
    for name, field in model.model_fields.items():
        declared = _declared(field)
        alias = field.alias or name
        if alias.startswith("_") or alias in _NO_ELEMENTS or name in inherited:
            continue
        group = declared.get("one_of_many")
        if group:
            key = (f"{group}[x]", int(bool(declared.get("one_of_many_required"))))
            choices.setdefault(key, []).append(_type(f"{type_}.{group}[x]", field))
        else:
            least = int(field.is_required() or bool(declared.get("element_required")))
            elements[alias] = f"{least}..{'*' if _many(field) else '1'} {_type(f'{type_}.{alias}', field)}"
    for (name, least), types in choices.items():
        elements[name] = f"{least}..1 {' '.join(_r4_choice(f'{type_}.{name}', types))}"
    return {name: OTHER_ELEMENTS.get(f"{type_}.{name}", element) for name, element in elements.items()}


def _parent(model: type[FHIRAbstractModel]) -> type[FHIRAbstractModel]:
    return next(one for one in model.__mro__[1:] if issubclass(one, FHIRAbstractModel))


def _r4_choice(place: str, types: list[str]) -> list[str]:
    removed = REMOVED_CHOICES.get(place, ())
    return sorted({*(one for one in types if one.partition("(")[0] not in removed), *ADDED_CHOICES.get(place, ())})


def _declared(field: FieldInfo) -> dict[str, Any]:
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def _many(field: FieldInfo) -> bool:
    return get_origin(_bare(field.annotation)) is list


def _bare(annotation: Any) -> Any:
    """Take Optional off an annotation."""
    if get_origin(annotation) in (Union, UnionType):
        return next(one for one in get_args(annotation) if one is not type(None))
    return annotation


def _type(place: str, field: FieldInfo) -> str:
    """Name the type, with the codes of a required binding or the types that a reference may point to."""
    named = _named(field)
    declared = _declared(field)
    if named == "code":
        codes = CODES[place].split() if place in CODES else declared.get("enum_values") or ()
        return "code" if _CUT_SHORT.intersection(codes) or not codes else f"code({'|'.join(codes)})"
    if named == "Quantity" and place in SIMPLE_QUANTITIES:
        return SIMPLE_QUANTITY
    targets = sorted(declared.get("enum_reference_types") or ())
    return f"{named}({'|'.join(targets)})" if targets and "Resource" not in targets else named


def _named(field: FieldInfo) -> str:
    """Return R4's name of the type that a field is annotated with."""
    annotation = _bare(field.annotation)
    if get_origin(annotation) is list:
        annotation = _bare(get_args(annotation)[0])
    if annotation is bool:
        return "boolean"
    marks = getattr(annotation, "__metadata__", None)
    if marks is None:
        return str(annotation.__name__).removesuffix("Type")
    mark = (marks[-1] if isinstance(marks[-1], type) else type(marks[-1])).__name__.removesuffix("Version")
    return mark[0].lower() + mark[1:]


def main() -> None:
    """Write the table anew, a line an element."""
    TABLE.write_bytes(msgspec.json.format(msgspec.json.encode(r4_table()), indent=1) + b"\n")
    sys.stdout.write(f"{TABLE}\n")


if __name__ == "__main__":
    main()
