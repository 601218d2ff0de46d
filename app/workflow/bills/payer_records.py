"""Read the payer's records for a billing claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from app.bills.read_claim import SubmittedBillingClaim
from app.domain.adjudication.numbers import claimed_numbers, is_referral, numbers_of
from app.domain.adjudication.service_key import bill_keys
from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization
from app.domain.bill.bill import Bill
from app.domain.bill.open_claim import OpenClaim
from app.domain.bill.original import fault_of_original
from app.domain.billing import CORRECTIONS, BillingClaim
from app.domain.ledger import LedgerEntry, check_balance
from app.domain.parts.billing_terms import BillingTerms
from app.domain.parts.claim_fault import ClaimFault
from app.policy.policy import Policy
from app.records import authorizations, ledger
from app.records.authorizations import Participant, Stored
from app.records.bills.bills import StoredBill
from app.workflow.bills.appealed_records import appealed_records
from app.workflow.bills.original import Reversal, find_original, reversal_of
from app.workflow.bills.repeats import BilledBefore, billed_before
from app.workflow.call import Call, Received
from app.workflow.enroll import NOBODY, Enrolled, covered_on_record, recognize
from app.workflow.system import System


class PayerRecords(Struct, frozen=True):
    """The payer's records for a billing claim: policy, member, and authorizations in which the biller takes part.

    `named`: the authorizations whose numbers the claim has.
    `before`: the earlier claims with the same services.
    `on_file`: the member's authorizations, read only if a line has no number; else None.
    `appealed`: the requests whose units the other authorizations share.
    `entries`: the ledger entries of the authorizations that a line may draw on, by the authorization's id.
    `original`: the claim that this one replaces or voids. `reversal`: what that changes; None if it is void already.
    `fault`: why the claim cannot be paid at all.
    Authorizations of other providers are left out, so that their numbers get the answer of an unknown number.
    """

    policy: Policy | None
    enrolled: Enrolled
    named: dict[str, Stored]
    before: BilledBefore
    on_file: tuple[Stored, ...] | None
    entries: dict[str, list[LedgerEntry]]
    original: StoredBill | None = None
    reversal: Reversal | None = None
    fault: ClaimFault | None = None
    appealed: tuple[Stored, ...] = ()

    @property
    def reversed_from(self) -> frozenset[str]:
        """The ids of the authorizations to which the reversed claim returns units."""
        return frozenset() if self.reversal is None else frozenset(self.reversal.drawn)

    @property
    def entries_left(self) -> dict[str, list[LedgerEntry]]:
        """The entries by authorization, with those that release the draws of the reversed claim."""
        releases = () if self.reversal is None else self.reversal.releases
        return {
            id_: [*entries, *(release for release in releases if release.authorization == id_)]
            for id_, entries in self.entries.items()
        }

    def as_restored(self, authorization: Authorization) -> Authorization:
        """Return an authorization with the units that the reversed claim leaves."""
        return authorization if self.reversal is None else self.reversal.restored(authorization)

    @property
    def drawable(self) -> tuple[Stored, ...]:
        """The records that a line may draw on."""
        return (*self.named.values(), *(self.on_file or ()), *self.appealed)


async def read_records(
    system: System, call: Call, received: Received, submitted: SubmittedBillingClaim, key: str
) -> PayerRecords:
    """Read the records for a claim; `key` digests it."""
    claim = submitted.billing_claim
    policy = system.payer_of(claim.insurer)
    if policy is None:
        return PayerRecords(None, NOBODY, {}, BilledBefore(), (), {})
    enrolled = await recognize(system, call, policy, claim.member, key)
    keys = await system.aside(call, received, bill_keys, claim, call.owner, enrolled.patient)
    original, fault = await _original(system, call, policy, enrolled, claim)
    corrected = original if fault is None and original is not None and original.bill.is_in_force else None
    reversal = None if corrected is None else await reversal_of(system, call, corrected)
    before = await billed_before(
        system, call.organizations, policy.name, keys, None if corrected is None else corrected.bill
    )
    if before.namesake is not None and claim.frequency not in CORRECTIONS:
        fault = ClaimFault(AdjustmentKey.CLAIM_REPEATED, (f"Earlier claim: Claim/{before.namesake}.",))
    named, own, entries = await _drawable(system, policy, claim, biller_of(call, enrolled))
    appealed = await appealed_records(system, [*named.values(), *(own or ())])
    return PayerRecords(policy, enrolled, named, before, own, entries, original, reversal, fault, appealed)


async def records_of_bill(system: System, bill: Bill, open_claim: OpenClaim, decided: Stored) -> PayerRecords | None:
    """Read the records for a claim that is answered again; None if the payer or the member is gone.

    `decided` is the authorization whose decision is the cause; it has been read before.
    """
    policy, claim = system.payers.get(bill.payer), open_claim.claim
    covered = None if policy is None else await covered_on_record(system, policy, bill.patient, claim.member)
    if policy is None or covered is None:
        return None
    enrolled = Enrolled(bill.patient, "", covered=covered)
    keys = bill_keys(claim, bill.owner, bill.patient)
    before = await billed_before(system, open_claim.organizations, policy.name, keys, bill)
    named, own, entries = await _drawable(system, policy, claim, party_of(bill, open_claim))
    entries |= await _balanced_entries(system, [decided])
    appealed = await appealed_records(system, [*named.values(), *(own or ()), decided])
    return PayerRecords(policy, enrolled, named, before, own, entries, appealed=appealed)


def party_of(bill: Bill, open_claim: OpenClaim) -> Participant:
    """Return the biller of a claim as a participant in the member's authorizations."""
    return Participant(bill.patient, open_claim.organizations, open_claim.npis)


class _Drawable(NamedTuple):
    """The authorizations that a claim may draw on: named by it, or on file; and their ledger entries."""

    named: dict[str, Stored]
    on_file: tuple[Stored, ...] | None
    entries: dict[str, list[LedgerEntry]]


async def _drawable(system: System, policy: Policy, claim: BillingClaim, biller: Participant) -> _Drawable:
    named: dict[str, Stored] = {}
    for number in claimed_numbers(claim):
        stored = await authorizations.by_number(system.documents, policy.name, number, biller)
        if stored is not None:
            named[number] = stored
    own = await read_on_file(system, biller) if _has_unnumbered(claim, policy.billing_terms, named) else None
    linkable = own if own is not None and policy.billing_terms.auto_link != "off" else ()
    return _Drawable(named, own, await _balanced_entries(system, [*named.values(), *linkable]))


def _has_unnumbered(claim: BillingClaim, terms: BillingTerms, named: Mapping[str, Stored]) -> bool:
    """Return whether a line names no authorization. A referral is none, also if it is given as the number."""
    referrals = {number for number, stored in named.items() if is_referral(stored.authorization, terms)}
    return any(referrals.issuperset(numbers_of(line, claim)) for line in claim.lines)


async def _original(
    system: System, call: Call, policy: Policy, enrolled: Enrolled, claim: BillingClaim
) -> tuple[StoredBill | None, ClaimFault | None]:
    """Return the claim that this one replaces or voids, or why it cannot; neither for another claim."""
    if claim.frequency not in CORRECTIONS or not enrolled.patient:
        return None, None
    original = await find_original(system, call, policy.name, enrolled.patient, claim)
    bill = None if original is None else original.bill
    return original, fault_of_original(claim, bill, policy.billing_terms)


async def read_on_file(system: System, biller: Participant) -> tuple[Stored, ...]:
    """Read the member's authorizations in which the biller takes part."""
    if not biller.patient:
        return ()
    return tuple(await authorizations.stored_of_participant(system.documents, biller))


async def _balanced_entries(system: System, records: Iterable[Stored]) -> dict[str, list[LedgerEntry]]:
    """Read the entries of authorizations, after their records.

    If a draw commits between the two reads, either the balance differs or the record's version is stale. In both cases
    the attempt is repeated.
    """
    known = {stored.authorization.id: stored.authorization for stored in records}
    entries = await ledger.entries_of_all(system.documents, tuple(known))
    for id_, authorization in known.items():
        check_balance(authorization, entries.get(id_, ()))
    return entries


def biller_of(call: Call, enrolled: Enrolled) -> Participant:
    """Return the caller as a participant in the member's authorizations."""
    return Participant(enrolled.patient, call.organizations, tuple(sorted(call.grant.npis)))
