"""Read the certification type of an item by its X12 code."""

from __future__ import annotations

from app.codes import pas
from app.conformance.bundle_rules.readers import Json, extension_values, has_code

CERTIFICATION_TYPE = pas("extension-certificationType")


def is_certified(item: Json, code: str) -> bool:
    """Return whether the item has the certification type `code`."""
    return any(has_code(value, code) for value in extension_values(item, CERTIFICATION_TYPE))
