"""Read JSON of any shape; a value of the wrong type counts as absent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


def listed(value: Json, name: str) -> Sequence[Any]:
    """Return the values of a list."""
    values = value.get(name)
    return values if type(values) is list else ()


def objects(value: Json, name: str) -> list[tuple[int, Json]]:
    """Return the objects of a list, each with its position."""
    return [numbered for numbered in enumerate(listed(value, name)) if type(numbered[1]) is dict]


def extension_values(value: Json, url: str, name: str = "extension") -> list[Any]:
    """Return the values of the extensions with a URL."""
    values: list[Any] = []
    for extension in listed(value, name):
        if type(extension) is dict and extension.get("url") == url:
            values += [content for key, content in extension.items() if key.startswith("value")]
    return values


def has_code(concept: Any, code: str) -> bool:
    """Return whether a CodeableConcept has a code, in any system."""
    for coding in listed(concept, "coding") if type(concept) is dict else ():
        if type(coding) is dict and coding.get("code") == code:
            return True
    return False


def reference_of(value: Any) -> str | None:
    """Return the URL of a Reference, if it has one."""
    reference = value.get("reference") if isinstance(value, dict) else None
    return reference if isinstance(reference, str) else None
