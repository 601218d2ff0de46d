"""The first answer to a request: the payer's record, reviewed under the policy or refused with a business error."""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec.structs import replace

from app.domain.authorization import (
    UNKNOWN_PAYER,
    Appealed,
    Authorization,
    AuthorizedItem,
    PolicyVersion,
    RequestError,
    RequestWarning,
)
from app.domain.authorization_number import mint
from app.domain.authorization_types.typed import extends
from app.domain.decision import ReviewAction
from app.domain.member.identity import Contradiction
from app.domain.request import AuthorizationRequest, Member
from app.fhir.place import fhirpath
from app.pas.parts.read_warnings import kept_warnings
from app.pas.requests.read_request import SubmittedRequest
from app.policy.due import Running, clock_of, program_on
from app.policy.eligibility import review_covered
from app.policy.facts.earlier import EarlierService
from app.policy.policy import Policy
from app.workflow.call import Call
from app.workflow.enroll import Enrolled
from app.workflow.system import System

# Reject reasons, X12 901
PAYER_NOT_FOUND = "T4"
MEMBER_NOT_FOUND = "75"
BIRTH_DATE_DIFFERS = "71"
NUMBERS_DIFFER = "72"
NAME_DIFFERS = "73"
NOT_ELIGIBLE = "95"
NOTHING_CERTIFIED = "NC"

# X12 278 elements: loop, segment and position
INSURER = "2010A-NM109"
MEMBER_ID = "2010C-NM109"
CERTIFICATION = "2000E-UM02"
_SUBSCRIBER, _DEPENDENT = "2010C", "2010D"

# Follow-up actions, X12 889
CORRECT_AND_RESUBMIT = "C"
NOT_AGAIN = "N"


class Verdict(NamedTuple):
    """The decision on each item, with the numbers and the clock; or the errors that prevented a review."""

    items: tuple[AuthorizedItem, ...] = ()
    number: str | None = None
    administration_number: str | None = None
    running: Running | None = None
    errors: tuple[RequestError, ...] = ()
    appealed: Appealed | None = None


class OnRecord(NamedTuple):
    """The payer's records for a review: its policy, the member, and the earlier services if rules ask."""

    policy: Policy
    enrolled: Enrolled
    earlier: tuple[EarlierService, ...] | None = None


def reviewed(system: System, call: Call, submitted: SubmittedRequest, on_record: OnRecord) -> Verdict:
    """Review every item. Granted items share an authorization number, pended and denied ones a case reference."""
    request, policy = submitted.request, on_record.policy
    decisions = review_covered(request, policy, policy.day(call.now), on_record.enrolled.covered, on_record.earlier)
    granted = any(decision.granted is not None for decision in decisions)
    pended = any(decision.action is ReviewAction.PENDED for decision in decisions)
    denied = any(decision.action is ReviewAction.NOT_CERTIFIED for decision in decisions)
    return Verdict(
        items=tuple(map(AuthorizedItem, request.items, decisions)),
        number=mint(policy.payer.prefix, system.ids.characters) if granted else None,
        administration_number=mint(policy.payer.prefix, system.ids.characters) if pended or denied else None,
        running=clock_of(decisions, policy, request.urgency, call.now, on_record.enrolled.covered),
    )


def unknown_payer() -> Verdict:
    """Refuse a request to an unknown insurer."""
    text = "The insurer is unknown. `Organization.identifier` must be an identifier of a payer on this server."
    return _refused(PAYER_NOT_FOUND, "Bundle.entry[0].resource.insurer", text, INSURER)


def unknown_member(submitted: SubmittedRequest, policy: Policy, enrolled: Enrolled) -> Verdict:
    """Refuse a request for an unknown member, or without a member number of the payer."""
    text = "The payer has no member with the member id of this Coverage or Patient."
    if not enrolled.member_id:
        systems = (
            f" of a system of the payer: {', '.join(sorted(policy.member_systems))}" if policy.member_systems else ""
        )
        text = f"The Coverage or the Patient must have a current member number{systems}."
    return _refused(
        MEMBER_NOT_FOUND, f"Bundle.entry[0].resource.insurance[{submitted.focal}].coverage", text, MEMBER_ID
    )


def not_eligible(submitted: SubmittedRequest) -> Verdict:
    """Refuse a request for services on days without coverage; the text does not reveal the record."""
    text = (
        "The payer has no coverage of the member for the days of service. Ask the payer to check its record, or send "
        "the request to the payer of those days."
    )
    return _refused(NOT_ELIGIBLE, f"Bundle.entry[0].resource.insurance[{submitted.focal}].coverage", text, MEMBER_ID)


def other_person(submitted: SubmittedRequest, contradiction: Contradiction) -> Verdict:
    """Refuse a request whose demographics contradict the member's record; the text does not reveal the record."""
    if contradiction is Contradiction.NUMBER:
        text = "The member numbers of the Patient and the Coverage name different members. Send those of one member."
        return _refused(NUMBERS_DIFFER, _patient(submitted, "identifier"), text, MEMBER_ID)
    code, element, position = {
        Contradiction.NAME: (NAME_DIFFERS, "name", "NM103"),
        Contradiction.BIRTH_DATE: (BIRTH_DATE_DIFFERS, "birthDate", "DMG02"),
    }[contradiction]
    loop = _SUBSCRIBER if submitted.request.member.subscriber else _DEPENDENT
    text = f"The patient's {contradiction} differs from the payer's record for this member id."
    return _refused(code, _patient(submitted, element), text, f"{loop}-{position}")


def appeal_refused(text: str) -> Verdict:
    """Refuse an appeal that names no denial which can be reviewed again."""
    return _refused(NOTHING_CERTIFIED, "Bundle.entry[0].resource", text, CERTIFICATION)


def update_refused(text: str) -> Verdict:
    """Refuse an update as a whole; the record of the request stays as it is."""
    error = RequestError(NOTHING_CERTIFIED, NOT_AGAIN, "Bundle.entry[0].resource.related[0]", text, CERTIFICATION)
    return Verdict(errors=(error,))


def _refused(code: str, path: str, text: str, element: str) -> Verdict:
    return Verdict(errors=(RequestError(code, CORRECT_AND_RESUBMIT, path, text, element),))


def _patient(submitted: SubmittedRequest, element: str) -> str:
    """Return the path of the Patient's element, or of the Claim's reference to a contained Patient."""
    entry = submitted.index.by_url.get(submitted.face.patient.get("reference", ""))
    return "Bundle.entry[0].resource.patient" if entry is None else f"{fhirpath(entry.place)}.resource.{element}"


_KEPT = (
    "identifier",
    "claim_type",
    "requestor",
    "diagnoses",
    "urgency",
    "claim_url",
    "sender_ids",
    "transmission",
    "department",
    "stay",
)


def kept_facts(request: AuthorizationRequest) -> dict[str, Any]:
    """Return the facts of a request that its record has under the same names."""
    return {name: getattr(request, name) for name in _KEPT}


def recorded(
    system: System, call: Call, submitted: SubmittedRequest, verdict: Verdict, parties: tuple[Policy | None, Enrolled]
) -> Authorization:
    """Make the authorization record of a request from its parties and the verdict."""
    request, (policy, enrolled) = submitted.request, parties
    return Authorization(
        id=system.ids.new(),
        payer=policy.name if policy else UNKNOWN_PAYER,
        owner=call.owner,
        edition=call.edition.version,
        claim=system.ids.new(),
        patient=enrolled.patient,
        coverage=enrolled.coverage,
        **kept_facts(request),
        member=as_filed(request.member, policy, enrolled),
        created=call.now,
        updated=call.now,
        policy=policy.version if policy else PolicyVersion(UNKNOWN_PAYER, ""),
        items=verdict.items,
        number=verdict.number,
        administration_number=verdict.administration_number,
        due=None if verdict.running is None else verdict.running.due,
        clock=None if verdict.running is None else verdict.running.clock,
        errors=verdict.errors,
        warnings=(*kept_warnings(submitted.warnings), *_not_seen(request, verdict)),
        covered_on_record=enrolled.covered.recorded,
        control_numbers=request.control_numbers,
        appealed=verdict.appealed,
        program=program_on(policy, call.now, enrolled.covered) if policy else None,
    )


def _not_seen(request: AuthorizationRequest, verdict: Verdict) -> tuple[RequestWarning, ...]:
    """Tell the sender of an update, or of an extension, that the payer has not seen the request before it."""
    if verdict.errors or verdict.appealed is not None:
        return ()
    if request.prior is not None:
        text = "The payer has no request from your organization that this update follows, so it is a new request."
        return (RequestWarning("Bundle.entry[0].resource.related[0]", text),)
    return (RequestWarning("Bundle.entry[0].resource.item", _NOTHING_EXTENDED),) if extends(request) else ()


_NOTHING_EXTENDED = (
    "Items of certification type 4 extend no request here, so they are new. Send an extension as an update: the whole"
    " request with the new days and units, and the Claim before it in `related`."
)


def as_filed(member: Member, policy: Policy | None, enrolled: Enrolled) -> Member:
    """Return the member with the number that the payer files it under."""
    return replace(member, member_id=enrolled.member_id if policy else member.member_id, numbers=(), coverage=None)
