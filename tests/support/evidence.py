"""Build requests with an order, a Condition or a document behind them. The resource is entry 7 of the Bundle."""

from __future__ import annotations

from typing import Any

from tests.support.samples import (
    Json,
    concept,
    entry,
    extension,
    patient,
    request_bundle,
    request_item,
    supporting_document,
)

PLACE = "Bundle.entry[7].resource"
PATIENT = {"reference": "Patient/patient-1"}
SOMEBODY = entry("Patient/patient-2", patient("M002"))


def ordering(type_: str, **changes: Any) -> Json:
    """Build a request whose item refers to an order; `changes` replace its elements, None removes one."""
    written = {"status": "active", "intent": "order", "subject": PATIENT, "patient": PATIENT, **changes}
    order = {name: value for name, value in written.items() if value is not None}
    asked = request_item(period=None)
    asked["extension"].append(extension("extension-requestedService", valueReference={"reference": f"{type_}/order-1"}))
    return request_bundle(
        items=[asked], entries=[entry(f"{type_}/order-1", {"resourceType": type_, **order}), SOMEBODY]
    )


def diagnosing(**changes: Any) -> Json:
    condition = {"code": concept("http://hl7.org/fhir/sid/icd-10-cm", "M51.26"), "subject": PATIENT, **changes}
    return request_bundle(
        claim={"diagnosis": [{"sequence": 1, "diagnosisReference": {"reference": "Condition/c-1"}}]},
        entries=[entry("Condition/c-1", {"resourceType": "Condition", **condition}), SOMEBODY],
    )


def attaching(type_: str = "DocumentReference", **changes: Any) -> Json:
    written: Json = {"subject": PATIENT, "patient": PATIENT, "status": "final"}
    if type_ == "DocumentReference":
        written |= {"status": "current", "type": concept("http://loinc.org", "11506-3")}
        written["content"] = [{"attachment": {"contentType": "text/plain", "data": "QQ=="}}]
    elif type_ == "QuestionnaireResponse":
        written |= {"status": "completed", "questionnaire": "urn:q", "item": [{"answer": [{"valueBoolean": True}]}]}
    document = {name: value for name, value in (written | changes).items() if value is not None}
    return request_bundle(
        claim={"supportingInfo": [supporting_document(f"{type_}/d-1")]},
        entries=[entry(f"{type_}/d-1", {"resourceType": type_, **document}), SOMEBODY],
    )
