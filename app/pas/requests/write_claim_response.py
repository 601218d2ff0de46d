"""Write the answer to a request: a PAS ClaimResponse.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-claimresponse
"""

from __future__ import annotations

from itertools import repeat
from typing import NamedTuple

from app.codes import X12_FOLLOWUP, X12_REJECT_REASON, pas
from app.domain.authorization import Authorization, AuthorizedItem, RequestError
from app.domain.datatypes import Period
from app.fhir.instants import instant
from app.pas.asking.write_asking import asking_elements
from app.pas.edition import Edition
from app.pas.face import Face
from app.pas.parts.write_notes import Notes, note_texts, warning_texts
from app.pas.parts.write_types import Json, coded, concept, extension, period
from app.pas.requests.write_add_item import add_items
from app.pas.requests.write_clock_notes import clock_texts
from app.pas.requests.write_header import authorized_providers, header
from app.pas.requests.write_item import nested, with_providers, write_line
from app.pas.requests.write_review import review_extensions
from app.pas.requests.write_tracking import tracked
from app.pas.requests.write_type import disposition, type_extensions


class Answered(NamedTuple):
    """The parts of a ClaimResponse that are the same in the client's and in this server's references.

    `shared_fields` are its elements without References, except the items; `items` have no providers.
    """

    authorization: Authorization
    edition: Edition
    created: str
    shared_fields: Json
    items: list[Json]
    notes: list[Json]

    def in_references(self, face: Face, profile: str | None = None) -> Json:
        """Write the ClaimResponse in the references of `face`.

        Every item has its decision as reviewAction. preAuthRef is present only if a service is granted. `profile`
        replaces the profile of an answer to `$submit`.
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
            **self.shared_fields,
        }
        parts = {
            "extension": [
                *self.shared_fields.get("extension", []),
                *authorized_providers(authorization, face, edition),
                *((*type_extensions(authorization), *review_extensions(authorization)) if face.stored else ()),
            ],
            "item": list(map(with_providers, self._items(face), _whole_items(authorization), repeat(face))),
            "addItem": add_items(authorization, face, edition) if edition.modified_in_add_item else [],
            "processNote": self.notes,
            "error": [_error(error, edition) for error in authorization.errors],
            **asking_elements(authorization, face, edition),
        }
        written.update([(name, part) for name, part in parts.items() if part])
        return written

    def _items(self, face: Face) -> list[Json]:
        return tracked(self.items, self.authorization) if face.stored else self.items


def answered(authorization: Authorization, edition: Edition) -> Answered:
    """Write the parts of the ClaimResponse in the form of `edition`, before its References are chosen."""
    notes = Notes()
    items = nested(
        (item.requested, write_line(item, authorization, edition, notes.numbers(_note_texts(item, authorization))))
        for item in authorization.items
    )
    notes.numbers(warning_texts(authorization.warnings))
    shared_fields = {
        "outcome": outcome(authorization),
        **disposition(authorization),
        **header(authorization, edition),
        **_grant(authorization),
    }
    return Answered(authorization, edition, instant(authorization.created), shared_fields, items, notes.written())


def _note_texts(item: AuthorizedItem, authorization: Authorization) -> list[str]:
    return [*note_texts(item, authorization.due), *clock_texts(item, authorization)]


def write_claim_response(authorization: Authorization, face: Face, edition: Edition) -> Json:
    """Write the ClaimResponse in the references of `face` and the form of `edition`."""
    return answered(authorization, edition).in_references(face)


def outcome(authorization: Authorization) -> str:
    """Return `error` if no item was reviewed, `partial` if some were, else `complete`, also while items are pended."""
    if not authorization.errors:
        return "complete"
    return "partial" if authorization.items else "error"


def _grant(authorization: Authorization) -> Json:
    periods = [item.in_force.period for item in authorization.items if item.in_force is not None]
    if not periods:
        return {}
    written: Json = {"preAuthRef": authorization.number} if authorization.number else {}
    whole = period(_whole(periods))
    return {**written, "preAuthPeriod": whole} if whole else written


def _whole(periods: list[Period]) -> Period:
    starts = [part.start for part in periods if part.start is not None]
    ends = [part.end for part in periods if part.end is not None]
    complete = len(starts) == len(periods), len(ends) == len(periods)
    return Period(min(starts) if complete[0] else None, max(ends) if complete[1] else None)


def _whole_items(authorization: Authorization) -> list[AuthorizedItem]:
    """Return the items without their details. Only an item has a place for its providers."""
    return [item for item in authorization.items if not item.requested.detail]


def _error(error: RequestError, edition: Edition) -> Json:
    extensions = [
        extension(_FOLLOWUP, valueCodeableConcept=concept(X12_FOLLOWUP, error.followup)),
        extension(_PATH, valueString=error.path),
    ]
    if error.element:
        name = {"valueString": error.element}
        parts = {"extension": [extension("error", **name)]} if edition.full_answers else name
        extensions.append(extension(_ELEMENT, **parts))
    return {
        "extension": extensions,
        "code": {**concept(X12_REJECT_REASON, error.code), "text": error.text},
    }


_FOLLOWUP = pas("extension-errorFollowupAction")
_PATH = pas("extension-errorPath")
_ELEMENT = pas("extension-errorElement")
