"""Collect the examples of the OpenAPI document from the demo's samples and from our definitions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.conformance.capability import definitions
from app.pas.edition import EDITIONS

Json = dict[str, Any]

_SAMPLES = Path(__file__).parents[2] / "demo" / "samples"
_FENCED = re.compile(r"```json\n(.*?)\n```", re.DOTALL)

DECISION: Final = "decision"
"""The name of the example answer of `$submit` and `$inquire`."""

EXAMPLES: Final = {
    "/Claim/$submit": {
        "approved": ("request-approve", "A request that is approved"),
        "pended": ("request-pend", "A request that is pended for review"),
        "modified": ("request-modify", "A request that is approved in part"),
        "denied": ("request-deny", "A request that is denied"),
    },
    "/Claim/$inquire": {"inquiry": ("inquiry", "An inquiry about a request")},
    "/$submit-attachment": {"attachment": ("attachment", "A document that the payer has asked for")},
    "/Subscription": {"subscription": ("subscription", "A Subscription to the results of an organization")},
    "/Claim": {"bill": ("bill", "A billing claim with an authorization number")},
}
"""For each path: the name of the example, its file and its summary."""


def examples(types: Iterable[str]) -> dict[str, Json]:
    """Return the example bodies by name, and one example of each type by the name of the type."""
    resources = dict(_resources())
    typed = {type_: {"summary": type_, "value": resources[type_]} for type_ in types if type_ in resources}
    return {**_bodies(), DECISION: _decision(resources["ClaimResponse"]), **typed}


def _decision(response: Json) -> Json:
    url = f"https://pas.payer.example/fhir/ClaimResponse/{response['id']}"
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": url, "resource": response}]}
    return {"summary": "A decision (the entries of the request follow it)", "value": bundle}


def _resources() -> Iterator[tuple[str, Json]]:
    """Yield a resource of each type: from a request of the demo, from our definitions, or from `answers.json`."""
    bundle = json.loads((_SAMPLES / "request-approve.json").read_text(encoding="utf-8"))
    submitted = [entry["resource"] for entry in bundle["entry"]]
    submitted.append(json.loads((_SAMPLES / "subscription.json").read_text(encoding="utf-8")))
    for resource in reversed([*submitted, *definitions(next(iter(EDITIONS)))]):
        yield resource["resourceType"], resource
    yield from json.loads((Path(__file__).parent / "answers.json").read_text(encoding="utf-8")).items()


def _bodies() -> dict[str, Json]:
    rows = {name: row for path in EXAMPLES.values() for name, row in path.items()}
    samples = {
        name: {"summary": summary, "value": json.loads((_SAMPLES / f"{file}.json").read_text(encoding="utf-8"))}
        for name, (file, summary) in rows.items()
    }
    return samples | {code: {"summary": title, "value": body} for code, title, body in _fenced_examples()}


@cache
def _fenced_examples() -> list[tuple[str, str, Json]]:
    """Return the examples in the comments of our OperationDefinitions, with the operation's code and title."""
    resources = definitions(next(iter(EDITIONS)))
    operations = [resource for resource in resources if resource["resourceType"] == "OperationDefinition"]
    return [
        (operation["code"], operation["title"], json.loads(text))
        for operation in operations
        for text in _FENCED.findall(operation.get("comment", ""))
    ]


def examples_of(path: str, code: str | None = None) -> Json:
    """Return references to the examples of a body, by its path or by the code of our own operation."""
    names = [*EXAMPLES.get(path, ()), *(own for own, *_ in _fenced_examples() if own == code)]
    return {"examples": {name: {"$ref": f"#/components/examples/{name}"} for name in names}} if names else {}
