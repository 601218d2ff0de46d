"""Write what the lines of requests and bills share as FHIR."""

from __future__ import annotations

from tests.api.bills.played.rows import Clinic, Service
from tests.api.bills.scenario_table import table
from tests.support.samples import CPT, NPI, POS, Json, concept, entry, practitioner

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
EIN = "urn:oid:2.16.840.1.113883.4.4"
REVENUE = "https://www.nubc.org/CodeSystem/RevenueCodes"
CLAIM_TYPES = "http://terminology.hl7.org/CodeSystem/claim-type"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def circumstances(service: Service, sequence: int) -> Json:
    """Write the elements of a line that do not depend on its direction."""
    written: Json = {
        "productOrService": _code(service),
        "quantity": {"value": service.units},
        "diagnosisSequence": [sequence],
    }
    if service.place != "any":
        written["locationCodeableConcept"] = concept(POS, service.place)
    if service.revenue is not None:
        written["revenue"] = concept(REVENUE, service.revenue)
    if service.unit is not None:
        written["quantity"] |= {"system": "https://codesystem.x12.org/005010/355", "code": service.unit}
    if service.modifiers:
        written["modifier"] = [concept(CPT if code.isdecimal() else HCPCS, code) for code in service.modifiers]
    return written


def _code(service: Service) -> Json:
    if service.service == "none":
        return concept(ABSENT, "not-applicable")
    usual = "hcpcs" if service.service[0].isalpha() else "cpt"
    return concept(HCPCS if (service.system or usual) == "hcpcs" else CPT, service.service)


def diagnoses(services: tuple[Service, ...]) -> list[Json]:
    return [
        {"sequence": sequence, "diagnosisCodeableConcept": concept(ICD_10_CM, service.diagnosis)}
        for sequence, service in enumerate(services, start=1)
    ]


def practitioner_of(provider: str) -> Json:
    number = {"system": NPI, "value": table().who.providers[provider]}
    return entry(f"Practitioner/{provider}", practitioner() | {"identifier": [number]})


def identifiers(clinic: Clinic) -> list[Json]:
    tax_ids = [{"system": EIN, "value": clinic.tin}] if clinic.tin is not None else []
    return [{"system": NPI, "value": clinic.npi}, *tax_ids]


def facility_of(name: str) -> Json:
    """Refer to a facility by its NPI."""
    return {"identifier": {"system": NPI, "value": table().who.facilities[name]}}
