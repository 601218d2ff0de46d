"""Build billing claims as a biller's system sends them."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.support.sample_parties import (
    CPT,
    NPI,
    PAYER,
    POS,
    RENDERING,
    REQUESTOR,
    Json,
    concept,
    diagnosis,
    member_type,
)


def billing_claim(
    *,
    number: str | None = "PA260000013",
    member: str = "M001",
    payer: str = PAYER,
    billing_provider: str = REQUESTOR,
    control_number: str | None = None,
    lines: list[Json] | None = None,
    **changes: Any,
) -> Json:
    """Build a billing claim that names its parties by identifier; `changes` replace elements, None removes one.

    Its identifier is `control_number`, or else a digest of its content: another claim needs another identifier.
    """
    patient_number = {"identifier": {"type": member_type(), "value": member}}
    insurance: Json = {"sequence": 1, "focal": True, "coverage": patient_number}
    insurance |= {} if number is None else {"preAuthRef": [number]}
    claim: Json = {
        "resourceType": "Claim",
        "status": "active",
        "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
        "use": "claim",
        "patient": patient_number,
        "created": "2026-12-20",
        "insurer": {"identifier": {"system": NPI, "value": payer}},
        "provider": {"identifier": {"system": NPI, "value": billing_provider}},
        "priority": concept("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
        "careTeam": [{"sequence": 1, "provider": {"identifier": {"system": NPI, "value": RENDERING}}}],
        "diagnosis": [diagnosis()],
        "insurance": [insurance],
        "item": lines or [billed_line()],
    }
    return _identified(claim | changes, control_number)


def _identified(claim: Json, control_number: str | None) -> Json:
    if "identifier" not in claim:
        value = control_number or f"BILL-{hashlib.sha256(repr(claim).encode()).hexdigest()[:10]}"
        claim["identifier"] = [{"system": "https://biller.example.org/claims", "value": value}]
    return {name: value for name, value in claim.items() if value is not None}


def billed_line(
    sequence: int = 1, code: str = "97110", quantity: Any = 4, *, day: str | None = "2026-12-15", **changes: Any
) -> Json:
    """Build a line of a bill, 40 dollars a unit; `changes` replace its elements."""
    line: Json = {
        "sequence": sequence,
        "careTeamSequence": [1],
        "diagnosisSequence": [1],
        "productOrService": concept(CPT, code),
        "locationCodeableConcept": concept(POS, "11"),
        "unitPrice": {"value": 40, "currency": "USD"},
    }
    if day is not None:
        line["servicedDate"] = day
    if quantity is not None:
        line["quantity"] = {"value": quantity}
    return line | changes
