"""Update the record of a request: review what is new, keep what is decided, cancel what is withdrawn.

https://hl7.org/fhir/us/davinci-pas/specification.html (updating authorization requests)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem, RequestError, RequestWarning
from app.domain.authorization_number import mint
from app.domain.decision import ReviewAction
from app.domain.due.clock import clock_of_record
from app.domain.due.late import with_late_marks
from app.domain.request import AuthorizationRequest
from app.domain.update.numbering import numbered
from app.domain.update.plan import Plan, applied
from app.domain.update.predecessor import claim_names, name_of
from app.fhir.instants import next_moment
from app.pas.parts.read_types import distinct
from app.pas.parts.read_warnings import kept_warnings
from app.pas.requests.read_request import SubmittedRequest
from app.policy.due import Running, clock_of
from app.policy.eligibility import review_covered
from app.records.authorizations import Stored
from app.workflow.call import Call
from app.workflow.requests.answer import CORRECT_AND_RESUBMIT, OnRecord, as_filed, kept_facts
from app.workflow.system import System

# A reject reason, X12 901
INPUT_ERROR = "33"

# An X12 278 element: loop, segment and position
_CERTIFICATION = "2000F-UM02"

_ITEMS = "Bundle.entry[0].resource.item"
_WITH_NUMBER = frozenset({ReviewAction.PENDED, ReviewAction.NOT_CERTIFIED})


class Updating(Struct, frozen=True):
    """The record that an update changes, as read, and the plan of the update."""

    stored: Stored
    plan: Plan


def updated(
    system: System, call: Call, submitted: SubmittedRequest, updating: Updating, on_record: OnRecord
) -> Authorization:
    """Return the record after the update; the submission gets an id of its own."""
    before, plan, policy = updating.stored.authorization, updating.plan, on_record.policy
    decisions = review_covered(
        plan.request,
        policy,
        policy.day(call.now),
        on_record.enrolled.covered,
        on_record.earlier,
        carried=plan.carried,
    )
    items = applied(plan, decisions)
    running = _running(before, items, call, submitted.request, on_record)
    number = partial(mint, policy.payer.prefix, system.ids.characters)
    referred = any(item.decision.action in _WITH_NUMBER for item in items)
    after = replace(
        _resubmitted(before, call, submitted.request, on_record),
        items=items,
        administration_number=before.administration_number or (number() if referred else None),
        due=None if running is None else running.due,
        clock=None if running is None else running.clock,
        errors=tuple(_errors(plan)),
        warnings=(*kept_warnings(submitted.warnings), *_warnings(plan)),
        submissions=(*before.submissions, system.ids.new()),
    )
    return numbered(before, with_late_marks(before, after, call.now), number)


def _resubmitted(
    before: Authorization, call: Call, request: AuthorizationRequest, on_record: OnRecord
) -> Authorization:
    """Return the record with the update's own statements about the request, and with the payer's records of today."""
    policy, enrolled = on_record.policy, on_record.enrolled
    return replace(
        before,
        **kept_facts(request),
        edition=call.edition.version,
        coverage=enrolled.coverage,
        member=as_filed(request.member, policy, enrolled),
        updated=next_moment(call.now, before.updated),
        policy=policy.version,
        covered_on_record=enrolled.covered.recorded,
        former_claims=_former_claims(before, request),
        control_numbers=distinct((*before.control_numbers, *request.control_numbers)),
    )


def _running(
    before: Authorization, items: tuple[AuthorizedItem, ...], call: Call, request: AuthorizationRequest, on: OnRecord
) -> Running | None:
    """Return the clock of the pended items. An update never moves it to a later time while an item stays pended."""
    pended = {item.requested.number: item.decision for item in items if item.decision.action is ReviewAction.PENDED}
    running = clock_of(pended.values(), on.policy, request.urgency, call.now, on.enrolled.covered)
    waited = any(
        item.requested.number in pended for item in before.items if item.decision.action is ReviewAction.PENDED
    )
    if running is None or before.due is None or not waited:
        return running
    clock = clock_of_record(before)
    if running.due > before.due:
        return Running(before.due, clock)
    return replace(running, clock=replace(running.clock, extension=clock.extension))


def _errors(plan: Plan) -> Iterator[RequestError]:
    for number, text in plan.refused:
        yield RequestError(INPUT_ERROR, CORRECT_AND_RESUBMIT, _place(number), text, _CERTIFICATION)


def _warnings(plan: Plan) -> Iterator[RequestWarning]:
    """Name the items that the update leaves out: they stay as they are."""
    if plan.omitted and not plan.request.cancelled:
        text = f"The update leaves out items of the request, which stay as they are: {', '.join(plan.omitted)}."
        yield RequestWarning(_ITEMS, text)


def _former_claims(before: Authorization, request: AuthorizationRequest) -> tuple[str, ...]:
    """Return the names of the replaced Claims, without the names that the new Claim has, too."""
    names = (*before.former_claims, *claim_names(before))
    own = {request.claim_url, name_of(request.identifier)}
    return tuple(name for name in dict.fromkeys(names) if name not in own)


def _place(number: str) -> str:
    sequence, *detail = number.split(".")
    place = f"{_ITEMS}.where(sequence = {sequence})"
    for name, part in zip(("detail", "subDetail"), detail, strict=False):
        place += f".{name}.where(sequence = {part})"
    return place
