"""The FHIR operations this server offers, a row each; the router and the CapabilityStatement test both read this."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from app.access.grant import Role
from app.workflow.decide import decide
from app.workflow.inquire import inquire
from app.workflow.submit import submit
from app.workflow.system import Answer, Call, Received, System

Workflow = Callable[[System, Call, Received], Awaitable[Answer]]

STAFF = frozenset({Role.REVIEWER, Role.ADMIN})
PROVIDERS = frozenset({Role.PROVIDER})
PAS_OPERATION = "http://hl7.org/fhir/us/davinci-pas/OperationDefinition/"
OWN_OPERATION = "https://preauth.example.org/fhir/OperationDefinition/"


@dataclass(frozen=True, slots=True)
class Operation:
    """A FHIR operation: where it is offered, who may call it, and the workflow that does it.

    `scope` is the letter of the SMART v2 permission on `type`; `definition` the canonical of its OperationDefinition.
    """

    code: str
    type: str
    level: Literal["type", "instance"]
    scope: str
    roles: frozenset[Role]
    definition: str
    workflow: Workflow


OPERATIONS = (
    Operation("submit", "Claim", "type", "c", PROVIDERS, f"{PAS_OPERATION}Claim-submit", submit),
    Operation("inquire", "Claim", "type", "s", PROVIDERS | STAFF, f"{PAS_OPERATION}Claim-inquiry", inquire),
    Operation("decide", "ClaimResponse", "instance", "u", STAFF, f"{OWN_OPERATION}ClaimResponse-decide", decide),
)
