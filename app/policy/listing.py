"""List the services that need an authorization, from the rules of a policy, and check the list against the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from app.codes import CLAIM_TYPE, CPT
from app.domain.billing import BilledLine, BillingClaim
from app.domain.covered import Covered
from app.domain.datatypes import Coding, Period
from app.domain.request import Member, Party
from app.domain.requirement import NOT_COVERED, Need
from app.policy.actions import Deny, NotRequired
from app.policy.codes.code_sets import SYSTEMS
from app.policy.conditions.service import ServiceIn
from app.policy.determination.first_rule import requirement_of
from app.policy.facts.gather import facts_of_bill, units_of_bill
from app.policy.facts.line_facts import LineFacts
from app.policy.policy import Policy
from app.policy.rule import Rule


class ListedRule(Struct, frozen=True, rename={"from_": "from"}):
    """A row of the list: the services of a rule, their need of an authorization, and the other conditions in words.

    `services` and `system` are empty if the rule is about all services.
    `from_` and `until` are the days on which the rule is in force, of receipt or of service (`by`).
    """

    need: Need
    system: str
    services: tuple[str, ...]
    conditions: tuple[str, ...]
    action: str
    rule: str
    title: str
    reference: str
    from_: date
    until: date | None
    by: str


def listed_rules(policy: Policy) -> tuple[ListedRule, ...]:
    """Return a row for each rule, in order: the first row that fits a line decides it."""
    return tuple(_row(rule) for rule in policy.rules)


def shadowed(policy: Policy) -> Iterator[str]:
    """Yield a sentence for each listed code that needs no authorization, although the rule says that it does.

    A bill that names only the code, on the first day of the rule, must need an authorization: the rule can decide it.
    """
    for compiled in policy.compiled:
        if compiled.services is None or isinstance(compiled.rule.then, NotRequired):
            continue
        for code in sorted(_ends(compiled.services)):
            facts = _bare(Coding(compiled.services.system, code), compiled.first_day)
            requirement = requirement_of(facts, policy.rules_for(facts))
            if compiled.unknown(facts) is not None and requirement.need is Need.NOT_REQUIRED:
                yield f"rule {compiled.rule.id} never decides {code}, because rule {requirement.rule} decides first"


def _row(rule: Rule) -> ListedRule:
    services = next((condition for condition in rule.when if isinstance(condition, ServiceIn)), None)
    effective = rule.effective
    return ListedRule(
        need=_need(rule),
        system="" if services is None else _SHORT_NAMES.get(services.system, services.system),
        services=() if services is None else services.in_order,
        conditions=tuple(condition.words for condition in rule.when if condition is not services),
        action=rule.then.action,
        rule=rule.id,
        title=rule.title,
        reference=rule.reference,
        from_=effective.from_,
        until=None if effective.until == date.max else effective.until,
        by=effective.by,
    )


def _need(rule: Rule) -> Need:
    if isinstance(rule.then, NotRequired):
        return Need.NOT_REQUIRED
    excludes = isinstance(rule.then, Deny) and rule.then.reason.reason.key == NOT_COVERED
    return Need.EXCLUDED if excludes else Need.REQUIRED


def _ends(services: ServiceIn) -> set[str]:
    return {*services.codes, *(end for codes in services.ranges for end in (codes.low, codes.high))}


def _bare(service: Coding, day: date) -> LineFacts:
    line = BilledLine(sequence=1, services=(service,), serviced=Period(day, day))
    claim = BillingClaim(None, Coding(CLAIM_TYPE, "professional"), Member(""), Party(), Party(), day, (line,))
    return facts_of_bill(line, claim, Covered(), units_of_bill(claim))


_SHORT_NAMES = {system: name for name, system in SYSTEMS.items()} | {CPT: "cpt, hcpcs"}
