"""Code systems, identifier systems and extensions: their URLs and aliases. The one place for them."""

from __future__ import annotations

import re
from functools import lru_cache

# Identifiers
NPI = "http://hl7.org/fhir/sid/us-npi"
EIN = "urn:oid:2.16.840.1.113883.4.4"
URI = "urn:ietf:rfc:3986"
IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"

# Services, diagnoses, places and documents
CDT = "http://www.ada.org/cdt"
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
HIPPS = "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/ProspMedicareFeeSvcPmtGen/HIPPSCodes"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
ICD_10_PCS = "http://www.cms.gov/Medicare/Coding/ICD10"
LOINC = "http://loinc.org"
NDC = "http://hl7.org/fhir/sid/ndc"
PLACE_OF_SERVICE = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
TYPE_OF_BILL = "https://www.nubc.org/CodeSystem/TypeOfBill"
REVENUE = "https://www.nubc.org/CodeSystem/RevenueCodes"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
TAXONOMY = "http://nucc.org/provider-taxonomy"
UCUM = "http://unitsofmeasure.org"

# X12
X12_SERVICE_TYPE = "https://codesystem.x12.org/005010/1365"
X12_REVIEW_ACTION = "https://codesystem.x12.org/005010/306"
X12_DECISION_REASON = "https://codesystem.x12.org/external/886"
X12_REJECT_REASON = "https://codesystem.x12.org/005010/901"
X12_FOLLOWUP = "https://codesystem.x12.org/005010/889"
X12_CERTIFICATION_TYPE = "https://codesystem.x12.org/005010/1322"
X12_REQUEST_TYPE = "https://codesystem.x12.org/005010/1525"
X12_PROVIDER_TYPE = "https://codesystem.x12.org/005010/98"
X12_REPORT_TYPE = "https://codesystem.x12.org/005010/755"
X12_UNIT = "https://codesystem.x12.org/005010/673"
X12_CLAIM_UNIT = "https://codesystem.x12.org/005010/355"
X12_GROUP_CODE = "https://codesystem.x12.org/005010/1033"
CARC = "https://x12.org/codes/claim-adjustment-reason-codes"
RARC = "https://x12.org/codes/remittance-advice-remark-codes"

# HL7
ADJUDICATION = "http://terminology.hl7.org/CodeSystem/adjudication"
ALLERGY_VERIFICATION = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
CLAIM_USE = "http://hl7.org/fhir/claim-use"
CONDITION_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
CONDITION_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
COVERAGE_CLASS = "http://terminology.hl7.org/CodeSystem/coverage-class"
DATA_ABSENT_REASON = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
FINANCIAL_STATUS = "http://hl7.org/fhir/fm-status"
TASK_PRIORITY = "http://hl7.org/fhir/request-priority"
TASK_STATUS = "http://hl7.org/fhir/task-status"
SUBSCRIPTION_STATUS = "http://hl7.org/fhir/subscription-status"
PAYMENT_ADJUSTMENT = "http://terminology.hl7.org/CodeSystem/payment-adjustment-reason"
PAYMENT_TYPE = "http://terminology.hl7.org/CodeSystem/ex-paymenttype"
OBSERVATION_VALUE = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
REMITTANCE_OUTCOME = "http://hl7.org/fhir/remittance-outcome"

# Audit events
AUDIT_ACTION = "http://hl7.org/fhir/audit-event-action"
AUDIT_ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
AUDIT_OUTCOME = "http://hl7.org/fhir/audit-event-outcome"
AUDIT_SOURCE = "http://terminology.hl7.org/CodeSystem/security-source-type"
AUDIT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
BALP_AGENT = "https://profiles.ihe.net/ITI/BALP/CodeSystem/UserAgentTypes"
BALP_ENTITY = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
IHE_EVENT = "urn:ihe:event-type-code"
OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
RESOURCE_TYPE = "http://hl7.org/fhir/resource-types"
REST_INTERACTION = "http://hl7.org/fhir/restful-interaction"
ROLE_CLASS = "http://terminology.hl7.org/CodeSystem/v3-RoleClass"

# Extensions and profiles
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
PAS_TEMP_CODES = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"

# PDex
PDEX = "http://hl7.org/fhir/us/davinci-pdex/"
PDEX_PRIOR_AUTHORIZATION = f"{PDEX}StructureDefinition/pdex-priorauthorization"
PDEX_DISCRIMINATOR = f"{PDEX}CodeSystem/PDexAdjudicationDiscriminator"
PDEX_VALUES = f"{PDEX}CodeSystem/PriorAuthorizationValueCodes"
PDEX_SERVICE_TYPE = "https://x12.org/codes/service-type-codes"
PDEX_HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
"""The URLs that PDex has for X12_SERVICE_TYPE and HCPCS."""

# Our own definitions
BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
PAS_TOPIC = "http://hl7.org/fhir/us/davinci-pas/SubscriptionTopic/PASSubscriptionTopic"

OUR_BASE = "https://preauth.example.org/fhir/"
"""The base of the canonical URLs of our own definitions."""

OUR_ADJUDICATION = f"{OUR_BASE}CodeSystem/adjudication"
"""Our categories of adjudication, for amounts that the codes of HL7 do not name: adjustment and remark."""

CALLER_ROLE = f"{OUR_BASE}CodeSystem/caller-role"
"""Our roles of callers: provider, biller, reviewer, physician, auditor, admin and patient."""

SERVER_ACT = f"{OUR_BASE}CodeSystem/authorization-server-act"
"""Our acts of the authorization server that neither DICOM nor IHE has a code for: revocation and launch."""

CLIENT_ID = f"{OUR_BASE}NamingSystem/client"
USER_ID = f"{OUR_BASE}NamingSystem/user"
ORGANIZATION_ID = f"{OUR_BASE}NamingSystem/organization"
"""The systems of the ids of registered clients, users and organizations."""

CLAIM_FREQUENCY = f"{OUR_BASE}StructureDefinition/claim-frequency"
"""Our extension on a billing claim: 1 original, 7 replacement or 8 void, as NUBC numbers them."""

LINKED_AUTHORIZATION = f"{OUR_BASE}StructureDefinition/linked-authorization"
"""Our extension on an item of a billing answer: the authorization that the claim line drew on, and the units drawn."""

PERIOD_CAP = f"{OUR_BASE}StructureDefinition/period-cap"
"""Our extension on an item of an answer to a request: the most units in each day, week or month."""
SUPERSEDED_BY = f"{OUR_BASE}StructureDefinition/superseded-by"
"""Our extension on the answer to a claim: the ClaimResponse of the claim that replaced or voided it."""
ADJUDICATION_DETAIL = f"{OUR_BASE}StructureDefinition/adjudication-detail"
"""Our extension on an item of a billing answer: the attributes that differ, the next step, its last day, units left."""
"""Our extension on an item of a stored answer to a request: the most units in each day, week or month."""

FORMER_NUMBER = f"{OUR_BASE}StructureDefinition/former-authorization-number"
"""Our extension on the preAuthRef of a stored answer: a number that an update replaced, or an alias; one for each."""

CONTROL_NUMBER = f"{OUR_BASE}NamingSystem/attachment-control-number"
"""The system of the control numbers by which an attachment answers a request for a document."""
REVIEW_DUE = f"{OUR_BASE}StructureDefinition/review-due"
REVIEW_PRIORITY = f"{OUR_BASE}StructureDefinition/review-priority"
REQUESTED_SERVICE = f"{OUR_BASE}StructureDefinition/requested-service"
"""Our extensions of a stored answer, for a search: the due time, the priority of the review, and the services."""

AUTHORIZED_UNITS = f"{OUR_BASE}StructureDefinition/authorized-units"
DOCUMENT_WANTED = f"{OUR_BASE}StructureDefinition/document-wanted"
DENIAL_REASON = f"{OUR_BASE}StructureDefinition/denial-reason"
DECIDED = f"{OUR_BASE}StructureDefinition/decided"
NEXT_STEP = f"{OUR_BASE}StructureDefinition/next-step"
"""Our extensions on an item of a stored answer: units, documents wanted, CARC of a denial, day, next step."""

OPEN_ENDED = f"{OUR_BASE}StructureDefinition/open-ended"
UNITS_LOW = f"{OUR_BASE}StructureDefinition/units-low"
"""Our extensions on a stored answer, for a search: the grant has no last day, and few of its units are left."""

AUTHORIZATION_TYPE = f"{OUR_BASE}StructureDefinition/authorization-type"
"""Our extension on a stored answer to a request and on its Task: the type of the review, one extension for each."""

AUTHORIZATION_TYPES = f"{OUR_BASE}CodeSystem/authorization-type"
"""Our types of the review of a request, such as concurrent or retrospective."""

EXPIRING_TOPIC = f"{OUR_BASE}SubscriptionTopic/authorization-expiring"
UNITS_LOW_TOPIC = f"{OUR_BASE}SubscriptionTopic/units-low"
"""Our topics for those who submitted a request: its authorization ends soon, or few of its units are left."""

DUE_SOON_TOPIC = f"{OUR_BASE}SubscriptionTopic/decision-due-soon"
BREACHED_TOPIC = f"{OUR_BASE}SubscriptionTopic/decision-breached"
"""Our topics for the staff of a payer: a decision is due soon, or late."""

WORKLIST_TASK = f"{OUR_BASE}CodeSystem/worklist-task"
"""Our kinds of Tasks of the payer's staff, such as a review or a talk between clinicians."""

WORKLIST_CLOCK = f"{OUR_BASE}CodeSystem/worklist-clock"
"""Our marks of the clock of a Task on the payer's worklist: due soon, and breached."""

WORKLIST_INPUT = f"{OUR_BASE}CodeSystem/worklist-input"
"""Our types of input of a Task on the payer's worklist."""

FORMER_REVENUE = "https://www.nubc.org/revenue-code"
"""The URL of REVENUE in the first edition of PAS."""

_HL7_OID = "urn:oid:2.16.840.1.113883"

_CANONICAL = {
    f"{_HL7_OID}.4.6": NPI,
    f"{_HL7_OID}.6.1": LOINC,
    f"{_HL7_OID}.6.4": ICD_10_PCS,
    f"{_HL7_OID}.6.8": UCUM,
    f"{_HL7_OID}.6.12": CPT,
    f"{_HL7_OID}.6.13": CDT,
    f"{_HL7_OID}.6.14": HCPCS,  # all of HCPCS; .6.285 is level II
    f"{_HL7_OID}.6.50": PLACE_OF_SERVICE,
    f"{_HL7_OID}.6.69": NDC,
    f"{_HL7_OID}.6.88": RXNORM,
    f"{_HL7_OID}.6.90": ICD_10_CM,
    f"{_HL7_OID}.6.101": TAXONOMY,
    f"{_HL7_OID}.6.285": HCPCS,
    f"{_HL7_OID}.6.301.3": REVENUE,
    "http://ada.org/cdt": CDT,
    "http://hl7.org/fhir/sid/icd-10-pcs": ICD_10_PCS,
    "http://terminology.hl7.org/CodeSystem/icd10PCS": ICD_10_PCS,
    PDEX_HCPCS: HCPCS,
    PDEX_SERVICE_TYPE: X12_SERVICE_TYPE,  # X12 publishes code list 1365 under two URLs.
    FORMER_REVENUE: REVENUE,
}
"""The URL of a system, by its other names: the OIDs that HL7 registered, and the URLs that senders use beside it."""

_FAMILIES = {name: CPT if url == HCPCS else url for name, url in (*_CANONICAL.items(), (HCPCS, HCPCS))}

MEMBER_NUMBER = "MB"
"""The code of IDENTIFIER_TYPE for a member id."""

_CARC = re.compile("[1-9][0-9]{0,2}|[A-Z][0-9]{1,2}")
_RARC = re.compile("[MN][1-9][0-9]{0,3}|MA(0[1-9]|[1-9][0-9]{1,2})")
_LOINC = re.compile("[1-9][0-9]{0,6}-[0-9]")
_CPT_MODIFIER = re.compile("[0-9].*|P[1-6]")

_NPI_LENGTH = 10
_NPI_PREFIX_SUM = 24
"""The part of the Luhn sum that comes from 80840, the card issuer prefix of NPIs."""
_NUMBERS_REMEMBERED = 1024


def canonical(system: str) -> str:
    """Return the URL by which this server knows a system, such as that of CPT for its OID."""
    return _CANONICAL.get(system, system)


def other_names(system: str) -> list[str]:
    """Return the other URLs and OIDs of a system."""
    known = canonical(system)
    names = (known, *(name for name, url in _CANONICAL.items() if url == known))
    return [name for name in names if name != system]


def family(system: str) -> str:
    """Return one URL for all systems that share their codes: CPT is level I of HCPCS, and senders name either."""
    return _FAMILIES.get(system, system)


def pas(name: str) -> str:
    """Return the canonical URL of a PAS extension or profile."""
    return PAS + name


def pdex(name: str) -> str:
    """Return the canonical URL of a PDex extension."""
    return f"{PDEX}StructureDefinition/{name}"


def backport(name: str) -> str:
    """Return the URL of a definition of Subscriptions R5 Backport."""
    return f"{BACKPORT}{name}"


def valid_npi(value: str) -> bool:
    """Return whether a number is an NPI: ten digits that pass the Luhn check over 80840 and them (45 CFR 162.406)."""
    return len(value) == _NPI_LENGTH and value.isascii() and value.isdigit() and _passes_luhn(value, _NPI_PREFIX_SUM)


def valid_loinc(code: str) -> bool:
    """Return whether a code is one of LOINC: up to seven digits, a hyphen and their check digit."""
    return _LOINC.fullmatch(code) is not None and _passes_luhn(code.replace("-", ""), 0)


def carc_like(code: str) -> bool:
    """Return whether a code has the shape of a claim adjustment reason code."""
    return _CARC.fullmatch(code) is not None


def rarc_like(code: str) -> bool:
    """Return whether a code has the shape of a remittance advice remark code."""
    return _RARC.fullmatch(code) is not None


def modifier_system(code: str) -> str:
    """Return the system of a modifier: CPT for numbers and P1 to P6, HCPCS for all others."""
    return CPT if _CPT_MODIFIER.fullmatch(code.upper()) else HCPCS


@lru_cache(_NUMBERS_REMEMBERED)
def _passes_luhn(number: str, prefix_sum: int) -> bool:
    total = prefix_sum
    for place, digit in enumerate(map(int, reversed(number))):
        doubled = digit * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the digit sum of a two-digit number
    return total % 10 == 0
