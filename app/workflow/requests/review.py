"""Review a submitted request: a first request as a whole, an update against the payer's record of the request."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.authorization_types.appeal import is_appeal, is_open
from app.domain.authorization_types.typed import before_update, typed, typed_within
from app.domain.parts.authorization_type import AFTER_DENIAL
from app.domain.request import AuthorizationRequest
from app.domain.update.plan import Plan, planned
from app.domain.update.refusal import refusal_of
from app.pas.requests.read_request import SubmittedRequest
from app.policy.eligibility import is_eligible
from app.policy.policy import Policy
from app.records.authorizations import Stored
from app.workflow.call import Call, Received
from app.workflow.documents.announced import NOTHING, Announced, announced_by, with_documents
from app.workflow.enroll import NOBODY, Enrolled, enroll
from app.workflow.requests.answer import (
    OnRecord,
    Verdict,
    not_eligible,
    other_person,
    recorded,
    reviewed,
    unknown_member,
    unknown_payer,
    update_refused,
)
from app.workflow.requests.appeal import appealed
from app.workflow.requests.earlier import read_earlier
from app.workflow.requests.follow import followed
from app.workflow.requests.under_appeal import refusal_within
from app.workflow.requests.update import Updating, updated
from app.workflow.system import System


class Submitting(Struct, frozen=True):
    """A request that is being answered: the call for its owner, the body, what was read, and the key of the replay."""

    call: Call
    received: Received
    submitted: SubmittedRequest
    key: str


class Reviewed(Struct, frozen=True):
    """The payer's record of a request, the member's enrollment, and for an update the record before it.

    `refused`: the id of the request whose update is refused; the record then has the refusal.
    `announced`: documents that came before the request.
    """

    record: Authorization
    enrolled: Enrolled
    updating: Updating | None = None
    refused: str | None = None
    announced: Announced = NOTHING


async def review_submitted(system: System, submitting: Submitting) -> Reviewed:
    """Find the member, and decide. Raises FhirError CONFLICT for an update of a version that is replaced."""
    call, submitted = submitting.call, submitting.submitted
    policy = system.payer_of(submitted.request.insurer)
    if policy is None:
        return Reviewed(recorded(system, call, submitted, unknown_payer(), (None, NOBODY)), NOBODY)
    enrolled = await enroll(system, call, policy, submitted.request.member, submitting.key)
    known = enrolled.contradiction is None and bool(enrolled.patient)
    stored = await followed(system, call, submitted, enrolled) if known else None
    announced = await announced_by(system, call, policy, enrolled, submitted) if known else NOTHING
    request = _typed(submitted.request, stored, policy, policy.day(call.now))
    submitted = _completed(replace(submitted, request=request), stored, announced)
    submitting = replace(submitting, submitted=submitted)
    if known and _is_appeal(submitted.request, stored):
        on_record = OnRecord(policy, enrolled)
        stored, verdict = None, await appealed(system, call, submitting.received, submitted, on_record)
    elif stored is None:
        verdict = await _verdict(system, submitting, policy, enrolled)
    else:
        day = policy.day(call.now)
        plan = await system.aside(call, submitting.received, planned, stored.authorization, submitted.request, day)
        refusal = await _refusal(system, stored, plan)
        if refusal is None:
            reviewed = await _updated(system, submitting, Updating(stored, plan), policy, enrolled)
            return replace(reviewed, record=announced.record(reviewed.record), announced=announced)
        verdict = update_refused(refusal)
    record = recorded(system, call, submitted, verdict, (policy, enrolled))
    if verdict.errors:
        return Reviewed(record, enrolled, refused=None if stored is None else stored.authorization.id)
    return Reviewed(announced.record(record), enrolled, announced=announced)


def _completed(submitted: SubmittedRequest, stored: Stored | None, announced: Announced) -> SubmittedRequest:
    """Return the request with the documents that came apart from it."""
    attached = () if stored is None else stored.authorization.attachments
    return with_documents(submitted, (*attached, *announced.attachments))


def _typed(request: AuthorizationRequest, stored: Stored | None, policy: Policy, day: date) -> AuthorizationRequest:
    """Return the request with the types of its items. All of an update of an open appeal belongs to the appeal."""
    if stored is not None and _waits_as_appeal(stored):
        return typed_within(stored.authorization, request)
    before = {} if stored is None else before_update(stored.authorization, request, day)
    return typed(request, day, before=before, stepped=policy.types.stepped(request.items))


def _is_appeal(request: AuthorizationRequest, stored: Stored | None) -> bool:
    """Return whether the request begins an appeal: one that has begun and waits is updated."""
    if stored is not None and _waits_as_appeal(stored):
        return False
    return any(item.type in AFTER_DENIAL for item in request.items)


def _waits_as_appeal(stored: Stored) -> bool:
    return is_appeal(stored.authorization) and is_open(stored.authorization)


async def _refusal(system: System, stored: Stored, plan: Plan) -> str | None:
    refusal = refusal_of(stored.authorization, plan)
    if refusal is None and _waits_as_appeal(stored):
        return await refusal_within(system, stored.authorization, plan)
    return refusal


async def _updated(
    system: System, submitting: Submitting, updating: Updating, policy: Policy, enrolled: Enrolled
) -> Reviewed:
    call, received, submitted = submitting.call, submitting.received, submitting.submitted
    follows = updating.stored.authorization.id
    earlier = await read_earlier(system, policy, enrolled, submitted.request, follows)
    on_record = OnRecord(policy, enrolled, earlier)
    record = await system.aside(call, received, updated, system, call, submitted, updating, on_record)
    return Reviewed(record, enrolled, updating)


async def _verdict(system: System, submitting: Submitting, policy: Policy, enrolled: Enrolled) -> Verdict:
    """Decide a first request, or refuse it."""
    call, received, submitted = submitting.call, submitting.received, submitting.submitted
    if enrolled.contradiction is not None:
        return other_person(submitted, enrolled.contradiction)
    if not enrolled.patient:
        return unknown_member(submitted, policy, enrolled)
    if not is_eligible(submitted.request, policy.day(call.now), enrolled.covered):
        return not_eligible(submitted)
    earlier = await read_earlier(system, policy, enrolled, submitted.request)
    on_record = OnRecord(policy, enrolled, earlier)
    return await system.aside(call, received, reviewed, system, call, submitted, on_record)
