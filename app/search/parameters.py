"""List the search parameters, one row each; make the terms of a resource and read searches from the rows.

http://hl7.org/fhir/R4/search.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.codes import (
    AUDIT_ACTION,
    AUDIT_OUTCOME,
    AUDIT_TYPE,
    AUTHORIZATION_TYPE,
    AUTHORIZATION_TYPES,
    CALLER_ROLE,
    CLAIM_USE,
    CLIENT_ID,
    DICOM,
    FINANCIAL_STATUS,
    FORMER_NUMBER,
    IHE_EVENT,
    LINKED_AUTHORIZATION,
    OPEN_ENDED,
    ORGANIZATION_ID,
    OUR_BASE,
    REMITTANCE_OUTCOME,
    REQUESTED_SERVICE,
    REST_INTERACTION,
    REVIEW_DUE,
    REVIEW_PRIORITY,
    SERVER_ACT,
    SUBSCRIPTION_STATUS,
    TASK_PRIORITY,
    TASK_STATUS,
    UNITS_LOW,
    USER_ID,
    WORKLIST_CLOCK,
    WORKLIST_TASK,
    X12_REVIEW_ACTION,
    pas,
)
from app.domain.authorization_number import canonical
from app.search.parsing import Search, parse
from app.search.terms import EXTENSION, MAX_TERMS, ROOT, Kind, SearchParameter, Term, terms_reader

__all__ = ["MAX_TERMS", "PARAMETERS", "TYPED", "Search", "comparable_value", "parse_search", "search_terms"]

R4 = "http://hl7.org/fhir/SearchParameter/"
OWN = f"{OUR_BASE}SearchParameter/"

_AUDITED = (
    "Claim",
    "ClaimResponse",
    "ExplanationOfBenefit",
    "Coverage",
    "Patient",
    "Organization",
    "Practitioner",
    "Task",
    "AuditEvent",
)
_CALLERS = (CLIENT_ID, ORGANIZATION_ID, USER_ID)
_ACTS = (REST_INTERACTION, DICOM, IHE_EVENT, SERVER_ACT)
_PROVIDERS = ("Organization", "Practitioner", "PractitionerRole")


def _parameter(name: str, kind: Kind, definition: str, *paths: str, **more: Any) -> SearchParameter:
    return SearchParameter(name, kind, R4 + definition, tuple(tuple(path.split(".")) for path in paths), **more)


def _financial(type_: str) -> Iterator[SearchParameter]:
    """Yield the rows that Claim and ClaimResponse share."""
    yield _parameter("patient", Kind.REFERENCE, f"{type_}-patient", "patient", targets=("Patient",))
    yield _parameter("status", Kind.TOKEN, f"{type_}-status", "status", system=FINANCIAL_STATUS)
    yield _parameter("use", Kind.TOKEN, f"{type_}-use", "use", system=CLAIM_USE)
    yield _parameter("created", Kind.DATE, f"{type_}-created", "created", order=True)
    yield _parameter("insurer", Kind.REFERENCE, f"{type_}-insurer", "insurer", targets=("Organization",))


_ITEM_NUMBER = ("item", EXTENSION + pas("extension-authorizationNumber"), "valueString")
_PENDED_NUMBER = ("item", EXTENSION + pas("extension-administrationReferenceNumber"), "valueString")
_LINKS = tuple(
    (*line, EXTENSION + LINKED_AUTHORIZATION)
    for line in (("item",), ("item", "detail"), ("item", "detail", "subDetail"))
)
_LINKED_NUMBERS = tuple((*link, f"{EXTENSION}number", "valueString") for link in _LINKS)
_LINKED = tuple((*link, f"{EXTENSION}authorization", "valueReference") for link in _LINKS)
_REVIEW_NUMBER = ("adjudication", EXTENSION + pas("extension-reviewAction"), f"{EXTENSION}number", "valueString")


def _authorization_type(type_: str) -> SearchParameter:
    path = (ROOT, EXTENSION + AUTHORIZATION_TYPE, "valueCode")
    definition = f"{OWN}{type_.lower()}-authorization-type"
    return SearchParameter("authorization-type", Kind.TOKEN, definition, (path,), system=AUTHORIZATION_TYPES)


def _item_code(type_: str) -> SearchParameter:
    path = (ROOT, EXTENSION + REQUESTED_SERVICE, "valueCoding")
    return SearchParameter("item-code", Kind.TOKEN, f"{OWN}{type_.lower()}-item-code", (path,))


_REVIEW_ACTION = (
    EXTENSION + pas("extension-reviewAction"),
    EXTENSION + pas("extension-reviewActionCode"),
    "valueCodeableConcept",
    "coding",
)
_ADJUDICATIONS = (
    ("adjudication",),
    *((*line, "adjudication") for line in (("item",), ("item", "detail"), ("item", "detail", "subDetail"))),
    ("addItem", "adjudication"),
)
_TYPED_BY_STAFF = (
    ("identifier", "value"),
    ("for", "display"),
    ("for", "identifier", "value"),
    ("requester", "display"),
    ("requester", "identifier", "value"),
)

_DUE = ("restriction", "period", "end")

PARAMETERS: Mapping[str, tuple[SearchParameter, ...]] = {
    "Claim": (
        *_financial("Claim"),
        _parameter("provider", Kind.REFERENCE, "Claim-provider", "provider", targets=_PROVIDERS),
        SearchParameter(
            "coverage", Kind.REFERENCE, f"{OWN}claim-coverage", (("insurance", "coverage"),), targets=("Coverage",)
        ),
        _parameter("identifier", Kind.TOKEN, "Claim-identifier", "identifier"),
        SearchParameter(
            "pre-auth-ref",
            Kind.TOKEN,
            f"{OWN}claim-pre-auth-ref",
            (("insurance", "preAuthRef"), _ITEM_NUMBER, _PENDED_NUMBER),
            typed=True,
        ),
    ),
    "ClaimResponse": (
        *_financial("ClaimResponse"),
        _parameter("outcome", Kind.TOKEN, "ClaimResponse-outcome", "outcome", system=REMITTANCE_OUTCOME),
        _parameter("request", Kind.REFERENCE, "ClaimResponse-request", "request", targets=("Claim",)),
        _parameter("requestor", Kind.REFERENCE, "ClaimResponse-requestor", "requestor", targets=_PROVIDERS),
        _parameter("identifier", Kind.TOKEN, "ClaimResponse-identifier", "identifier"),
        SearchParameter(
            "pre-auth-ref",
            Kind.TOKEN,
            f"{OWN}claimresponse-pre-auth-ref",
            (
                ("preAuthRef",),
                ("_preAuthRef", EXTENSION + FORMER_NUMBER, "valueString"),
                ("item", *_REVIEW_NUMBER),
                ("addItem", *_REVIEW_NUMBER),
                *_LINKED_NUMBERS,
                _PENDED_NUMBER,
            ),
            typed=True,
        ),
        SearchParameter(
            "authorization",
            Kind.REFERENCE,
            f"{OWN}claimresponse-authorization",
            _LINKED,
            targets=("ClaimResponse",),
        ),
        _authorization_type("ClaimResponse"),
        SearchParameter(
            "review-action",
            Kind.TOKEN,
            f"{OWN}claimresponse-review-action",
            tuple((*line, *_REVIEW_ACTION) for line in _ADJUDICATIONS),
            systems=(X12_REVIEW_ACTION,),
        ),
        SearchParameter(
            "due",
            Kind.DATE,
            f"{OWN}claimresponse-due",
            ((ROOT, EXTENSION + REVIEW_DUE, "valueInstant"),),
            instants=True,
        ),
        SearchParameter(
            "priority",
            Kind.TOKEN,
            f"{OWN}claimresponse-priority",
            ((ROOT, EXTENSION + REVIEW_PRIORITY, "valueCode"),),
            system=TASK_PRIORITY,
        ),
        _item_code("ClaimResponse"),
        SearchParameter("preauth-start", Kind.DATE, f"{OWN}claimresponse-preauth-start", (("preAuthPeriod", "start"),)),
        SearchParameter(
            "preauth-end",
            Kind.DATE,
            f"{OWN}claimresponse-preauth-end",
            (("preAuthPeriod", "end"), (ROOT, EXTENSION + OPEN_ENDED, "valueDate")),
        ),
        SearchParameter("active", Kind.TOKEN, f"{OWN}claimresponse-active", (("preAuthPeriod",),), in_force=True),
        SearchParameter(
            "units-low",
            Kind.TOKEN,
            f"{OWN}claimresponse-units-low",
            ((ROOT, EXTENSION + UNITS_LOW, "valueBoolean"),),
        ),
    ),
    "ExplanationOfBenefit": (
        _parameter("patient", Kind.REFERENCE, "ExplanationOfBenefit-patient", "patient", targets=("Patient",)),
        _parameter("status", Kind.TOKEN, "ExplanationOfBenefit-status", "status", system=FINANCIAL_STATUS),
        SearchParameter("use", Kind.TOKEN, f"{OWN}explanationofbenefit-use", (("use",),), system=CLAIM_USE),
        _parameter("created", Kind.DATE, "ExplanationOfBenefit-created", "created", order=True),
        _parameter("identifier", Kind.TOKEN, "ExplanationOfBenefit-identifier", "identifier"),
        _parameter("claim", Kind.REFERENCE, "ExplanationOfBenefit-claim", "claim", targets=("Claim",)),
        _parameter("provider", Kind.REFERENCE, "ExplanationOfBenefit-provider", "provider", targets=_PROVIDERS),
        _parameter("_profile", Kind.URI, "Resource-profile", "meta.profile"),
    ),
    "Coverage": (
        _parameter("beneficiary", Kind.REFERENCE, "Coverage-beneficiary", "beneficiary", targets=("Patient",)),
        _parameter("patient", Kind.REFERENCE, "Coverage-patient", "beneficiary", targets=("Patient",)),
        _parameter("status", Kind.TOKEN, "Coverage-status", "status", system=FINANCIAL_STATUS),
        _parameter(
            "payor", Kind.REFERENCE, "Coverage-payor", "payor", targets=("Organization", "Patient", "RelatedPerson")
        ),
        _parameter("identifier", Kind.TOKEN, "Coverage-identifier", "identifier"),
    ),
    "Patient": (
        _parameter("birthdate", Kind.DATE, "individual-birthdate", "birthDate"),
        _parameter("family", Kind.STRING, "individual-family", "name.family"),
        _parameter("identifier", Kind.TOKEN, "Patient-identifier", "identifier"),
    ),
    "Organization": (
        _parameter("name", Kind.STRING, "Organization-name", "name", "alias"),
        _parameter("identifier", Kind.TOKEN, "Organization-identifier", "identifier"),
    ),
    "Practitioner": (
        _parameter("name", Kind.STRING, "Practitioner-name", "name.family", "name.given", "name.text"),
        _parameter("identifier", Kind.TOKEN, "Practitioner-identifier", "identifier"),
    ),
    "Subscription": (
        _parameter("url", Kind.URI, "Subscription-url", "channel.endpoint"),
        _parameter("status", Kind.TOKEN, "Subscription-status", "status", system=SUBSCRIPTION_STATUS),
    ),
    "Task": (
        _parameter("status", Kind.TOKEN, "Task-status", "status", system=TASK_STATUS),
        SearchParameter("due", Kind.DATE, f"{OWN}task-due", (_DUE,), order=True, instants=True, key="created"),
        _parameter("priority", Kind.TOKEN, "Task-priority", "priority", system=TASK_PRIORITY),
        _parameter(
            "business-status", Kind.TOKEN, "Task-business-status", "businessStatus.coding", systems=(WORKLIST_CLOCK,)
        ),
        _parameter("code", Kind.TOKEN, "Task-code", "code.coding", systems=(WORKLIST_TASK,)),
        _parameter("patient", Kind.REFERENCE, "Task-patient", "for", targets=("Patient",)),
        _parameter("focus", Kind.REFERENCE, "Task-focus", "focus", targets=("ClaimResponse",)),
        _parameter("owner", Kind.REFERENCE, "Task-owner", "owner", targets=_PROVIDERS, systems=(USER_ID, CLIENT_ID)),
        _parameter("requester", Kind.REFERENCE, "Task-requester", "requester", targets=_PROVIDERS),
        SearchParameter("pre-auth-ref", Kind.TOKEN, f"{OWN}task-pre-auth-ref", (("identifier", "value"),), typed=True),
        _authorization_type("Task"),
        _item_code("Task"),
        SearchParameter("text", Kind.STRING, f"{OWN}task-text", _TYPED_BY_STAFF),
    ),
    "AuditEvent": (
        _parameter("date", Kind.DATE, "AuditEvent-date", "recorded", order=True, instants=True, key="created"),
        _parameter(
            "patient", Kind.REFERENCE, "AuditEvent-patient", "entity.what", targets=("Patient",), only_targets=True
        ),
        _parameter("agent", Kind.REFERENCE, "AuditEvent-agent", "agent.who", targets=_PROVIDERS, systems=_CALLERS),
        _parameter("agent-role", Kind.TOKEN, "AuditEvent-agent-role", "agent.role.coding.code", system=CALLER_ROLE),
        _parameter("entity", Kind.REFERENCE, "AuditEvent-entity", "entity.what", targets=_AUDITED, only_targets=True),
        _parameter("type", Kind.TOKEN, "AuditEvent-type", "type", systems=(AUDIT_TYPE, DICOM)),
        _parameter("subtype", Kind.TOKEN, "AuditEvent-subtype", "subtype", systems=_ACTS),
        _parameter("action", Kind.TOKEN, "AuditEvent-action", "action", system=AUDIT_ACTION),
        _parameter("outcome", Kind.TOKEN, "AuditEvent-outcome", "outcome", system=AUDIT_OUTCOME),
    ),
}
"""The search parameters of each type, without `_id` and `_lastUpdated`: every type has these two, without terms."""

COMMON = (
    SearchParameter("_id", Kind.TOKEN, f"{R4}Resource-id"),
    SearchParameter("_lastUpdated", Kind.DATE, f"{R4}Resource-lastUpdated", order=True, instants=True),
)

TYPED = frozenset(row.name for rows in PARAMETERS.values() for row in rows if row.typed)
"""Parameters whose values people type by hand; values are normalized before they are stored or searched."""


_READERS = {
    type_: [terms_reader(row) for row in rows if not (row.order or row.in_force)] for type_, rows in PARAMETERS.items()
}


def search_terms(resource: dict[str, Any]) -> list[Term]:
    """Return the search terms of a resource, at most MAX_TERMS per parameter; `TYPED` values are not yet normalized."""
    terms: list[Term] = []
    for read in _READERS[resource["resourceType"]]:
        terms += read(resource)
    return terms


def searched_elements(type_: str, name: str) -> frozenset[str]:
    """Return the elements of a resource whose values a search parameter of its type finds; none for a common one."""
    paths = (path for row in PARAMETERS[type_] if row.name == name for path in row.paths)
    return frozenset("extension" if path[0] == ROOT else path[0] for path in paths)


def comparable_value(name: str, value: str) -> str:
    """Return the form in which a search value is compared: typed numbers are canonical."""
    return canonical(value) if name in TYPED else value


def parse_search(
    type_: str, params: Sequence[tuple[str, str]], *, base_url: str, lenient: bool, now: datetime | None = None
) -> Search:
    """Read the query of a search by type; `base_url` is the base of absolute references to this server, `now` its time.

    Raises FhirError PARAMETER with an issue for each unsupported parameter, modifier or value. With `lenient`, unknown
    parameters have no effect and are named in the Search.
    """
    rows = {row.name: row for row in (*PARAMETERS[type_], *COMMON)}
    return parse(type_, rows, params, base_url=base_url, lenient=lenient, now=now)
