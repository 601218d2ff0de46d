"""A wrong JSON type anywhere is the engine's issue at that place, and no reader ever meets one.

Every element of a body is replaced by a value of every JSON type. The level is lenient, so that as much as possible
reaches the readers.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from app.bills.read_claim import read_claim
from app.conformance.strictness import Level
from app.fhir.body import Checked
from app.fhir.json import write
from app.fhir.outcome import FhirError, Issue
from app.pas.decisions.read_decision import read_decision
from app.pas.face import server_face
from app.pas.read_inquiry import read_inquiry
from app.pas.requests.read_request import read_request
from app.pas.requests.write_claim_response import write_claim_response
from app.pas.write_claim import write_claim
from app.pas.write_inquiry import Inquired, Match, write_inquiry
from app.pas.write_response import write_response
from tests.support.answers import BASE, CERTIFIED, CURRENT, MODIFIED, NOW, authorization
from tests.support.samples import (
    Json,
    billing_claim,
    entry,
    extension,
    inquiry_bundle,
    request_bundle,
    request_item,
    supporting_document,
)
from tests.support.server import at_level
from tests.support.unchecked import unchecked

WRONG: list[Any] = [None, True, -1, Decimal("1.5"), "", "x", [], [None], ["x"], [{}], {}, {"reference": 1}]
EVIDENCE = {"resourceType": "Evidence", "id": "e", "contained": 5, "code": 5, "quantityQuantity": [], "identifier": {}}
"""A resource of a type that the engine does not check."""

CONFORMANCE = at_level(Level.LENIENT)


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every node below the root."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in inner:
        yield (*path, name)
        yield from nodes(child, (*path, name))


def replaced(body: Json, path: tuple[Any, ...], wrong: Any) -> Json:
    changed = copy.deepcopy(body)
    parent: Any = changed
    for name in path[:-1]:
        parent = parent[name]
    parent[path[-1]] = wrong
    return changed


def elements(body: Json) -> list[tuple[Any, ...]]:
    """Return one path of every element: that of its first occurrence."""
    first: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for path in nodes(body):
        entry = path[:2] if path[0] in ("entry", "parameter") else ()
        first.setdefault((entry, *(step for step in path[len(entry) :] if isinstance(step, str))), path)
    return list(first.values())


def submit(body: Json) -> object:
    checked = CONFORMANCE.by_profile(unchecked(body), CURRENT.version, CURRENT.request_bundle)
    read = read_request(checked, CURRENT)
    answered = authorization(read, *[MODIFIED] * len(read.request.items))
    response = write_claim_response(answered, read.face, CURRENT)
    face = server_face(answered)
    return write([write_response(read.index, response, BASE, NOW, CURRENT), write_claim(read, "id", face)])


def inquire(body: Json) -> object:
    read = read_inquiry(CONFORMANCE.by_profile(unchecked(body), CURRENT.version, CURRENT.inquiry_bundle), CURRENT)
    own = read_request(Checked(request_bundle()), CURRENT)
    return write(write_inquiry(list(map(Match, [authorization(own, CERTIFIED)])), Inquired(read, BASE, NOW, CURRENT)))


def bill(body: Json) -> object:
    read = read_claim(CONFORMANCE.by_r4(unchecked(body)))
    return write(write_claim(read, "id", read.face))


def decide(body: Json) -> object:
    return read_decision(CONFORMANCE.by_r4(unchecked(body)))


def order_bundle() -> Json:
    item = request_item(
        unitPrice={"value": 40, "currency": "USD"},
        modifier=[{"coding": [{"system": "urn:m", "code": "GP"}]}],
    )
    item["quantity"]["unit"] = "visits"
    item["extension"].append(extension("extension-requestedService", valueReference={"reference": "#order"}))
    order = {
        "resourceType": "ServiceRequest",
        "id": "order",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/patient-1"},
        "occurrencePeriod": {"start": "2026-12-01"},
    }
    related = {"claim": {"reference": "Claim/claim-0"}}
    before = entry("Claim/claim-0", request_bundle()["entry"][0]["resource"])
    return request_bundle(items=[item], claim={"contained": [order], "related": [related]}, entries=[before])


def contained_bill() -> Json:
    return billing_claim(
        contained=[{"resourceType": "Patient", "id": "p", "name": [{"family": "Sample", "given": ["Alex"]}]}],
        patient={"reference": "#p"},
        facility={"identifier": {"system": "urn:f", "value": "1"}, "display": "Clinic"},
        billablePeriod={"start": "2026-12-01", "end": "2026-12-31"},
    )


def decision() -> Json:
    part = [
        {"name": "sequence", "valuePositiveInt": 1},
        {"name": "action", "valueCode": "partly-certify"},
        {"name": "quantity", "valueDecimal": 1},
        {"name": "code", "valueCoding": {"system": "urn:c", "code": "1"}},
        {"name": "for", "valueString": "P60D"},
    ]
    return {"resourceType": "Parameters", "parameter": [{"name": "item", "part": part}]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "processed"),
    [
        pytest.param(order_bundle(), submit, id="request"),
        pytest.param(inquiry_bundle(items=[request_item()]), inquire, id="inquiry"),
        pytest.param(contained_bill(), bill, id="bill"),
        pytest.param(decision(), decide, id="decision"),
    ],
)
def test_every_element_may_have_every_wrong_type(body: Json, processed: Callable[[Json], object]) -> None:
    processed(body)
    for path in elements(body):
        for wrong in WRONG:
            issues = refusal(replaced(body, path, wrong), processed)
            is_named = any(is_at(path, issue) and is_of_r4(issue) for issue in issues)
            assert is_named or json_type(wrong) is json_type(at(body, path)), (path, wrong, issues)


@pytest.mark.parametrize(
    "claim",
    [
        {"careTeam": [{"sequence": 1, "provider": {"reference": "Evidence/e"}}]},
        {"diagnosis": [{"sequence": 1, "diagnosisReference": {"reference": "Evidence/e"}}]},
        {"supportingInfo": [supporting_document("Evidence/e")]},
        {"patient": {"reference": "Evidence/e"}},
        {"facility": {"reference": "Evidence/e"}},
    ],
    ids=lambda claim: next(iter(claim)),
)
def test_a_resource_that_the_engine_does_not_check_is_not_read(claim: Json) -> None:
    ordered = extension("extension-requestedService", valueReference={"reference": "Evidence/e"})
    item = request_item()
    item["extension"].append(ordered)
    body = request_bundle(items=[item], claim=claim, entries=[entry("Evidence/e", EVIDENCE)])
    refusal(body, submit)


def refusal(body: Json, processed: Callable[[Json], object]) -> tuple[Issue, ...]:
    """Return the issues that the body is refused with, none where it is not refused."""
    try:
        processed(body)
    except FhirError as error:
        return error.issues
    return ()


def at(body: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        body = body[step]
    return body


def json_type(value: Any) -> type:
    return Decimal if type(value) is int else type(value)


def is_at(path: tuple[Any, ...], issue: Issue) -> bool:
    """Whether an issue names the element at a path, or a value in it; FHIRPath drops the type of a choice."""
    written = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).split(".")[1:]
    place = str(issue.expression).split(".")[1:]
    pairs = zip(written, place, strict=False)
    return len(place) >= len(written) and all(own.startswith(named) or named.startswith(own) for own, named in pairs)


def is_of_r4(issue: Issue) -> bool:
    return str(issue.diagnostics).startswith("http://hl7.org/fhir/StructureDefinition/")
