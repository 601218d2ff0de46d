"""Read what an app follows: the extensions of an item, as plain values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx

from app.codes import OUR_BASE
from app.fhir.json import read

Json = dict[str, Any]

OWN = f"{OUR_BASE}StructureDefinition/"


def body(response: httpx.Response) -> Json:
    assert response.status_code == 200, response.text
    resource: Json = read(response.content)
    return resource


def own(element: Json, name: str) -> list[Json]:
    """Return our extensions of that name."""
    return [each for each in element.get("extension", []) if each["url"] == OWN + name]


def parts(element: Json, name: str) -> Json:
    """Return the parts of our one extension of that name, by their URLs."""
    [found] = own(element, name)
    return {part["url"]: _value(part) for part in found["extension"]}


def units(element: Json) -> dict[str, Decimal]:
    """Return the units of an item by name."""
    return {name: value["value"] for name, value in parts(element, "authorized-units").items()}


def _value(extension: Json) -> Any:
    [name] = [name for name in extension if name.startswith("value")]
    return extension[name]
