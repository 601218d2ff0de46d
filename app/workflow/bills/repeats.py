"""Find the earlier claims with the identifier of a billing claim, or with a service that it bills again."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.bills.read_claim import SubmittedBillingClaim
from app.domain.adjudication.repeats import Earlier
from app.domain.adjudication.service_key import BillKeys
from app.domain.billing import Adjudication
from app.fhir.outcome import Fault, FhirError, Issue
from app.fhir.place import fhirpath
from app.records.billed import Billed, BilledClaim, find_billed
from app.workflow.call import Call
from app.workflow.system import System

MOST_SERVICES = 4_000
"""The limit on paid services in one row: four claims of the greatest length for one provider's day with a patient."""


class BilledBefore(Struct, frozen=True):
    """The digests of a claim and, by digest, the rows of its days and the earlier claims paid for its services."""

    payer: str = ""
    keys: BillKeys = BillKeys()
    days: Mapping[str, Billed] = {}
    paid: Mapping[str, Earlier] = {}


async def billed_before(
    system: System, call: Call, submitted: SubmittedBillingClaim, payer: str, keys: BillKeys
) -> BilledBefore:
    """Read the earlier claims. Raises FhirError if the biller has sent another claim with this identifier."""
    days = dict(await find_billed(system.documents, payer, keys.all))
    named = days.pop(keys.identifier, None)
    if named is not None:
        raise _identifier_used(submitted, named.claims[0].claim)
    earlier = [claim for day in days.values() for claim in day.claims]
    paid = {
        service: Earlier(claim.claim, claim.owner in call.organizations)
        for claim in earlier
        for service in claim.services
        if service in keys.days
    }
    return BilledBefore(payer, keys, days, paid)


def billed_rows(before: BilledBefore, adjudication: Adjudication, claim: str, owner: str) -> tuple[Billed, ...]:
    """Return the rows for a claim's identifier and for its paid services. Raises FhirError if a row would be too long.

    A row that was read is replaced, so that of two claims at once for a day, one is answered after the other.
    """
    keys = before.keys
    added: dict[str, list[str]] = {}
    for line in adjudication.lines:
        service = keys.services.get(line.number) if line.paid else None
        if service is not None:
            added.setdefault(keys.days[service], []).append(service)
    named = (Billed(before.payer, keys.identifier, (BilledClaim(claim, owner),)),) if keys.identifier else ()
    days = (
        _with_claim(before.days.get(day) or Billed(before.payer, day), BilledClaim(claim, owner, tuple(services)))
        for day, services in added.items()
    )
    return (*named, *days)


def _with_claim(day: Billed, claim: BilledClaim) -> Billed:
    claims = (*day.claims, claim)
    if sum(len(one.services) for one in claims) > MOST_SERVICES:
        text = (
            f"A patient must not have more than {MOST_SERVICES:,} different services of one provider that begin on"
            " the same day. Give each item its own days of service."
        )
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Claim.item", "too-costly"))
    return replace(day, claims=claims)


def _identifier_used(submitted: SubmittedBillingClaim, earlier: str) -> FhirError:
    inside = f"{fhirpath(submitted.claim.place)}.resource" if submitted.index.entries else "Claim"
    text = (
        f"Claim/{earlier} has the same identifier, but other content or another PAS version. A new claim must have an"
        " identifier of its own. A claim that is sent again must not change."
    )
    return FhirError(Fault.UNPROCESSABLE, Issue(text, f"{inside}.identifier", "duplicate"))
