"""Receive a request to review a denial again: find the denial, and leave each item to a person."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.authorization import Appealed, Authorization, AuthorizedItem
from app.domain.authorization_types.appeal import NotAppealable, appealed_items, is_late
from app.domain.request import PriorClaim
from app.domain.review.review_reason import ReasonKey
from app.domain.update.predecessor import predecessor
from app.pas.requests.read_request import SubmittedRequest
from app.policy.policy import Policy
from app.records import authorizations
from app.records.authorizations import Participant
from app.workflow.call import Call, Received
from app.workflow.requests.answer import OnRecord, Verdict, appeal_refused, reviewed
from app.workflow.system import System


async def appealed(
    system: System, call: Call, received: Received, submitted: SubmittedRequest, on_record: OnRecord
) -> Verdict:
    """Return the verdict on an appeal: each item is pended, or an error says why there is nothing to appeal."""
    own = await authorizations.of_participant(system.documents, Participant(on_record.enrolled.patient, (call.owner,)))
    denied = _named(submitted, own)
    try:
        items = appealed_items(submitted.request, denied, own)
    except NotAppealable as refusal:
        return appeal_refused(str(refusal))
    verdict = await system.aside(call, received, reviewed, system, call, submitted, on_record)
    if is_late(items, on_record.policy.day(call.now)):
        verdict = verdict._replace(items=tuple(_late(item, on_record.policy) for item in verdict.items))
    if denied is None:
        return verdict
    turn = sum(earlier.appealed is not None and earlier.appealed.id == denied.id for earlier in own)
    return verdict._replace(appealed=Appealed(denied.id, denied.administration_number, turn))


def _named(submitted: SubmittedRequest, own: list[Authorization]) -> Authorization | None:
    """Return the request that an appeal names, by a number of the payer or by its Claim."""
    request = submitted.request
    named = request.prior or PriorClaim(url="")
    named = replace(named, numbers=(*named.numbers, *request.numbers))
    found = predecessor(named, request.requestor, own)
    return None if found is None else found.authorization


def _late(item: AuthorizedItem, policy: Policy) -> AuthorizedItem:
    return replace(item, decision=replace(item.decision, reason=policy.reasons[ReasonKey.LATE_APPEAL].reason))
