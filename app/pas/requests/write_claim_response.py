"""The answer to a request: a PAS ClaimResponse.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-claimresponse
"""

from __future__ import annotations

from itertools import repeat
from typing import NamedTuple

from app.codes import X12_FOLLOWUP, X12_REJECT_REASON, pas
from app.domain.authorization import Authorization, RequestError, ReviewAction
from app.domain.request import Period
from app.fhir.instants import instant
from app.pas.edition import Edition
from app.pas.face import Face
from app.pas.parts.write_notes import Notes, note_texts, warning_texts
from app.pas.parts.write_types import Json, coded, concept, extension, identifier, period
from app.pas.requests.write_item import with_providers, write_add_item, write_item


class Answered(NamedTuple):
    """What the payer answered, written as far as it is the same in whatever references.

    `told` is what stands between the references and the items; `items` are without the providers.
    """

    authorization: Authorization
    edition: Edition
    created: str
    told: Json
    items: list[Json]
    notes: list[Json]

    def in_references(self, face: Face, profile: str | None = None) -> Json:
        """Write the ClaimResponse in the references of `face`.

        The decision stands on every item, as its reviewAction; preAuthRef is there when something is granted, only
        then. `profile` is the answer's profile where it is not that of `$submit`.
        """
        authorization, edition = self.authorization, self.edition
        written = {
            "resourceType": "ClaimResponse",
            "id": authorization.id,
            "meta": {"profile": [profile or edition.claim_response]},
            "status": "active",
            "type": coded(authorization.claim_type),
            "use": "preauthorization",
            "patient": face.patient,
            "created": self.created,
            "insurer": face.insurer,
            "requestor": face.requestor,
            "request": face.request,
            **self.told,
        }
        parts = {
            "item": list(map(with_providers, self.items, authorization.items, repeat(face))),
            "addItem": _modified(authorization, face) if edition.modified_in_add_item else [],
            "processNote": self.notes,
            "error": [_error(error) for error in authorization.errors],
        }
        written.update([(name, part) for name, part in parts.items() if part])
        return written


def answered(authorization: Authorization, edition: Edition) -> Answered:
    """Write what the payer answered in the form of `edition`, to be put in references."""
    notes = Notes()
    items = [
        write_item(item, authorization, edition, notes.numbers(note_texts(item, authorization.due)))
        for item in authorization.items
    ]
    notes.numbers(warning_texts(authorization.warnings))
    told = {"outcome": outcome(authorization), **_known_by(authorization)}
    if edition.names_reviewer and any(item.decision.human for item in authorization.items):
        told["extension"] = [_REVIEWED_BY_A_PERSON]
    told.update(_grant(authorization))
    return Answered(authorization, edition, instant(authorization.created), told, items, notes.written())


def write_claim_response(authorization: Authorization, face: Face, edition: Edition) -> Json:
    """Write what the payer answered, in the references of `face` and the form of `edition`."""
    return answered(authorization, edition).in_references(face)


def outcome(authorization: Authorization) -> str:
    """Return complete, also while items are pended; error where nothing could be reviewed; partial in between."""
    if not authorization.errors:
        return "complete"
    return "partial" if authorization.items else "error"


def _known_by(authorization: Authorization) -> Json:
    """Write the identifier of the request; PAS has none that says nothing of who gave it."""
    given = authorization.identifier
    return {"identifier": [identifier(given)]} if given.system else {}


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
            extension(_FOLLOWUP, valueCodeableConcept=concept(X12_FOLLOWUP, error.followup)),
            extension(_PATH, valueString=error.path),
        ],
        "code": {**concept(X12_REJECT_REASON, error.code), "text": error.text},
    }


_REVIEWED_BY_A_PERSON = extension(
    pas("extension-claimResponseReviewer"), extension=[extension("wasHumanReviewedFlag", valueBoolean=True)]
)
_FOLLOWUP = pas("extension-errorFollowupAction")
_PATH = pas("extension-errorPath")
