"""Find the earlier claims with the identifier of a billing claim, or with a service that it bills again."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.bills.read_claim import SubmittedBillingClaim
from app.domain.adjudication.repeats import Earlier
from app.domain.adjudication.service_key import BillKeys
from app.domain.billing import Adjudication
from app.fhir.outcome import Fault, FhirError, Issue
from app.fhir.place import fhirpath
from app.records.billed import Billed, find_billed
from app.workflow.call import Call
from app.workflow.system import System


class BilledBefore(Struct, frozen=True):
    """The digests of a claim, and the earlier claims that were paid for its services, by digest."""

    payer: str = ""
    keys: BillKeys = BillKeys()
    paid: Mapping[str, Earlier] = {}


async def billed_before(
    system: System, call: Call, submitted: SubmittedBillingClaim, payer: str, keys: BillKeys
) -> BilledBefore:
    """Read the earlier claims. Raises FhirError if the biller has sent another claim with this identifier."""
    earlier = dict(await find_billed(system.documents, payer, keys.all))
    named = earlier.pop(keys.identifier, None)
    if named is not None:
        raise _identifier_used(submitted, named.claim)
    return BilledBefore(payer, keys, {key: Earlier(row.claim, row.owner == call.owner) for key, row in earlier.items()})


def billed_rows(before: BilledBefore, adjudication: Adjudication, claim: str, owner: str) -> tuple[Billed, ...]:
    """Return the rows for a claim's identifier and for its paid services."""
    paid = [before.keys.services.get(line.number, "") for line in adjudication.lines if line.paid]
    return tuple(Billed(before.payer, key, claim, owner) for key in (before.keys.identifier, *paid) if key)


def _identifier_used(submitted: SubmittedBillingClaim, earlier: str) -> FhirError:
    inside = f"{fhirpath(submitted.claim.place)}.resource" if submitted.index.entries else "Claim"
    text = (
        f"Claim/{earlier} has the same identifier, but other content or another PAS version. A new claim must have an"
        " identifier of its own. A claim that is sent again must not change."
    )
    return FhirError(Fault.UNPROCESSABLE, Issue(text, f"{inside}.identifier", "duplicate"))
