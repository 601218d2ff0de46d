"""A request with evidence of each kind, as a provider's system sends it."""

from __future__ import annotations

from base64 import b64encode

from tests.api.reading import Json
from tests.api.updating import MRI, renamed
from tests.support.samples import concept, entry, request_bundle, supporting_document

PAGE = b"<script>alert(1)</script>"
CATEGORY = concept("http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category", "clinical-note")
SUBJECT = {"reference": "Patient/patient-1"}
SENT = {
    "resourceType": "DocumentReference",
    "id": "note-1",
    "status": "current",
    "type": concept("http://loinc.org", "57833-6"),
    "category": [CATEGORY],
    "subject": SUBJECT,
    "author": [{"reference": "PractitionerRole/role-1"}],
    "content": [{"attachment": {"contentType": "text/html", "data": b64encode(PAGE).decode()}}],
}
ANSWERS = {
    "resourceType": "QuestionnaireResponse",
    "status": "completed",
    "questionnaire": "https://payer.example.org/Questionnaire/mri",
    "subject": SUBJECT,
    "item": [{"linkId": "1", "answer": [{"valueString": "six weeks"}]}],
}
HEIGHT = {
    "resourceType": "Observation",
    "status": "final",
    "code": concept("http://loinc.org", "8302-2"),
    "subject": SUBJECT,
    "valueQuantity": {"value": 170, "unit": "cm", "system": "http://unitsofmeasure.org", "code": "cm"},
}
TALK = {"resourceType": "Communication", "status": "completed", "payload": [{"contentString": "Please hurry."}]}


def with_evidence() -> Json:
    entries = [
        entry("DocumentReference/note-1", SENT),
        entry("QuestionnaireResponse/answers-1", ANSWERS),
        entry("Observation/height-1", HEIGHT),
        entry("Communication/talk-1", TALK),
    ]
    kinds = ("DocumentReference/note-1", "QuestionnaireResponse/answers-1", "Observation/height-1")
    information = [supporting_document(url, number) for number, url in enumerate(kinds, 1)]
    return renamed(request_bundle(items=[MRI], entries=entries, claim={"supportingInfo": information}), 1)
