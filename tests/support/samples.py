"""Build bodies as a provider's system sends them: a PAS request, an inquiry, a billing claim."""

from __future__ import annotations

from typing import Any

from tests.support.sample_bills import billed_line, billing_claim
from tests.support.sample_parties import (
    CLIENT,
    CPT,
    NPI,
    PAS,
    PAYER,
    POS,
    RENDERING,
    REQUESTOR,
    Json,
    concept,
    coverage,
    diagnosis,
    entry,
    extension,
    member_type,
    organization,
    parties,
    patient,
    practitioner,
    practitioner_role,
    x12,
)

__all__ = [
    "CLIENT",
    "CPT",
    "NPI",
    "PAS",
    "PAYER",
    "POS",
    "RENDERING",
    "REQUESTOR",
    "Json",
    "billed_line",
    "billing_claim",
    "bundle",
    "concept",
    "coverage",
    "diagnosis",
    "entry",
    "extension",
    "inquiry_bundle",
    "member_type",
    "organization",
    "parties",
    "patient",
    "practitioner",
    "practitioner_role",
    "request_bundle",
    "request_claim",
    "request_item",
    "supporting_document",
    "undeclared",
    "x12",
]


def request_bundle(
    *,
    member: str = "M001",
    payer: str = PAYER,
    requestor: str = REQUESTOR,
    identifier: str = "REQ-0001",
    items: list[Json] | None = None,
    entries: list[Json] | None = None,
    plan: str | None = None,
    claim: Json | None = None,
) -> Json:
    """Build a PAS 2.2.1 request Bundle. `claim` replaces elements of its Claim, None removes one; `entries` follow."""
    resource = request_claim(identifier, items or [request_item()])
    resource = {name: value for name, value in (resource | (claim or {})).items() if value is not None}
    return bundle(
        "profile-pas-request-bundle",
        [
            entry("Claim/claim-1", resource),
            *parties(member, payer, requestor, plan),
            *(entries or []),
        ],
    )


def inquiry_bundle(
    *,
    member: str = "M001",
    payer: str = PAYER,
    requestor: str = REQUESTOR,
    items: list[Json] | None = None,
    claim: Json | None = None,
) -> Json:
    """Build a PAS 2.2.1 inquiry Bundle whose only criteria are the member and the requestor."""
    example = {**request_claim("INQ-0001", items or []), "careTeam": None, "diagnosis": None, **(claim or {})}
    example["meta"] = {"profile": [PAS + "profile-claim-inquiry"]}
    resource = {name: value for name, value in example.items() if value not in (None, [])}
    sent = parties(member, payer, requestor)
    if "careTeam" not in resource:
        sent = [one for one in sent if not one["resource"]["resourceType"].startswith("Practitioner")]
    return bundle("profile-pas-inquiry-request-bundle", [entry("Claim/claim-1", resource), *sent])


def bundle(profile: str, entries: list[Json]) -> Json:
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [PAS + profile]},
        "identifier": {"system": "https://ehr.example.org/transactions", "value": "T-0001"},
        "type": "collection",
        "timestamp": "2026-11-20T09:30:00-05:00",
        "entry": entries,
    }


def undeclared(body: Json) -> Json:
    """Remove the profiles of a Bundle and of its first resource."""
    first, *others = body["entry"]
    claim = {name: value for name, value in first["resource"].items() if name != "meta"}
    plain = {name: value for name, value in body.items() if name != "meta"}
    return plain | {"entry": [first | {"resource": claim}, *others]}


def request_claim(identifier: str, items: list[Json]) -> Json:
    return {
        "resourceType": "Claim",
        "meta": {"profile": [PAS + "profile-claim"]},
        "identifier": [{"system": "urn:trnorg:9012345678", "value": identifier}],
        "status": "active",
        "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
        "use": "preauthorization",
        "patient": {"reference": "Patient/patient-1"},
        "created": "2026-11-20",
        "insurer": {"reference": "Organization/payer-1"},
        "provider": {"reference": "Organization/clinic-1"},
        "priority": concept("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
        "careTeam": [
            {
                "extension": [extension("extension-careTeamClaimScope", valueBoolean=True)],
                "sequence": 1,
                "provider": {"reference": "PractitionerRole/role-1"},
            }
        ],
        "diagnosis": [diagnosis()],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/coverage-1"}}],
        "item": items,
    }


def request_item(
    sequence: int = 1,
    code: str = "97110",
    quantity: Any = 12,
    *,
    system: str = CPT,
    period: tuple[str, str] | None = ("2026-12-01", "2027-02-28"),
    **changes: Any,
) -> Json:
    """Build an item; `changes` replace its elements."""
    item: Json = {
        "extension": [
            extension("extension-serviceItemRequestType", valueCodeableConcept=x12("1525", "HS")),
            extension("extension-certificationType", valueCodeableConcept=x12("1322", "I")),
        ],
        "sequence": sequence,
        "careTeamSequence": [1],
        "diagnosisSequence": [1],
        "category": x12("1365", "PT"),
        "productOrService": concept(system, code),
        "locationCodeableConcept": concept(POS, "11"),
    }
    if period is not None:
        item["servicedPeriod"] = {"start": period[0], "end": period[1]}
    if quantity is not None:
        item["quantity"] = {"value": quantity, "unit": "units"}
    return item | changes


def supporting_document(reference: str, sequence: int = 1) -> Json:
    """Build the `supportingInfo` of a Claim that refers to a document or another record."""
    about = [{"url": "reportTypeCode", "valueCodeableConcept": x12("755", "B3")}]
    return {
        "extension": [extension("extension-documentInformation", extension=about)],
        "sequence": sequence,
        "category": concept("http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes", "additionalInformation"),
        "valueReference": {"reference": reference},
    }
