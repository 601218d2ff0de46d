"""The valid bodies that the corpus changes in one place each: richer than what the unit tests need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.sample_parties import CLIENT, PAS, Json, concept, entry, extension, x12
from tests.support.samples import bundle, inquiry_bundle, parties, request_bundle, request_claim, request_item

CODES = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"
NARRATIVE = '<div xmlns="http://www.w3.org/1999/xhtml"><p>Physical therapy, <b>12</b> visits.</p></div>'


def request() -> Json:
    """A request with supporting information, an order, an order's timing, a narrative and a contained resource."""
    items = [
        request_item(quantity=12),
        request_item(2, "97140", None, period=None, servicedDate="2026-12-01", informationSequence=[1, 2]),
    ]
    items[0]["extension"].append(
        extension("extension-requestedService", valueReference={"reference": f"{CLIENT}/ServiceRequest/order-1"})
    )
    items[0]["unitPrice"] = {"value": 40, "currency": "USD"}
    claim = {
        "text": {"status": "generated", "div": NARRATIVE},
        "supportingInfo": _supporting_info(),
        "accident": {"date": "2026-10-30", "locationAddress": {"city": "Springfield"}},
        "billablePeriod": {"start": "2026-12-01", "end": "2027-02-28"},
    }
    return request_bundle(
        items=items,
        claim=claim,
        entries=[entry("DocumentReference/doc-1", _document()), entry("ServiceRequest/order-1", _order())],
    )


def update() -> Json:
    """An update of a request: one item as it was, one cancelled, one added."""
    prior = request_claim("REQ-0001", [request_item(), request_item(2, "97140")])
    kept, cancelled, added = request_item(), request_item(2, "97140"), request_item(3, "97530")
    cancelled["extension"] = [
        extension("extension-serviceItemRequestType", valueCodeableConcept=x12("1525", "HS")),
        extension("extension-certificationType", valueCodeableConcept=x12("1322", "3")),
        extension("extension-infoChanged", valueCode="changed"),
    ]
    cancelled["modifierExtension"] = [extension("modifierextension-infoCancelled", valueBoolean=True)]
    added["extension"].append(extension("extension-infoChanged", valueCode="added"))
    claim = request_claim("REQ-0002", [kept, cancelled, added])
    claim["meta"] = {"profile": [PAS + "profile-claim-update"]}
    relationship = concept("http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship", "prior")
    claim["related"] = [{"claim": {"reference": "Claim/claim-1"}, "relationship": relationship}]
    entries = [entry("Claim/claim-2", claim), *parties(), entry("Claim/claim-1", prior)]
    return bundle("profile-pas-request-bundle", entries)


def inquiry() -> Json:
    """An inquiry without the entries that its Claim does not lead to."""
    return inquiry_bundle(claim={"careTeam": [_member()]})


def response() -> Json:
    """An answer that grants one line and pends another, with a request for documents."""
    answer = {
        "resourceType": "ClaimResponse",
        "meta": {"profile": [PAS + "profile-claimresponse"]},
        "identifier": [{"system": "https://payer.example.org/answers", "value": "A-0001"}],
        "status": "active",
        "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
        "use": "preauthorization",
        "patient": {"reference": "Patient/patient-1"},
        "created": "2026-11-20T09:30:01-05:00",
        "insurer": {"reference": "Organization/payer-1"},
        "requestor": {"reference": "Organization/clinic-1"},
        "request": {"reference": "Claim/claim-1"},
        "outcome": "complete",
        "preAuthPeriod": {"start": "2026-12-01", "end": "2027-02-28"},
        "item": [_answered(1, "A1", "PA260000013"), _answered(2, "A4", None)],
        "communicationRequest": [{"reference": "CommunicationRequest/ask-1"}],
    }
    wanted = [one for one in parties() if one["resource"]["resourceType"] in ("Organization", "Patient")]
    entries = [entry("ClaimResponse/answer-1", answer), *wanted, entry("CommunicationRequest/ask-1", _asked())]
    return bundle("profile-pas-response-bundle", entries)


def task() -> Json:
    """A Task that asks the provider for attachments."""
    needed: Json = {
        "type": concept(CODES, "attachments-needed"),
        "valueCodeableConcept": concept("http://loinc.org", "18776-5"),
    }
    needed["extension"] = [extension("extension-serviceLineNumber", valuePositiveInt=1)]
    return {
        "resourceType": "Task",
        "meta": {"profile": [PAS + "profile-task"]},
        "identifier": [{"system": "https://payer.example.org/tasks", "value": "T-1"}],
        "status": "requested",
        "intent": "order",
        "code": concept(CODES, "attachment-request-code"),
        "for": {"reference": f"{CLIENT}/Patient/patient-1"},
        "authoredOn": "2026-11-20",
        "lastModified": "2026-11-21",
        "requester": {"identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}},
        "owner": {"identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1987654328"}},
        "reasonCode": concept(CODES, "priorAuthorization"),
        "reasonReference": {"reference": f"{CLIENT}/Claim/claim-1"},
        "input": [{"type": concept(CODES, "payer-url"), "valueUrl": "https://payer.example.org/fhir"}, needed],
    }


def observation() -> Json:
    """A resource that no profile of the edition is about, with a contained one."""
    return {
        "resourceType": "Observation",
        "id": "range-of-motion",
        "contained": [{"resourceType": "Practitioner", "id": "therapist", "name": [{"family": "Rivera"}]}],
        "status": "final",
        "code": concept("http://loinc.org", "41950-7"),
        "subject": {"reference": "Patient/patient-1"},
        "effectiveDateTime": "2026-11-20T09:30:00-05:00",
        "performer": [{"reference": "#therapist"}],
        "valueQuantity": {"value": 90, "unit": "degree", "system": "http://unitsofmeasure.org", "code": "deg"},
        "referenceRange": [{"low": {"value": 80}, "high": {"value": 150}}],
        "note": [{"text": "Better than last time.\nSee the plan."}],
    }


BASES: dict[str, Callable[[], Json]] = {
    "request": request,
    "update": update,
    "inquiry": inquiry,
    "response": response,
    "task": task,
    "observation": observation,
}


def _supporting_info() -> list[Json]:
    document = extension(
        "extension-documentInformation",
        extension=[{"url": "reportTypeCode", "valueCodeableConcept": x12("755", "PY")}],
    )
    return [
        {"sequence": 1, "category": concept(CODES, "admissionDates"), "timingDate": "2026-12-01"},
        {
            "extension": [document],
            "sequence": 2,
            "category": concept(CODES, "additionalInformation"),
            "valueReference": {"reference": "DocumentReference/doc-1"},
        },
        {"sequence": 3, "category": concept(CODES, "freeFormMessage"), "valueString": "Prefers the morning."},
        {
            "sequence": 4,
            "category": concept(CODES, "patientEvent"),
            "timingPeriod": {"start": "2026-12-01", "end": "2026-12-05"},
        },
    ]


def _document() -> Json:
    return {
        "resourceType": "DocumentReference",
        "meta": {"profile": [PAS + "profile-documentreference"]},
        "status": "current",
        "type": concept("http://loinc.org", "18776-5"),
        "category": [concept("http://loinc.org", "18776-5")],
        "subject": {"reference": "Patient/patient-1"},
        "date": "2026-11-19T10:00:00-05:00",
        "content": [{"attachment": {"contentType": "text/plain", "data": "UGxhbiBvZiBjYXJl"}}],
    }


def _order() -> Json:
    return {
        "resourceType": "ServiceRequest",
        "meta": {"profile": [PAS + "profile-servicerequest"]},
        "status": "active",
        "intent": "order",
        "code": concept("http://www.ama-assn.org/go/cpt", "97110"),
        "subject": {"reference": "Patient/patient-1"},
        "occurrenceTiming": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "wk"}},
        "quantityQuantity": {"value": 12, "unit": "visits"},
    }


def _member() -> Json:
    return {
        "extension": [extension("extension-careTeamClaimScope", valueBoolean=True)],
        "sequence": 1,
        "provider": {"reference": "PractitionerRole/role-1"},
    }


def _answered(sequence: int, action: str, number: str | None) -> Json:
    parts: list[Any] = [extension("extension-reviewActionCode", valueCodeableConcept=x12("306", action))]
    if number is not None:
        parts.append({"url": "number", "valueString": number})
    adjudication = {
        "extension": [extension("extension-reviewAction", extension=parts)],
        "category": concept("http://terminology.hl7.org/CodeSystem/adjudication", "submitted"),
    }
    return {"itemSequence": sequence, "adjudication": [adjudication]}


def _asked() -> Json:
    return {
        "resourceType": "CommunicationRequest",
        "meta": {"profile": [PAS + "profile-communicationrequest"]},
        "identifier": [{"system": "https://payer.example.org/asked", "value": "C-1"}],
        "status": "active",
        "category": [x12("755", "PY")],
        "medium": [x12("756", "EL")],
        "payload": [{"contentString": "18776-5"}],
        "requester": {"reference": "Organization/payer-1"},
        "sender": {"reference": "Organization/clinic-1"},
    }
