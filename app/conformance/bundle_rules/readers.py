"""Reading from JSON that may be of any shape: what is not as expected is not there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


def listed(value: Json, name: str) -> Sequence[Any]:
    """Return the values of a list."""
    found = value.get(name)
    return found if type(found) is list else ()


def objects(value: Json, name: str) -> list[tuple[int, Json]]:
    """Return the objects of a list, each with its number."""
    return [numbered for numbered in enumerate(listed(value, name)) if type(numbered[1]) is dict]


def extension_values(value: Json, url: str, name: str = "extension") -> list[Any]:
    """Return the values of the extensions with a URL."""
    found: list[Any] = []
    for extension in listed(value, name):
        if type(extension) is dict and extension.get("url") == url:
            found += [one for key, one in extension.items() if key.startswith("value")]
    return found


def has_code(concept: Any, code: str) -> bool:
    """Whether a CodeableConcept has a code, whatever its system."""
    for one in listed(concept, "coding") if type(concept) is dict else ():
        if type(one) is dict and one.get("code") == code:
            return True
    return False


def reference_of(value: Any) -> str | None:
    """Return what a Reference refers to by URL."""
    reference = value.get("reference") if isinstance(value, dict) else None
    return reference if isinstance(reference, str) else None
