"""Find the earlier claims with the identifier of a billing claim, or with a service that it bills again."""

from __future__ import annotations

from collections.abc import Container, Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.domain.adjudication.repeats import Earlier
from app.domain.adjudication.service_key import BillKeys
from app.domain.bill.bill import Bill
from app.domain.billing import Adjudication
from app.fhir.outcome import Fault, FhirError, Issue
from app.records.billed import Billed, BilledClaim, find_billed
from app.workflow.system import System

MOST_SERVICES = 4_000
"""The limit on paid services in one row: four claims of the greatest length for one provider's day with a patient."""


class BilledBefore(Struct, frozen=True):
    """The digests of a claim and, by digest, the rows of its days and the earlier claims paid for its services.

    `freed`: the rows that an earlier claim leaves, which this claim replaces or voids.
    `named`: the row of the identifier, if there is one; a claim that is void has left it empty.
    """

    payer: str = ""
    keys: BillKeys = BillKeys()
    days: Mapping[str, Billed] = {}
    paid: Mapping[str, Earlier] = {}
    freed: tuple[Billed, ...] = ()
    named: Billed | None = None

    @property
    def namesake(self) -> str | None:
        """The id of the earlier claim with the identifier of this one."""
        return self.named.claims[0].claim if self.named is not None and self.named.claims else None


async def billed_before(
    system: System, organizations: Container[str], payer: str, keys: BillKeys, reversed_bill: Bill | None = None
) -> BilledBefore:
    """Read the earlier claims, without the services of a claim that this one reverses.

    `organizations` are those of the biller.
    """
    left = () if reversed_bill is None else reversed_bill.days
    days = dict(await find_billed(system.documents, payer, dict.fromkeys((*keys.all, *left))))
    named = days.pop(keys.identifier, None)
    days = {key: _without(row, reversed_bill) for key, row in days.items()}
    freed = tuple(days[key] for key in left if key in days)
    earlier = [claim for day in days.values() for claim in day.claims]
    paid = {
        service: Earlier(claim.claim, claim.owner in organizations)
        for claim in earlier
        for service in claim.services
        if service in keys.days
    }
    return BilledBefore(payer, keys, days, paid, freed, named)


def billed_rows(before: BilledBefore, adjudication: Adjudication, bill: Bill) -> tuple[Billed, ...]:
    """Return the rows for a claim's identifier and for its paid services. Raises FhirError if a row would be too long.

    A row that was read is replaced, so that of two claims at once for a day, one is answered after the other.
    """
    claim, owner = bill.id, bill.owner
    keys = before.keys
    added: dict[str, list[str]] = {}
    for line in adjudication.lines:
        service = keys.services.get(line.number) if line.paid else None
        if service is not None:
            added.setdefault(keys.days[service], []).append(service)
    rows = {row.key: row for row in before.freed}
    for day, services in added.items():
        row = rows.get(day) or before.days.get(day) or Billed(before.payer, day)
        rows[day] = _with_claim(row, BilledClaim(claim, owner, tuple(services)))
    if bill.identifier_key and before.namesake is None:
        named = before.named or Billed(before.payer, bill.identifier_key)
        rows[named.key] = replace(named, claims=(BilledClaim(claim, owner),))
    return tuple(rows.values())


async def freed_identifier(system: System, bill: Bill) -> tuple[Billed, ...]:
    """Return the row of the identifier of a claim that becomes void, so that a new claim may have it."""
    rows = await find_billed(system.documents, bill.payer, filter(None, [bill.identifier_key]))
    return tuple(replace(row, claims=()) for row in rows.values())


def _without(row: Billed, bill: Bill | None) -> Billed:
    return row if bill is None else replace(row, claims=tuple(one for one in row.claims if one.claim != bill.id))


def _with_claim(day: Billed, claim: BilledClaim) -> Billed:
    claims = (*day.claims, claim)
    if sum(len(one.services) for one in claims) > MOST_SERVICES:
        text = (
            f"A patient must not have more than {MOST_SERVICES:,} different services of one provider that begin on"
            " the same day. Give each item its own days of service."
        )
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Claim.item", "too-costly"))
    return replace(day, claims=claims)
