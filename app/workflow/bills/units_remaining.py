"""Tell the units of an authorization: authorized, used by bills, and remaining."""

from __future__ import annotations

from app.bills.write_units import write_units
from app.domain.balances.pools import pools_of
from app.domain.balances.remaining import remaining_units
from app.domain.ledger import check_balance
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError
from app.records import authorizations, ledger, resources
from app.workflow.arguments import arguments
from app.workflow.bills.appealed_records import appealed_records
from app.workflow.call import Answer, Call, Received
from app.workflow.contention import retried
from app.workflow.system import System


async def units_remaining(system: System, call: Call, received: Received) -> Answer:
    """Answer `ClaimResponse/{id}/$units-remaining` with Parameters, by the entries of the ledger.

    Raises FhirError NOT_FOUND for a ClaimResponse that the caller does not see, and UNPROCESSABLE for the answer to a
    bill.
    """
    arguments(system, received, ())

    async def attempt() -> Answer:
        document = await resources.read(system.documents, call.reach, "ClaimResponse", received.id)
        stored = await authorizations.by_id(system.documents, received.id)
        if stored is None:
            text = "The ClaimResponse must be the answer to an authorization request. This one answers a bill."
            raise FhirError(Fault.UNPROCESSABLE, text)
        authorization = stored.authorization
        entries = await ledger.entries_of(system.documents, authorization.id)
        check_balance(authorization, entries)
        policy = system.payers.get(authorization.payer)
        today = call.now.date() if policy is None else policy.day(call.now)
        appealed = await appealed_records(system, [stored])
        pools = pools_of([authorization, *(other.authorization for other in appealed)])
        units = remaining_units(authorization, entries, pools, today)
        return Answer(write(write_units(authorization, units, call.now)), documents=(document,))

    return await retried(attempt)
