"""Read the payer's records for a billing claim."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from app.bills.read_claim import SubmittedBillingClaim
from app.domain.adjudication.numbers import claimed_numbers
from app.domain.adjudication.service_key import bill_keys
from app.domain.ledger import LedgerEntry, check_balance
from app.policy.policy import Policy
from app.records import authorizations, ledger
from app.records.authorizations import Participant, Stored
from app.workflow.bills.repeats import BilledBefore, billed_before
from app.workflow.call import Call, Received
from app.workflow.enroll import NOBODY, Enrolled, recognize
from app.workflow.system import System


class PayerRecords(Struct, frozen=True):
    """The payer's records for a billing claim: policy, member, and authorizations in which the biller takes part.

    `named`: the authorizations whose numbers the claim has.
    `before`: the earlier claims with the same services.
    `on_file`: the member's authorizations, read only if a line has no number; else None.
    `entries`: the ledger entries of the authorizations that a line may draw on, by the authorization's id.
    Authorizations of other providers are left out, so that their numbers get the answer of an unknown number.
    """

    policy: Policy | None
    enrolled: Enrolled
    named: dict[str, Stored]
    before: BilledBefore
    on_file: tuple[Stored, ...] | None
    entries: dict[str, list[LedgerEntry]]

    @property
    def drawable(self) -> tuple[Stored, ...]:
        """The records that a line may draw on."""
        return (*self.named.values(), *(self.on_file or ()))


async def read_records(
    system: System, call: Call, received: Received, submitted: SubmittedBillingClaim, key: str
) -> PayerRecords:
    """Read the records. Raises FhirError if the biller has sent another claim with the claim's identifier."""
    claim = submitted.billing_claim
    policy = system.payer_of(claim.insurer)
    if policy is None:
        return PayerRecords(None, NOBODY, {}, BilledBefore(), (), {})
    enrolled = await recognize(system, call, policy, claim.member, key)
    keys = await system.aside(call, received, bill_keys, claim, call.owner, enrolled.patient)
    before = await billed_before(system, call, submitted, policy.name, keys)
    biller = _biller(call, enrolled)
    named: dict[str, Stored] = {}
    entries: dict[str, list[LedgerEntry]] = {}
    for number in claimed_numbers(claim):
        stored = await authorizations.by_number(system.documents, policy.name, number, biller)
        if stored is not None:
            # The entries are read after the record. If a draw commits between the two reads, either the balance differs
            # or the record's version is stale. In both cases the attempt is repeated.
            own_entries = await ledger.entries_of(system.documents, stored.authorization.id)
            check_balance(stored.authorization, own_entries)
            entries[stored.authorization.id] = own_entries
            named[number] = stored
    unnumbered = not claim.numbers and any(line.authorization_number is None for line in claim.lines)
    own = await read_on_file(system, call, enrolled) if unnumbered else None
    if own is not None and policy.billing_terms.auto_link != "off":
        entries |= await _balanced_entries(system, own)
    return PayerRecords(policy, enrolled, named, before, own, entries)


async def read_on_file(system: System, call: Call, enrolled: Enrolled) -> tuple[Stored, ...]:
    """Read the member's authorizations in which the biller takes part."""
    if not enrolled.patient:
        return ()
    return tuple(await authorizations.stored_of_participant(system.documents, _biller(call, enrolled)))


async def _balanced_entries(system: System, records: Iterable[Stored]) -> dict[str, list[LedgerEntry]]:
    """Read the entries of authorizations, after their records, as those of named ones."""
    known = {stored.authorization.id: stored.authorization for stored in records}
    entries = await ledger.entries_of_all(system.documents, tuple(known))
    for id_, authorization in known.items():
        check_balance(authorization, entries.get(id_, ()))
    return entries


def _biller(call: Call, enrolled: Enrolled) -> Participant:
    return Participant(enrolled.patient, call.organizations, tuple(sorted(call.grant.npis)))
