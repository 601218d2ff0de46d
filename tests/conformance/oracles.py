"""Two independent validators of base R4: what each has to complain of, and which of their complaints are mistaken."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from app.fhir.json import read, write

fhirkit = pytest.importorskip("fhirkit", reason="fhirkit-rs, an oracle of the differential tests, is not installed")

TABLE = Path(__file__).with_name("reviewed.csv")

NATIVE, MODELS = "fhirkit-rs", "fhir.resources"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Complaints of an oracle that are mistaken: a pattern, a body that gets one, and why R4 does not agree."""

    oracle: str
    pattern: re.Pattern[str]
    example: Json
    reason: str


@cache
def reviewed() -> tuple[Reviewed, ...]:
    """Return the reviewed complaints."""
    with TABLE.open(encoding="utf-8", newline="") as rows:
        return tuple(
            Reviewed(row["oracle"], re.compile(row["complaint"]), read(row["example"].encode()), row["reason"])
            for row in csv.DictReader(rows, strict=True)
        )


def mistaken(oracle: str, complaint: str) -> bool:
    """Whether a complaint was looked at and is wrong."""
    return any(one.oracle == oracle and one.pattern.fullmatch(complaint) for one in reviewed())


def complaints(body: Json) -> dict[str, list[str]]:
    """Return what each oracle has against a body, a line each; an oracle that accepts it has none."""
    return {NATIVE: _native(body), MODELS: _models(body)}


def _native(body: Json) -> list[str]:
    try:
        return [f"{issue.path}: {issue.message}" for issue in fhirkit.validate(write(body))]
    except fhirkit.ParseError as error:
        return [str(error)]


def _models(body: Json) -> list[str]:
    type_ = body.get("resourceType")
    try:
        get_fhir_model_class(str(type_)).model_validate_json(write(body))
    except ValidationError as error:
        return [f"{'.'.join(map(str, one['loc']))}: {one['msg']} ({one['input']!a:.80})" for one in error.errors()]
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return [f"{type(error).__name__}: {error}"]
    return []
