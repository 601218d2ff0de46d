"""Write the former and the other numbers of a request into the stored ClaimResponse, so that a search finds it.

PAS has a place for the previous number of an item only (`extension-authorizationNumber`).
"""

from __future__ import annotations

from app.codes import FORMER_NUMBER
from app.domain.authorization import Authorization
from app.pas.parts.write_types import Json, extension


def with_former_numbers(claim_response: Json, authorization: Authorization) -> Json:
    """Return the ClaimResponse with the former numbers and the aliases as extensions of its preAuthRef."""
    numbers = (*authorization.former_numbers, *authorization.aliases)
    if not numbers:
        return claim_response
    extensions = [extension(FORMER_NUMBER, valueString=number) for number in numbers]
    return {**claim_response, "_preAuthRef": {"extension": extensions}}
