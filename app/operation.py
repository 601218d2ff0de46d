"""A FHIR operation: its types, its callers and its workflow. `operations` has the table of all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal

from msgspec import Struct

from app.access.grant import Role
from app.audit.access import Interaction
from app.codes import OUR_BASE
from app.workflow.call import Answer, Call, Received
from app.workflow.system import System

Workflow = Callable[[System, Call, Received], Awaitable[Answer]]

EVERYBODY = frozenset(Role)
PAS_OPERATION = "http://hl7.org/fhir/us/davinci-pas/OperationDefinition/"
R4_OPERATION = "http://hl7.org/fhir/OperationDefinition/"
CDEX_OPERATION = "http://hl7.org/fhir/us/davinci-cdex/OperationDefinition/"
BACKPORT_OPERATION = "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/"
OWN_OPERATION = f"{OUR_BASE}OperationDefinition/"


class Operation(Struct, frozen=True, kw_only=True):
    """A FHIR operation: its types, its callers, and the workflow that performs it.

    `summary`, `group`: its title, and its group of paths, in the OpenAPI document.
    `types`: the types that have the operation. No type has two operations with one code, as clients call it by code.
    `scopes`: the SMART v2 permissions that a token must have, each a type and a letter; empty if every token will do.
    `levels`: on the type, on an instance, or both; or on the system, and then without types.
    `reads`: it changes nothing, so that GET calls it, too. `parameters`: those in the URL, with a description, on the
    last level.
    `within_reach`: it shows only what reads and searches of the caller show, so that scopes of a patient, and scopes
    with conditions, allow it.
    `definition`: the canonical URL of its OperationDefinition, or of the closest one.
    `body`, `answer`: the resource types that it takes and returns; `Resource` is any of its types.
    `audited_as`: the interaction in its AuditEvents; None if it reads and writes no stored data.
    `carries_documents`: the input may contain attached documents, so the larger limit of bytes applies.
    """

    code: str
    summary: str
    group: Literal["Prior authorization", "Subscription", "Validation"]
    types: tuple[str, ...]
    levels: tuple[Literal["system", "type", "instance"], ...]
    scopes: tuple[tuple[str, str], ...]
    roles: frozenset[Role]
    definition: str
    workflow: Workflow
    body: str
    answer: str
    audited_as: Interaction | None
    carries_documents: bool = False
    reads: bool = False
    parameters: tuple[tuple[str, str], ...] = ()
    within_reach: bool = False

    @property
    def contexts(self) -> tuple[str, ...]:
        """The types below which its paths are; an empty text for an operation of the whole system."""
        return self.types or ("",)
