"""The code systems, identifier systems and extensions that this server knows, by their URLs. The one place for them."""

from __future__ import annotations

NPI = "http://hl7.org/fhir/sid/us-npi"
EIN = "urn:oid:2.16.840.1.113883.4.4"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
PLACE_OF_SERVICE = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
LOINC = "http://loinc.org"
X12_SERVICE_TYPE = "https://codesystem.x12.org/005010/1365"

# CPT is level I of HCPCS, and senders name either system for the same code; X12 publishes 1365 under two addresses.
_FAMILIES = {HCPCS: CPT, "https://x12.org/codes/service-type-codes": X12_SERVICE_TYPE}


def family(system: str) -> str:
    """Return the URL under which systems with the same codes are compared: CPT and HCPCS are one family."""
    return _FAMILIES.get(system, system)


IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
ADJUDICATION = "http://terminology.hl7.org/CodeSystem/adjudication"
DATA_ABSENT_REASON = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
COVERAGE_CLASS = "http://terminology.hl7.org/CodeSystem/coverage-class"

X12_REVIEW_ACTION = "https://codesystem.x12.org/005010/306"
X12_DECISION_REASON = "https://codesystem.x12.org/external/886"
X12_REJECT_REASON = "https://codesystem.x12.org/005010/901"
X12_FOLLOWUP = "https://codesystem.x12.org/005010/889"
X12_UNIT = "https://codesystem.x12.org/005010/673"
X12_GROUP_CODE = "https://codesystem.x12.org/005010/1033"
CARC = "https://x12.org/codes/claim-adjustment-reason-codes"
RARC = "https://x12.org/codes/remittance-advice-remark-codes"

LINKED_AUTHORIZATION = "https://preauth.example.org/fhir/StructureDefinition/linked-authorization"
"""Ours, on a line of a bill's answer: which authorization it drew on, and how many units."""

PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
PAS_TEMP_CODES = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"


def pas(name: str) -> str:
    """Return the canonical URL of a PAS extension or profile."""
    return PAS + name
