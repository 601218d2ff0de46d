"""Read a moment that a parameter gives."""

from __future__ import annotations

import re
from datetime import datetime

from app.fhir.outcome import Fault, FhirError

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def moment_of(name: str, value: str) -> datetime:
    """Return the moment of a dateTime with a time zone. Raises FhirError PARAMETER."""
    try:
        if _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise FhirError(Fault.PARAMETER, f"`{name}` must be a dateTime with time and zone, such as 2026-12-01T15:00:00Z.")
