"""Read the Parameters of `ClaimResponse/{id}/$extend` and `$set-urgency`.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-extend
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from app.domain.parts.decision_clock import Extension, ExtensionReason
from app.domain.urgency import Urgency
from app.fhir.body import Checked
from app.fhir.element import Element
from app.fhir.issues import Issues

Code = TypeVar("Code", bound=StrEnum)


def read_extension(checked: Checked, now: datetime) -> Extension:
    """Read `days`, `reason` and optionally `note`. Raises FhirError UNPROCESSABLE with all issues."""
    issues = Issues(checked.issues)
    body = Element(checked.resource, issues, "Parameters")
    named = _read(body, ("days", "reason", "note"))
    days = named["days"].integer("valuePositiveInt") if "days" in named else None
    if not days:
        body.missing("parameter", "An extension must have a parameter `days` with a valuePositiveInt.")
    reason = _code(body, named, "reason", ExtensionReason)
    note = _text(named, "note")
    issues.warnings()
    return Extension(timedelta(days=days or 0), reason, now, note)


def read_urgency(checked: Checked) -> tuple[Urgency, str]:
    """Read `urgency` and `reason`, a sentence. Raises FhirError UNPROCESSABLE with all issues."""
    issues = Issues(checked.issues)
    body = Element(checked.resource, issues, "Parameters")
    named = _read(body, ("urgency", "reason"))
    urgency = _code(body, named, "urgency", Urgency)
    reason = _text(named, "reason")
    if reason is None:
        body.missing("parameter", "A change of urgency must have a parameter `reason` with a valueString.")
    issues.warnings()
    return urgency, reason or ""


def _read(body: Element, names: Iterable[str]) -> dict[str, Element]:
    named: dict[str, Element] = {}
    for parameter in body.many("parameter"):
        name = parameter.text("name") or ""
        if name not in names or name in named:
            parameter.note(f"The parameter must be one of {', '.join(names)}, each once.", "name")
        else:
            named[name] = parameter
    return named


def _code(body: Element, named: dict[str, Element], name: str, codes: type[Code]) -> Code:
    """Return the code of a parameter; the first one after an issue."""
    listed = list(codes)
    if name not in named:
        body.missing("parameter", f"The parameter `{name}` must have a valueCode: {', '.join(listed)}.")
        return listed[0]
    text = named[name].text("valueCode")
    if text not in listed:
        named[name].note(f"`{name}` must be one of {', '.join(listed)}.", "valueCode")
        return listed[0]
    return codes(text)


def _text(named: dict[str, Element], name: str) -> str | None:
    return named[name].text("valueString") if name in named else None
