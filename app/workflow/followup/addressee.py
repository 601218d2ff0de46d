"""Find the request that an attachment is for, among those of the organization that sends it."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.authorization_number import canonical
from app.domain.review.attachment_request import case_reference
from app.fhir.outcome import Fault, FhirError, Issue
from app.pas.asking.read_attachment import SubmittedAttachments
from app.policy.policy import Policy
from app.records import authorizations
from app.records.authorizations import Stored
from app.records.members import is_number_of
from app.workflow.system import System


async def addressee_of(
    system: System, owner: str, payers: Sequence[Policy], submitted: SubmittedAttachments
) -> Stored | None:
    """Return the request with the case reference or the control number; None if this organization has none.

    A request of another organization is read as often as an unknown one. Raises FhirError UNPROCESSABLE if the request
    is for another member.
    """
    numbers = [submitted.case, case_reference(submitted.tracking)]
    for number in dict.fromkeys(canonical(number) for number in numbers if number):
        for policy in payers:
            stored = await authorizations.of_owner(system.documents, policy.name, number, owner)
            if stored is not None:
                await _check_member(system, stored, submitted)
                return stored
    named = await authorizations.with_control_number(system.documents, owner, submitted.tracking)
    own = {policy.name for policy in payers}
    for stored in reversed(named):
        if stored.authorization.payer in own and await _is_about(system, stored, submitted.member):
            return stored
    return None


async def _check_member(system: System, stored: Stored, submitted: SubmittedAttachments) -> None:
    if not await _is_about(system, stored, submitted.member):
        text = "`MemberId` must be the member number of the patient of the request."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Parameters.parameter.where(name = 'MemberId')"))


async def _is_about(system: System, stored: Stored, member_id: str) -> bool:
    """Return whether the payer files the patient of the request under this number."""
    authorization = stored.authorization
    return await is_number_of(system.documents, authorization.payer, member_id, authorization.patient)
