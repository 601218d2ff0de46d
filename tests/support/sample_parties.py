"""Build the parties of a request as a provider's system sends them, and the elements that all bodies share."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

CLIENT = "https://ehr.example.org/fhir"
PAYER, REQUESTOR, RENDERING = "1234567893", "1987654328", "1777777776"
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
CPT = "http://www.ama-assn.org/go/cpt"
NPI = "http://hl7.org/fhir/sid/us-npi"
POS = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"


def concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def x12(element: str, code: str) -> Json:
    return concept(f"https://codesystem.x12.org/005010/{element}", code)


def extension(name: str, **value: Any) -> Json:
    return {"url": PAS + name, **value}


def entry(name: str, resource: Json) -> Json:
    return {"fullUrl": f"{CLIENT}/{name}", "resource": {**resource, "id": name.partition("/")[2]}}


def parties(
    member: str = "M001", payer: str = PAYER, requestor: str = REQUESTOR, plan: str | None = None
) -> list[Json]:
    """Build the entries of patient, coverage, payer, clinic, and the practitioner with her role."""
    return [
        entry("Organization/clinic-1", organization("profile-requestor", requestor, "X3", "Riverside Therapy")),
        entry("Organization/payer-1", organization("profile-insurer", payer, "PR", "Sample Payer")),
        entry("Coverage/coverage-1", coverage(member, plan)),
        entry("Patient/patient-1", patient(member)),
        entry("PractitionerRole/role-1", practitioner_role()),
        entry("Practitioner/practitioner-1", practitioner()),
    ]


def patient(member: str = "M001") -> Json:
    return {
        "resourceType": "Patient",
        "meta": {"profile": [PAS + "profile-beneficiary"]},
        "identifier": [{"type": member_type(), "system": "https://sample-payer.example.org/members", "value": member}],
        "name": [{"family": "Sample", "given": ["Alex"]}],
        "gender": "female",
        "birthDate": "1984-05-17",
    }


def coverage(member: str = "M001", plan: str | None = None) -> Json:
    written: Json = {
        "resourceType": "Coverage",
        "meta": {"profile": [PAS + "profile-coverage"]},
        "identifier": [{"type": member_type(), "system": "https://sample-payer.example.org/members", "value": member}],
        "status": "active",
        "subscriberId": member,
        "beneficiary": {"reference": "Patient/patient-1"},
        "relationship": {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/subscriber-relationship", "code": "self"},
                {"system": "https://codesystem.x12.org/005010/1069", "code": "18"},
            ]
        },
        "payor": [{"reference": "Organization/payer-1"}],
    }
    if plan is not None:
        kind = concept("http://terminology.hl7.org/CodeSystem/coverage-class", "plan")
        written["class"] = [{"type": kind, "value": plan}]
    return written


def organization(profile: str, npi: str, kind: str, name: str) -> Json:
    return {
        "resourceType": "Organization",
        "meta": {"profile": [PAS + profile]},
        "identifier": [{"system": NPI, "value": npi}],
        "active": True,
        "type": [x12("98", kind)],
        "name": name,
    }


def practitioner_role() -> Json:
    return {
        "resourceType": "PractitionerRole",
        "meta": {"profile": [PAS + "profile-practitionerrole"]},
        "practitioner": {"reference": "Practitioner/practitioner-1"},
        "organization": {"reference": "Organization/clinic-1"},
        "telecom": [{"system": "phone", "value": "555-0100"}],
    }


def practitioner() -> Json:
    return {
        "resourceType": "Practitioner",
        "meta": {"profile": [PAS + "profile-practitioner"]},
        "identifier": [{"system": NPI, "value": RENDERING}],
        "name": [{"family": "Rivera", "given": ["Sam"]}],
    }


def member_type() -> Json:
    return concept("http://terminology.hl7.org/CodeSystem/v2-0203", "MB")


def diagnosis() -> Json:
    return {"sequence": 1, "diagnosisCodeableConcept": concept("http://hl7.org/fhir/sid/icd-10-cm", "M54.50")}
