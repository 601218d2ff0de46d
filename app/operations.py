"""The table of FHIR operations; the router, the OpenAPI document and the tests of the CapabilityStatement read it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal

from msgspec import Struct

from app.access.grant import Role
from app.records.kinds import SERVED
from app.workflow.call import Answer, Call, Received
from app.workflow.requests.decide import decide
from app.workflow.requests.inquire import inquire
from app.workflow.requests.submit import submit
from app.workflow.system import System
from app.workflow.validate import validate

Workflow = Callable[[System, Call, Received], Awaitable[Answer]]

STAFF = frozenset({Role.REVIEWER, Role.ADMIN})
PROVIDERS = frozenset({Role.PROVIDER})
EVERYBODY = frozenset(Role)
PAS_OPERATION = "http://hl7.org/fhir/us/davinci-pas/OperationDefinition/"
R4_OPERATION = "http://hl7.org/fhir/OperationDefinition/"
OWN_OPERATION = "https://preauth.example.org/fhir/OperationDefinition/"

CHECKED = (
    *SERVED,
    "Bundle",
    "Parameters",
    *("PractitionerRole", "Location", "Encounter", "Task", "CommunicationRequest", "Subscription"),
    *("ServiceRequest", "DeviceRequest", "MedicationRequest", "NutritionOrder"),
    *("DocumentReference", "QuestionnaireResponse", "Condition", "Observation", "Procedure", "DiagnosticReport"),
    *("AllergyIntolerance", "Immunization"),
)
"""The types that `$validate` checks: the served types, and the other types in messages of PAS."""


class Operation(Struct, frozen=True):
    """A FHIR operation: its types, its callers, and the workflow that performs it.

    `types`: the types that have the operation. No type has two operations with one code, as clients call it by code.
    `scopes`: the SMART v2 permissions that a token must have, each a type and a letter; empty if every token will do.
    `definition`: the canonical URL of its OperationDefinition, or of the closest one.
    `carries_documents`: the input may contain attached documents, so the larger limit of bytes applies.
    """

    code: str
    types: tuple[str, ...]
    level: Literal["type", "instance"]
    scopes: tuple[tuple[str, str], ...]
    roles: frozenset[Role]
    definition: str
    workflow: Workflow
    carries_documents: bool = False


OPERATIONS = (
    Operation(
        "submit",
        ("Claim",),
        "type",
        (("Claim", "c"), ("ClaimResponse", "r")),
        PROVIDERS,
        f"{PAS_OPERATION}Claim-submit",
        submit,
        carries_documents=True,
    ),
    Operation(
        "inquire",
        ("Claim",),
        "type",
        (("Claim", "s"), ("ClaimResponse", "r")),
        PROVIDERS | STAFF,
        f"{PAS_OPERATION}Claim-inquiry",
        inquire,
        carries_documents=True,
    ),
    Operation(
        "decide",
        ("ClaimResponse",),
        "instance",
        (("ClaimResponse", "u"),),
        STAFF,
        f"{OWN_OPERATION}ClaimResponse-decide",
        decide,
    ),
    Operation(
        "validate",
        CHECKED,
        "type",
        (),
        EVERYBODY,
        f"{R4_OPERATION}Resource-validate",
        validate,
        carries_documents=True,
    ),
)
