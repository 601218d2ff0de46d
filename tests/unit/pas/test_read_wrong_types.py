"""A wrong JSON type anywhere gives issues and never an exception: every node of a body is replaced by every type."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from app.bills.read_claim import read_claim
from app.fhir.json import write
from app.fhir.outcome import FhirError, Issue
from app.pas.face import server_face
from app.pas.read_inquiry import read_inquiry
from app.pas.requests.read_decision import read_decision
from app.pas.requests.read_request import claim_use, read_request
from app.pas.requests.write_claim_response import write_claim_response
from app.pas.write_claim import write_claim
from app.pas.write_inquiry import write_inquiry
from app.pas.write_response import write_response
from tests.support.answers import BASE, CERTIFIED, CURRENT, MODIFIED, NOW, authorization
from tests.support.samples import Json, billing_claim, extension, inquiry_bundle, request_bundle, request_item

WRONG: list[Any] = [
    None,
    True,
    0,
    -1,
    Decimal("1.5"),
    "",
    "x",
    [],
    {},
    [None],
    [1],
    ["x"],
    [[]],
    [{}],
    {"reference": 1},
]


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


def submit(body: Json) -> object:
    claim_use(body)
    read = read_request(body, CURRENT)
    answered = authorization(read, *[MODIFIED] * len(read.request.items))
    response = write_claim_response(answered, read.face, CURRENT)
    face = server_face(answered)
    return write([write_response(read.index, response, BASE, NOW, CURRENT), write_claim(read, "id", face)])


def inquire(body: Json) -> object:
    read = read_inquiry(body, CURRENT)
    own = read_request(request_bundle(), CURRENT)
    return write(write_inquiry([authorization(own, CERTIFIED)], read, BASE, NOW, CURRENT))


def bill(body: Json) -> object:
    read = read_claim(body)
    return write(write_claim(read, "id", read.face))


def order_bundle() -> Json:
    item = request_item(
        unitPrice={"value": 40, "currency": "USD"},
        modifier=[{"coding": [{"system": "urn:m", "code": "GP"}]}],
    )
    item["quantity"]["unit"] = "visits"
    item["extension"].append(extension("extension-requestedService", valueReference={"reference": "#order"}))
    order = {"resourceType": "ServiceRequest", "id": "order", "occurrencePeriod": {"start": "2026-12-01"}}
    related = {"claim": {"reference": "Claim/claim-0"}}
    return request_bundle(items=[item], claim={"contained": [order], "related": [related]})


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


@pytest.mark.parametrize(
    ("body", "processed"),
    [
        pytest.param(order_bundle(), submit, id="request"),
        pytest.param(inquiry_bundle(items=[request_item()]), inquire, id="inquiry"),
        pytest.param(contained_bill(), bill, id="bill"),
        pytest.param(decision(), read_decision, id="decision"),
    ],
)
def test_every_node_may_have_every_wrong_type(body: Json, processed: Callable[[Json], object]) -> None:
    processed(body)
    refused = [refusal(replaced(body, path, wrong), processed) for path in nodes(body) for wrong in WRONG]
    assert sum(1 for issues in refused if issues) > len(WRONG) * 10
    assert () not in refused


def refusal(body: Json, processed: Callable[[Json], object]) -> tuple[Issue, ...] | None:
    """Return the issues that the body is refused with, or None where it is not refused."""
    try:
        processed(body)
    except FhirError as error:
        return error.issues
    return None
