"""Read the risk of each line of a claim from the biller's own recent claims."""

from __future__ import annotations

from app.domain.billing import BillingClaim
from app.domain.denials.risk import RECENT, Risk, risk_of
from app.records.bills.bills import bills_about
from app.workflow.call import Call
from app.workflow.system import System

MOST_SERVICES = 5
"""The services of a claim whose risk is read, each with its provider: the first ones."""


async def risks_of(system: System, call: Call, payer: str, claim: BillingClaim) -> list[tuple[str, Risk]]:
    """Return the risk of the lines, by their numbers. A line without a service or a provider has none."""
    about = {
        line.number: (line.naming[0].code, line.providers[0]) for line in claim.lines if line.naming and line.providers
    }
    risks: dict[tuple[str, str], Risk] = {}
    for service, provider in list(dict.fromkeys(about.values()))[:MOST_SERVICES]:
        pair, since = (service, provider), call.now - RECENT
        bills = await bills_about(system.documents, payer, call.organizations, pair, since)
        risks[pair] = risk_of(bills, service, provider)
    return [(number, risks[pair]) for number, pair in about.items() if pair in risks]
