# ruff: noqa: E501 - the FHIRPath is as published
"""The invariants of both editions of Da Vinci PAS (https://hl7.org/fhir/us/davinci-pas/)."""

from __future__ import annotations

from typing import Any

from app.conformance.invariants.bundles import first_type
from app.conformance.invariants.invariant import Invariant, Predicate, codes, there

_DAY_LENGTH = 10


def _first_is(type_: str) -> Predicate:
    return lambda value: first_type(value) == type_


def _needs_input(code: str, input_: str) -> Predicate:
    """Require an input of type `input_` in a Task with the code `code`."""
    return lambda value: (
        code not in codes(value, "code") or any(input_ in codes(entry, "type") for entry in value.get("input", ()))
    )


def _own_subscriber(value: Any) -> bool:
    return "18" in codes(value, "relationship") or "subscriber" in value


def _voice(value: Any) -> bool:
    return "VO" in codes(value, "medium") or there(value, "identifier")


PAS_RULES = (
    Invariant("ClaimFirst", "entry.first().resource is Claim", "The first entry must be a Claim.", _first_is("Claim")),
    Invariant(
        "ClaimResponseFirst",
        "entry.first().resource is ClaimResponse",
        "The first entry must be a ClaimResponse.",
        _first_is("ClaimResponse"),
    ),
    Invariant(
        "FullDateRule",
        "$this.toString().length() = 10",
        "The date must be a full day, YYYY-MM-DD.",
        lambda value: len(value) == _DAY_LENGTH,
    ),
    Invariant(
        "self-beneficiary",
        "$this.relationship.coding.where(code='18').count() = 0 implies $this.subscriber.exists()",
        "A subscriber is required unless the relationship is 18 (self).",
        _own_subscriber,
    ),
    Invariant(
        "IdentifierUnlessVO",
        "$this.medium.coding.where(code='VO').count() = 0 implies $this.identifier.count() > 0",
        "An identifier is required unless the medium is VO (voice).",
        _voice,
    ),
    Invariant(
        "AttachmentNeeded",
        "$this.code.coding.where(code='attachment-request-code').count() > 0 implies $this.input.type.coding.where(code='attachments-needed').count() > 0",
        "A task for attachments must have an attachments-needed input.",
        _needs_input("attachment-request-code", "attachments-needed"),
    ),
    Invariant(
        "QuestionnaireContext",
        "$this.code.coding.where(code='attachment-request-questionnaire').count() > 0 implies $this.input.type.coding.where(code='questionnaire-context').count() > 0",
        "A task for a questionnaire must have a questionnaire-context input.",
        _needs_input("attachment-request-questionnaire", "questionnaire-context"),
    ),
    Invariant(
        "QuestionnaireNeeded",
        "$this.code.coding.where(code='attachment-request-questionnaire').count() > 0 implies $this.input.type.coding.where(code='questionnaires-needed').count() > 0",
        "A task for a questionnaire must have a questionnaires-needed input.",
        _needs_input("attachment-request-questionnaire", "questionnaires-needed"),
    ),
)
