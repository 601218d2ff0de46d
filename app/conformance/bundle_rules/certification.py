"""What is asked for with an item: the certification type, by its X12 code."""

from __future__ import annotations

from app.conformance.bundle_rules.readers import Json, has_code, listed
from app.fhir.systems import pas

CERTIFICATION_TYPE = pas("extension-certificationType")


def is_certified(item: Json, code: str) -> bool:
    """Whether an item's certification type is the one with this code."""
    for extension in listed(item, "extension"):
        if type(extension) is dict and extension.get("url") == CERTIFICATION_TYPE:
            for name, value in extension.items():
                if name[:5] == "value" and has_code(value, code):
                    return True
    return False
