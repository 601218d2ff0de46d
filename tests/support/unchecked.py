"""Bodies as the server receives them, from JSON objects."""

from __future__ import annotations

from typing import Any

from app.fhir.body import Unchecked, read_for_engine
from app.fhir.json import encoded


def unchecked(body: dict[str, Any]) -> Unchecked:
    """Write a body and parse it as the server does."""
    return read_for_engine(encoded(body))
