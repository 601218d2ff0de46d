"""The answer to a request: a PAS ClaimResponse.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-claimresponse
"""

from __future__ import annotations

from app.domain.authorization import Authorization, RequestError, ReviewAction
from app.domain.request import Period
from app.fhir import systems
from app.fhir.instants import instant
from app.fhir.systems import pas
from app.pas.edition import Edition
from app.pas.face import Face
from app.pas.parts.write_notes import Notes, note_texts, warning_texts
from app.pas.parts.write_types import Json, coded, concept, extension, identifier, period
from app.pas.write_item import write_add_item, write_item


def write_claim_response(
    authorization: Authorization, face: Face, edition: Edition, profile: str | None = None
) -> Json:
    """Write what the payer answered, in the references of `face` and the form of `edition`.

    The decision stands on every item, as its reviewAction; preAuthRef is there when something is granted, only then.
    `profile` is the answer's profile where it is not that of `$submit`.
    """
    notes = Notes()
    items = [
        write_item(item, authorization, face, edition, notes.numbers(note_texts(item, authorization.due)))
        for item in authorization.items
    ]
    written = _head(authorization, face, profile or edition.claim_response)
    if edition.names_reviewer and any(item.decision.human for item in authorization.items):
        written["extension"] = [_REVIEWED_BY_A_PERSON]
    written |= _grant(authorization)
    notes.numbers(warning_texts(authorization.warnings))
    parts = {
        "item": items,
        "addItem": _modified(authorization, face) if edition.modified_in_add_item else [],
        "processNote": notes.written(),
        "error": [_error(error) for error in authorization.errors],
    }
    return written | {name: part for name, part in parts.items() if part}


def outcome(authorization: Authorization) -> str:
    """Return complete, also while items are pended; error where nothing could be reviewed; partial in between."""
    if not authorization.errors:
        return "complete"
    return "partial" if authorization.items else "error"


def _head(authorization: Authorization, face: Face, profile: str) -> Json:
    return {
        "resourceType": "ClaimResponse",
        "id": authorization.id,
        "meta": {"profile": [profile]},
        "identifier": [identifier(authorization.identifier)],
        "status": "active",
        "type": coded(authorization.claim_type),
        "use": "preauthorization",
        "patient": face.patient,
        "created": instant(authorization.created),
        "insurer": face.insurer,
        "requestor": face.requestor,
        "request": face.request,
        "outcome": outcome(authorization),
    }


def _grant(authorization: Authorization) -> Json:
    periods = [item.decision.granted.period for item in authorization.items if item.decision.granted is not None]
    if not periods:
        return {}
    written: Json = {"preAuthRef": authorization.number} if authorization.number else {}
    whole = period(_whole(periods))
    return {**written, "preAuthPeriod": whole} if whole else written


def _whole(periods: list[Period]) -> Period:
    starts = [one.start for one in periods if one.start is not None]
    ends = [one.end for one in periods if one.end is not None]
    complete = len(starts) == len(periods), len(ends) == len(periods)
    return Period(min(starts) if complete[0] else None, max(ends) if complete[1] else None)


def _modified(authorization: Authorization, face: Face) -> list[Json]:
    return [
        write_add_item(item, item.decision.granted, authorization.number, face)
        for item in authorization.items
        if item.decision.action is ReviewAction.MODIFIED and item.decision.granted is not None
    ]


def _error(error: RequestError) -> Json:
    return {
        "extension": [
            extension(_FOLLOWUP, valueCodeableConcept=concept(systems.X12_FOLLOWUP, error.followup)),
            extension(_PATH, valueString=error.path),
        ],
        "code": {**concept(systems.X12_REJECT_REASON, error.code), "text": error.text},
    }


_REVIEWED_BY_A_PERSON = extension(
    pas("extension-claimResponseReviewer"), extension=[extension("wasHumanReviewedFlag", valueBoolean=True)]
)
_FOLLOWUP = pas("extension-errorFollowupAction")
_PATH = pas("extension-errorPath")
