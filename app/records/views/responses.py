"""The stored ClaimResponse of an authorization, which follows from the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from app.domain.authorization import Authorization
from app.domain.tracking.item_units import units_of
from app.pas.edition import edition
from app.pas.face import server_face
from app.pas.parts.write_types import Json
from app.pas.requests.write_claim_response import write_claim_response
from app.pas.requests.write_former_numbers import with_former_numbers
from app.ports import Document, Documents
from app.records.resources import Version, next_version

KIND = "ClaimResponse"


def written_response(authorization: Authorization) -> Json:
    """Write the ClaimResponse as this server stores it."""
    response = write_claim_response(authorization, server_face(authorization), edition(authorization.edition))
    return with_former_numbers(response, authorization)


def response_version(document: Document, after: Authorization, now: datetime) -> Version:
    """Return the next version of the ClaimResponse."""
    return next_version(document, written_response(after), now)


def drawn_version(before: Authorization, after: Authorization, response: Document | None) -> Version | None:
    """Return the version of the ClaimResponse after a change of the units of its items; None if they stay the same.

    Raises ValueError if the units change and the change does not give the ClaimResponse, as read.
    """
    if list(map(units_of, before.items)) == list(map(units_of, after.items)):
        return None
    if response is None:
        raise ValueError(f"A change of the units of authorization {after.id} must give its ClaimResponse, as read.")
    return response_version(response, after, after.updated)


async def responses_of(documents: Documents, authorizations: Iterable[str]) -> Mapping[str, Document]:
    """Read the ClaimResponses of authorizations, to write their next versions. No Reach limits this."""
    stored = await documents.get_many(KIND, sorted(set(authorizations)))
    return {document.id: document for document in stored}
