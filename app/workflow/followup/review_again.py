"""Let the rules look again at items whose documents came, under a policy that wants it."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.request import AuthorizationRequest
from app.domain.review.complete import complete_items, with_certified
from app.domain.update.plan import Carried
from app.fhir.outcome import FhirError
from app.pas.edition import edition
from app.pas.requests.read_request import read_request
from app.policy.eligibility import review_covered
from app.records.submissions import parsed, submission_text
from app.workflow.documents.announced import with_documents
from app.workflow.enroll import covered_on_record
from app.workflow.requests.earlier import earlier_of_patient
from app.workflow.requests.in_force import in_force
from app.workflow.requests.terms import terms_of
from app.workflow.system import System


async def reviewed_again(
    system: System, unattached: Authorization, before: Authorization, now: datetime
) -> Authorization:
    """Return the record with the items certified that the rules in force now certify; as it is if there are none.

    `unattached` is the record before the documents came.

    The day of receipt counts, as in the first review. A fact that is gone leaves the items to a reviewer.
    """
    policy, complete = system.payers.get(before.payer), complete_items(unattached, before)
    if policy is None or policy.documents.complete != "rules" or not complete:
        return before
    newest = before.submissions[-1] if before.submissions else before.id
    text = await submission_text(system.documents, newest)
    covered = await covered_on_record(system, policy, before.patient, before.member)
    if text is None or covered is None:
        return before
    request = await system.threads.run(len(text), before.owner, _request, text, before)
    if request is None:
        return before
    earlier = await earlier_of_patient(system, policy, before.patient, request, before.id)
    received = max(item.decision.decided for item in complete.values())
    numbers = [item.requested.number for item in before.items]
    kept = {number: item for number, item in zip(numbers, before.items, strict=True) if number not in complete}
    decisions = review_covered(request, policy, received, covered, earlier, carried=Carried(kept=kept))
    reviewed = {number: decision for number, decision in zip(numbers, decisions, strict=True) if number in complete}
    terms = terms_of(system, before, now)
    after = with_certified(before, reviewed, terms.today)
    if after == before:
        return before
    return replace(in_force(system, before, after, terms, now), policy=policy.version)


def _request(text: str, record: Authorization) -> AuthorizationRequest | None:
    """Return the newest request with all items of the record and its documents.

    None if an earlier release took what this one refuses.
    """
    try:
        submitted = read_request(parsed(text), edition(record.edition))
    except FhirError:
        return None
    items = tuple(item.requested for item in record.items)
    return replace(with_documents(submitted, record.attachments).request, items=items)
