"""An answer as its reader takes it apart: the decision on each item, the notes, the issues, the numbers as written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

import app.demo
from tests.support.samples import PAS

Json = dict[str, Any]

SUBMITTED = {"approve": "A1", "deny": "A3", "pend": "A4", "modify": "A6"}
"""The demo's requests, and what the sample payer answers to each."""

SAMPLES = Path(app.demo.__file__).parent / "samples"


def sample(name: str) -> Json:
    """Return one of the demo's own bodies."""
    found: Json = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def resources(bundle: Json) -> list[Json]:
    return [entry["resource"] for entry in bundle.get("entry", [])]


def answered(response: httpx.Response) -> Json:
    """Return the ClaimResponse that a response Bundle begins with."""
    assert response.status_code == 200, response.text
    first: Json = resources(response.json())[0]
    assert first["resourceType"] == "ClaimResponse"
    return first


def returned(response: httpx.Response) -> list[Json]:
    """Return the ClaimResponses of an inquiry's answer in the form of 2.2.1, each first in a Bundle of its own."""
    assert response.status_code == 200, response.text
    parameters = response.json()
    assert parameters["resourceType"] == "Parameters"
    named = [(one["name"], one["resource"]) for one in parameters.get("parameter", [])]
    assert {name for name, _ in named} <= {"return", "outcome"}
    return [resources(resource)[0] for name, resource in named if name == "return"]


def issues(response: httpx.Response) -> list[Json]:
    """Return the issues of the one OperationOutcome that a refusal is."""
    assert response.headers["content-type"].startswith("application/fhir+json")
    outcome = response.json()
    assert outcome["resourceType"] == "OperationOutcome"
    found: list[Json] = outcome["issue"]
    assert found
    return found


def extensions(element: Json, name: str) -> list[Json]:
    """Return the PAS extensions of that name, or the parts of a complex one by their short names."""
    return [one for one in element.get("extension", []) if one["url"] in (PAS + name, name)]


def extension(element: Json, name: str) -> Json:
    [found] = extensions(element, name)
    return found


def review(item: Json) -> Json:
    """Return the reviewAction of an item or addItem."""
    [adjudication] = item["adjudication"]
    return extension(adjudication, "extension-reviewAction")


def action(item: Json) -> str:
    """Return the code of an item's decision."""
    [coding] = extension(review(item), "extension-reviewActionCode")["valueCodeableConcept"]["coding"]
    assert coding["system"] == "https://codesystem.x12.org/005010/306"
    return str(coding["code"])


def actions(claim_response: Json) -> dict[int, str]:
    return {item["itemSequence"]: action(item) for item in claim_response["item"]}


def notes(claim_response: Json, item: Json) -> list[str]:
    """Return the texts of the process notes that an item refers to."""
    texts = {note["number"]: note["text"] for note in claim_response.get("processNote", [])}
    return [texts[number] for number in item.get("noteNumber", [])]


def administration_number(claim_response: Json) -> str:
    """Return the case reference of the first pended or denied item."""
    item = next(one for one in claim_response["item"] if action(one) in {"A3", "A4"})
    return str(extension(item, "extension-administrationReferenceNumber")["valueString"])


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)


def as_written(text: str) -> Any:
    """Read JSON with every number kept as its text."""
    return json.loads(text, parse_float=lambda number: f"number {number}", parse_int=lambda number: f"number {number}")
