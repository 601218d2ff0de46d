"""The payer's facts for a billing claim, from its policy and its records."""

from __future__ import annotations

from datetime import datetime

from app.domain.adjudication.facts import BillingFacts, without_plan
from app.domain.billing import BilledLine, BillingClaim
from app.domain.parts.billing_terms import BillingTerms
from app.domain.requirement import Need, Requirement
from app.policy.billing.line_plans import line_plans
from app.policy.determination.requirements import requirements
from app.workflow.bills.payer_records import PayerRecords
from app.workflow.system import System


def billing_facts(system: System, claim: BillingClaim, on_record: PayerRecords, received: datetime) -> BillingFacts:
    """Return the facts for a claim that came at the time `received`."""
    policy = on_record.policy
    return BillingFacts(
        authorizations={
            number: on_record.as_restored(stored.authorization) for number, stored in on_record.named.items()
        },
        patient=on_record.enrolled.patient or None,
        payer_known=policy is not None,
        covered=on_record.enrolled.covered,
        on_file=tuple(on_record.as_restored(stored.authorization) for stored in on_record.on_file or ()),
        services=on_record.before.keys.services,
        paid_before=on_record.before.paid,
        received=policy.day(received) if policy else received.date(),
        requirement=requirements(policy, claim, on_record.enrolled.covered) if policy else _required,
        terms=policy.billing_terms if policy else BillingTerms(),
        plan=line_plans(policy.billing, claim, on_record.enrolled.covered) if policy else without_plan,
        reasons=policy.adjudication_reasons if policy else system.shipped.adjudication_reasons,
        entries=on_record.entries_left,
        fault=on_record.fault,
        appealed=tuple(on_record.as_restored(stored.authorization) for stored in on_record.appealed),
    )


def _required(_line: BilledLine) -> Requirement:
    return Requirement(Need.REQUIRED)
