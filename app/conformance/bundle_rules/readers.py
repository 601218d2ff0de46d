"""Reading from JSON that may be of any shape: what is not as expected is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def objects(value: Json, name: str) -> Iterator[tuple[int, Json]]:
    """Give the objects of a list, each with its number."""
    listed = value.get(name)
    if isinstance(listed, list):
        yield from ((index, one) for index, one in enumerate(listed) if isinstance(one, dict))


def extension_values(value: Json, url: str, name: str = "extension") -> Iterator[Any]:
    """Give the values of the extensions with a URL."""
    listed = value.get(name)
    for extension in listed if isinstance(listed, list) else ():
        if isinstance(extension, dict) and extension.get("url") == url:
            yield from (one for key, one in extension.items() if key.startswith("value"))


def concept_codes(concept: Any) -> set[str]:
    """Return the codes of a CodeableConcept."""
    codings = objects(concept, "coding") if isinstance(concept, dict) else ()
    return {one["code"] for _, one in codings if isinstance(one.get("code"), str)}


def reference_of(value: Any) -> str | None:
    """Return what a Reference refers to by URL."""
    reference = value.get("reference") if isinstance(value, dict) else None
    return reference if isinstance(reference, str) else None
