"""`ClaimResponse/$denial-risk`: how often the caller's own recent claims missed their authorization.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-denial-risk
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.codes import valid_npi
from app.domain.denials.risk import RECENT, Risk, risk_of
from app.fhir.instants import instant
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError
from app.records.bills.bills import bills_about
from app.workflow.arguments import arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.system import System

LONGEST_CODE = 100


async def denial_risk(system: System, call: Call, received: Received) -> Answer:
    """Answer with the counts of the caller's organizations only. An unknown payer has no lines."""
    given = arguments(system, received, ("payer", "service", "provider"))
    payer, service, provider = (given.one(name) or "" for name in ("payer", "service", "provider"))
    if not payer or not 0 < len(service) <= LONGEST_CODE:
        raise FhirError(Fault.PARAMETER, "`payer` must be the id of a payer, and `service` the code of a service.")
    if not valid_npi(provider):
        raise FhirError(Fault.PARAMETER, "`provider` must be the NPI of the provider who performs the service.")
    since = call.now - RECENT
    bills = await bills_about(system.documents, payer, call.organizations, (service, provider), since)
    return Answer(write(_written(risk_of(bills, service, provider), since)))


def _written(risk: Risk, since: datetime) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": "since", "valueInstant": instant(since)},
        {"name": "lines", "valueUnsignedInt": risk.lines},
    ]
    if risk.share is not None:
        parameters.append({"name": "share", "valueDecimal": risk.share})
        parameters += [
            {"name": "mismatch", "part": [_code(attribute), {"name": "lines", "valueUnsignedInt": count}]}
            for attribute, count in risk.mismatches.items()
        ]
    return {"resourceType": "Parameters", "parameter": parameters}


def _code(attribute: str) -> dict[str, Any]:
    return {"name": "attribute", "valueString": attribute}
