"""A body with unknown implicit rules or an unknown modifier extension is refused, wherever in the body they are."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.api.reading import issues
from tests.api.refusing import refused
from tests.api.reviewing import pended, ruling
from tests.support.bundled import bundled_claim
from tests.support.samples import (
    Json,
    billing_claim,
    entry,
    inquiry_bundle,
    organization,
    patient,
    request_bundle,
)
from tests.support.server import Server

UNKNOWN = {
    "implicitRules": ("https://ehr.example.org/rules", "implicitRules"),
    "modifierExtension": ([{"url": "https://ehr.example.org/negated", "valueBoolean": True}], "modifierExtension[0]"),
}
NOTE = {"resourceType": "Basic", "id": "b", "code": {"text": "note"}}


def holding() -> Json:
    """Build a request with a contained resource, and with one of a type whose elements the engine does not know."""
    evidence = entry("Evidence/e-1", {"resourceType": "Evidence", "status": "active"})
    return request_bundle(claim={"contained": [copy.deepcopy(NOTE)]}, entries=[evidence])


def wrapped() -> Json:
    return {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": request_bundle()}]}


BODIES = {
    "request": ("/Claim/$submit", holding),
    "wrapped request": ("/Claim/$submit", wrapped),
    "inquiry": ("/Claim/$inquire", inquiry_bundle),
    "bill": ("/Claim/$submit", lambda: billing_claim(contained=[copy.deepcopy(NOTE)])),
    "bundled bill": ("/Claim/$submit", bundled_claim),
}
CLIENTS = {"bill": "biller", "bundled bill": "biller"}


def resources(body: Any, place: str) -> list[tuple[str, Json]]:
    """Return every resource of a body with its place."""
    found = [(place, body)] if "resourceType" in body else []
    for name, value in body.items():
        for index, below in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(below, dict):
                at = f"{place}.{name}[{index}]" if isinstance(value, list) else f"{place}.{name}"
                found += resources(below, at)
    return found


EVERY = [
    pytest.param(kind, number, element, id=f"{kind}-{place}-{element}")
    for kind, (_, build) in BODIES.items()
    for number, (place, resource) in enumerate(resources(build(), build()["resourceType"]))
    for element in UNKNOWN
    if element == "implicitRules" or resource["resourceType"] not in {"Bundle", "Parameters"}
]


@pytest.mark.parametrize(("kind", "number", "element"), EVERY)
async def test_every_resource_of_a_body_may_have_only_known_modifiers(
    server: Server, kind: str, number: int, element: str
) -> None:
    path, build = BODIES[kind]
    body = build()
    place, resource = resources(body, body["resourceType"])[number]
    resource[element], end = UNKNOWN[element]
    refusal = await refused(server, path, body, client=CLIENTS.get(kind, "ehr-a"))
    assert refusal.status == 422
    assert f"{place.replace('Parameters.parameter[0].resource', 'Bundle')}.{end}" in refusal.places


async def test_a_decision_must_not_follow_unknown_rules(server: Server) -> None:
    path = f"/ClaimResponse/{await pended(server)}/$decide"
    body = {"resourceType": "Parameters", "parameter": [ruling()], "implicitRules": "https://ehr.example.org/rules"}
    refusal = await refused(server, path, body, client="reviewer")
    assert (refusal.status, refusal.places) == (422, ("Parameters.implicitRules",))


@pytest.mark.parametrize("element", UNKNOWN)
@pytest.mark.parametrize("resource", [patient(), organization("profile-requestor", "1987654328", "X3", "Riverside")])
async def test_a_maintained_resource_has_only_known_modifiers(server: Server, resource: Json, element: str) -> None:
    value, end = UNKNOWN[element]
    answer = await server.post(f"/{resource['resourceType']}", {**resource, element: value}, "admin")
    assert answer.status_code == 422
    assert issues(answer)[0]["expression"] == [f"{resource['resourceType']}.{end}"]
