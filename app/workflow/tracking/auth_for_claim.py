"""`Patient/{id}/$auth-for-claim`: the authorization number that a claim for a service must carry.

https://preauth.example.org/fhir/OperationDefinition/Patient-auth-for-claim
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.authorization import Authorization
from app.domain.billing import BillingClaim
from app.domain.parts.matching_terms import MatchingTerms
from app.domain.tracking.usable import usable_items
from app.fhir.json import write
from app.pas.tracking.read_service import read_service
from app.pas.tracking.write_usable import write_usable
from app.records import authorizations, resources
from app.records.authorizations import Participant
from app.workflow.arguments import arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.system import System

NAMES = ("code", "system", "date", "provider")

MOST = 50
"""The most items of an answer, the first to use."""


async def auth_for_claim(system: System, call: Call, received: Received) -> Answer:
    """Answer with the items that the claim may draw on, the oldest first.

    Only authorizations in which the caller takes part count, as for a bill. Others are answered as if there were none.
    """
    given = arguments(system, received, NAMES)
    claim = read_service(*(given.one(name) for name in NAMES))
    patient = await resources.read(system.documents, call.reach, "Patient", received.id)
    party = Participant(patient.id, call.organizations, tuple(sorted(call.grant.npis)))
    own = await authorizations.stored_of_participant(system.documents, party)
    known, size = [stored.authorization for stored in own], sum(stored.document.size for stored in own)
    body = await system.threads.run(size, call.grant.client, _written, known, claim, _terms(system, known))
    return Answer(body, documents=(patient,))


def _written(own: Sequence[Authorization], claim: BillingClaim, terms: MatchingTerms) -> str:
    return write(write_usable(usable_items(own, claim, terms)[:MOST]))


def _terms(system: System, own: Sequence[Authorization]) -> MatchingTerms:
    """Return the terms of the payer. All authorizations of a Patient are of one payer."""
    policy = system.payers.get(own[0].payer) if own else None
    return MatchingTerms() if policy is None else policy.billing_terms.matching
