"""What holds for FHIR JSON whatever the type: nothing empty, nothing null, base64 that decodes, an NPI that adds up."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from app.fhir.npi import valid_npi
from app.fhir.outcome import Issue
from app.fhir.systems import NPI

_EMPTY = "An empty object, an empty array and an empty text are not accepted; leave the element out."
_NULL = "null is accepted only in an array beside an array of extensions; leave the element out."
_BASE64 = "The data of an Attachment is accepted as base64."
_NPI = "An NPI is accepted as ten digits, the last of which is the right check digit."
_ATTACHMENT = re.compile(r".*\.photo(\[[0-9]+\])?")


def shape_issues(value: Any, path: str) -> Iterator[Issue]:
    """Give an issue for each fault in the value and below it; `path` is its FHIRPath."""
    if value is None:
        yield Issue(_NULL, path)
    elif value in ({}, [], ""):
        yield Issue(_EMPTY, path)
    elif isinstance(value, dict):
        yield from _object_issues(value, path)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from shape_issues(one, f"{path}[{index}]")


def _object_issues(value: dict[str, Any], path: str) -> Iterator[Issue]:
    for name, one in value.items():
        beside = value.get(name.removeprefix("_") if name.startswith("_") else f"_{name}")
        at = f"{path}.{name.removeprefix('_')}"
        if isinstance(one, list) and isinstance(beside, list):
            yield from _paired_issues(one, beside, at)
        else:
            yield from shape_issues(one, at)
    data, number = value.get("data"), value.get("value")
    if isinstance(data, str) and _ATTACHMENT.fullmatch(path) and not _is_base64(data):
        yield Issue(_BASE64, f"{path}.data")
    if value.get("system") == NPI and isinstance(number, str) and not valid_npi(number):
        yield Issue(_NPI, f"{path}.value")


def _paired_issues(values: list[Any], beside: list[Any], path: str) -> Iterator[Issue]:
    """Check an array of values or of their extensions: a null stands where only the other array has something."""
    for index, value in enumerate(values):
        if value is not None or index >= len(beside) or beside[index] is None:
            yield from shape_issues(value, f"{path}[{index}]")


def _is_base64(data: str) -> bool:
    try:
        base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
