"""What a provider's system sends after its first request: Claim Updates and cancellations."""

from __future__ import annotations

from typing import Any

from tests.api.reading import Json, answered
from tests.support.samples import PAS, concept, entry, extension, request_bundle, request_item, x12
from tests.support.server import Server

RELATIONSHIP = "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship"
WHOLE = extension("extension-certificationType", valueCodeableConcept=x12("1322", "3"))
"""The mark of a Claim that cancels the whole request."""


def sent(items: list[Json], identifier: str = "REQ-0001", version: int = 1, **changes: Any) -> Json:
    """Build a first request whose Claim has the fullUrl of that version."""
    return renamed(request_bundle(items=items, identifier=identifier, **changes), version)


def update_of(before: Json, items: list[Json] | None, *, claim: Json | None = None, **changes: Any) -> Json:
    """Build the update of a Bundle: with the items, and with the Claim of that Bundle as the prior one."""
    first = before["entry"][0]
    number = int(first["fullUrl"].rpartition("-")[2]) + 1
    about = {"relationship": concept(RELATIONSHIP, "prior"), "claim": {"reference": first["fullUrl"]}}
    parts = {"meta": {"profile": [PAS + "profile-claim-update"]}, "related": [about], "item": items, **(claim or {})}
    given = {"identifier": f"UPDATE-{number:04}", **changes}
    body = renamed(request_bundle(claim=parts, **given), number)
    return {**body, "entry": [*body["entry"], first]}


def renamed(bundle: Json, version: int) -> Json:
    """Give the first Claim the fullUrl of a version."""
    first, *others = bundle["entry"]
    named = entry(f"Claim/version-{version}", first["resource"])
    return {**bundle, "entry": [named, *others]}


def added(item: Json) -> Json:
    """Mark an item as added."""
    return flagged(item, "added")


def changed(item: Json, **changes: Any) -> Json:
    """Mark an item as changed, and change elements of it."""
    return {**flagged(item, "changed"), **changes}


def cancelled(item: Json) -> Json:
    """Cancel an item: flag and certification type."""
    kept = [one for one in item["extension"] if not one["url"].endswith("certificationType")]
    flag = {"url": f"{PAS}modifierextension-infoCancelled", "valueBoolean": True}
    return {**flagged({**item, "extension": [*kept, WHOLE]}, "changed"), "modifierExtension": [flag]}


def flagged(item: Json, value: str) -> Json:
    others = [one for one in item["extension"] if not one["url"].endswith("infoChanged")]
    return {**item, "extension": [*others, extension("extension-infoChanged", valueCode=value)]}


def units(item: Json, value: Any) -> Json:
    """Change the quantity of an item."""
    return changed(item, quantity={"value": value, "unit": "units"})


def previous_numbers(claim_response: Json) -> dict[int, str]:
    """Return the number that an update has replaced, by item."""
    return {
        item["itemSequence"]: one["valueString"]
        for item in claim_response["item"]
        for one in item.get("extension", [])
        if one["url"] == f"{PAS}extension-authorizationNumber"
    }


async def submitted(server: Server, body: Json, client: str = "ehr-a") -> Json:
    """Submit a Bundle; returns the ClaimResponse of the answer."""
    return answered(await server.post("/Claim/$submit", body, client))


THERAPY = request_item(1)
"""Certified at once: 12 units."""

MRI = request_item(2, code="72148", quantity=2)
"""Pended."""

DENIED = request_item(3, code="A9270", quantity=1, system="http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets")
"""No plan covers it."""
