"""Read the Parameters of `ClaimResponse/{id}/$extend` and `$set-urgency`.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-extend
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.parts.decision_clock import Extension, ExtensionReason
from app.domain.urgency import Urgency
from app.fhir.body import Checked
from app.fhir.element import Element
from app.fhir.issues import Issues
from app.pas.decisions.read_parts import read_choice, read_parts, read_text, required, single


def read_extension(checked: Checked, now: datetime) -> Extension:
    """Read `days`, `reason` and optionally `note`. Raises FhirError UNPROCESSABLE with all issues."""
    issues = Issues(checked.issues)
    body = Element(checked.resource, issues, "Parameters")
    parts = read_parts(body, "parameter", ("days", "reason", "note"))
    days = required(parts, "days", body, "parameter")
    number = None if days is None else days.integer("valuePositiveInt")
    if days is not None and number is None:
        days.missing("valuePositiveInt", "`days` must have a valuePositiveInt.")
    reason = read_choice(required(parts, "reason", body, "parameter"), tuple(ExtensionReason))
    note = read_text(single(parts, "note"))
    issues.warnings()
    # A positiveInt can have more days than a timedelta. The law allows far fewer than both.
    by = timedelta(days=min(number or 0, timedelta.max.days))
    return Extension(by, ExtensionReason(reason or ExtensionReason.EXTRAORDINARY), now, note)


def read_urgency(checked: Checked) -> tuple[Urgency, str]:
    """Read `urgency` and `reason`, a sentence. Raises FhirError UNPROCESSABLE with all issues."""
    issues = Issues(checked.issues)
    body = Element(checked.resource, issues, "Parameters")
    parts = read_parts(body, "parameter", ("urgency", "reason"))
    urgency = read_choice(required(parts, "urgency", body, "parameter"), tuple(Urgency))
    reason = read_text(required(parts, "reason", body, "parameter"))
    issues.warnings()
    return Urgency(urgency or Urgency.STANDARD), reason or ""
