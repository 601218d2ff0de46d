"""Whether a resource that a payer maintains is R4, by the models of `fhir.resources`; for the cold path only.

The models are of R4B, which has the same elements as R4 in the types checked here. What they let through is checked
beside them: codes of required bindings, JSON types, empty and null values, base64, and the check digit of an NPI.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from app.conformance.json_shape import shape_issues
from app.fhir.outcome import Fault, FhirError, Issue

if TYPE_CHECKING:
    from fhir_core.fhirabstractmodel import FHIRAbstractModel

MAINTAINED = ("Patient", "Coverage", "Organization", "Practitioner")

_REQUIRED = "The element is required."
_UNKNOWN = "R4 has no element of this name here."
_CHOICE = "One type of a choice element is accepted, not several."
_FORM = "The value is not of the type or form that R4 gives this element."
_CONTAINED = "A contained resource is accepted if its resourceType is a type of R4."
_TEXTS = {"missing": _REQUIRED, "model_field_validation.missing": _REQUIRED, "extra_forbidden": _UNKNOWN}


def check(resource: dict[str, Any]) -> None:
    """Accept the resource, or raise FhirError UNPROCESSABLE with all that is wrong: each place once, and no values."""
    type_ = resource.get("resourceType")
    if type_ not in MAINTAINED:
        raise FhirError(Fault.UNPROCESSABLE, f"One of these is accepted here: {', '.join(MAINTAINED)}.")
    model = _model(type_)
    found = [*shape_issues(resource, type_), *_declared(model, resource, type_), *_model_issues(model, resource, type_)]
    if found:
        clearest = {issue.expression: issue for issue in reversed(found)}
        raise FhirError(Fault.UNPROCESSABLE, *reversed(clearest.values()))


def _model(type_: str) -> type[FHIRAbstractModel]:
    """Import the model when it is first needed: it takes longer than answering a request."""
    model: type[FHIRAbstractModel] = getattr(importlib.import_module(f"fhir.resources.R4B.{type_.lower()}"), type_)
    return model


def _model_issues(model: type[FHIRAbstractModel], resource: dict[str, Any], path: str) -> Iterator[Issue]:
    try:
        parsed = model.model_validate(resource)
    except ValidationError as refused:
        for error in refused.errors(include_url=False, include_input=False):
            yield Issue(_text(error), _fhirpath(path, error["loc"]))
    except (LookupError, TypeError):
        # The models look a contained resource up by its resourceType, whatever that is.
        yield Issue(_CONTAINED, f"{path}.contained")
    else:
        yield from _below(parsed, resource, path)


def _text(error: Any) -> str:
    if "Any of one field value" in error["msg"]:
        return _CHOICE
    return _TEXTS.get(error["type"], _FORM)


def _fhirpath(path: str, location: tuple[int | str, ...]) -> str:
    steps = (
        f"[{step}]" if isinstance(step, int) else f".{step.removeprefix('_')}" for step in location if step != "root"
    )
    return path + "".join(steps)


def _below(parsed: Any, raw: dict[str, Any], path: str) -> Iterator[Issue]:
    """Walk model and JSON side by side, and check each object by what its model declares."""
    yield from _declared(type(parsed), raw, path)
    for name, field in type(parsed).model_fields.items():
        alias = field.alias or name
        value, beside = getattr(parsed, name), raw.get(alias)
        at = f"{path}.{alias.removeprefix('_')}"
        if isinstance(value, list) and isinstance(beside, list):
            for index, (one, its_raw) in enumerate(zip(value, beside, strict=True)):
                yield from _beside(one, its_raw, f"{at}[{index}]")
        elif beside is not None:
            yield from _beside(value, beside, at)


def _beside(value: Any, raw: Any, path: str) -> Iterator[Issue]:
    """Check one value: the models take a number for a date, and a text for a number or for true."""
    if isinstance(raw, dict):
        yield from _below(value, raw, path)
    elif raw is not None and not isinstance(raw, _json_type(value)):
        yield Issue(_FORM, path)


def _json_type(value: Any) -> type | tuple[type, ...]:
    if isinstance(value, bool):
        return bool
    return (int, Decimal) if isinstance(value, int | float | Decimal) else str


def _declared(model: type[FHIRAbstractModel], raw: dict[str, Any], path: str) -> Iterator[Issue]:
    """Check one object by its model's declarations: required elements and the codes of required bindings."""
    for name, field in model.model_fields.items():
        alias = field.alias or name
        declared: dict[str, Any] = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        value = raw.get(alias)
        if value is None:
            if declared.get("element_required") and f"_{alias}" not in raw:
                yield Issue(_REQUIRED, f"{path}.{alias}")
        elif "enum_values" in declared and isinstance(value, str) and value not in declared["enum_values"]:
            yield Issue(f"One of these codes is accepted: {', '.join(declared['enum_values'])}.", f"{path}.{alias}")
