"""The bodies of the demo's story, as examples of the OpenAPI document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from app.conformance.capability import definitions
from app.pas.edition import EDITIONS

Json = dict[str, Any]

_SAMPLES = Path(__file__).parents[2] / "demo" / "samples"
_FENCED = re.compile(r"```json\n(.*?)\n```", re.DOTALL)

DECISION: Final = "decision"
"""The example of what `$submit` and `$inquire` answer."""

EXAMPLES: Final = {
    "/Claim/$submit": {
        "approved": ("request-approve", "A request that is approved"),
        "pended": ("request-pend", "A request that a reviewer must see"),
        "modified": ("request-modify", "A request that is authorized for less"),
        "denied": ("request-deny", "A request that is denied"),
    },
    "/Claim/$inquire": {"inquiry": ("inquiry", "An inquiry about a request")},
    "/Claim": {"bill": ("bill", "A bill with an authorization number")},
}
"""For each path that takes one of the samples: the name of the example, the file, and what it is."""


def examples(types: Iterable[str]) -> dict[str, Json]:
    """Return the examples of bodies by their names, and one of each of the types by the name of the type."""
    resources = dict(_resources())
    typed = {type_: {"summary": type_, "value": resources[type_]} for type_ in types if type_ in resources}
    return {**_bodies(), DECISION: _decision(resources["ClaimResponse"]), **typed}


def _decision(response: Json) -> Json:
    url = f"https://pas.payer.example/fhir/ClaimResponse/{response['id']}"
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": url, "resource": response}]}
    return {"summary": "A decision; the entries that were sent follow it", "value": bundle}


def _resources() -> Iterator[tuple[str, Json]]:
    """Give a resource of each type: sent in the demo, published here, or written down for this document."""
    bundle = json.loads((_SAMPLES / "request-approve.json").read_text(encoding="utf-8"))
    sent = [entry["resource"] for entry in bundle["entry"]]
    for resource in reversed([*sent, *definitions(next(iter(EDITIONS)))]):
        yield resource["resourceType"], resource
    yield from json.loads((Path(__file__).parent / "answers.json").read_text(encoding="utf-8")).items()


def _bodies() -> dict[str, Json]:
    rows = {name: row for path in EXAMPLES.values() for name, row in path.items()}
    samples = {
        name: {"summary": summary, "value": json.loads((_SAMPLES / f"{file}.json").read_text(encoding="utf-8"))}
        for name, (file, summary) in rows.items()
    }
    return samples | {name: {"summary": "A reviewer's decision", "value": body} for name, body in _fenced()}


def _fenced() -> list[tuple[str, Json]]:
    """Return the examples in the comments of our OperationDefinitions, by the operation's code."""
    ours = [one for one in definitions(next(iter(EDITIONS))) if one["resourceType"] == "OperationDefinition"]
    return [(one["code"], json.loads(text)) for one in ours for text in _FENCED.findall(one.get("comment", ""))]


def examples_of(path: str, code: str | None = None) -> Json:
    """Refer to the examples for the body of a path, or of our own operation of that code."""
    names = [*EXAMPLES.get(path, ()), *([code] if code == "decide" else ())]
    return {"examples": {name: {"$ref": f"#/components/examples/{name}"} for name in names}} if names else {}
