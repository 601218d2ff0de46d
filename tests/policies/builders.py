"""Short policies and requests for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from textwrap import indent
from typing import Any

from pydantic import TypeAdapter

from app.codes import CPT
from app.domain.billing import BilledLine, BillingClaim
from app.domain.covered import Covered
from app.domain.datatypes import Coding, Identifier, Period
from app.domain.decision import ItemDecision
from app.domain.request import AuthorizationRequest, Member, Party, RequestedItem
from app.policy.conditions import Condition
from app.policy.facts.earlier import EarlierService
from app.policy.facts.gather import facts_of_bill, facts_of_request, units_of_bill
from app.policy.facts.line_facts import LineFacts
from app.policy.loading import shipped_tables
from app.policy.policy import Policy
from app.policy.policy_text import parse_policy
from app.policy.review import review
from app.policy.yaml.text import read_yaml

TABLES = shipped_tables()
REASONS = TABLES.review_reasons
DAY = date(2026, 3, 2)
NOTHING_KNOWN = Covered()
NOBODY = Party()
LAST_RULE = (
    "{id: anything-else, title: T, reference: R, effective: {from: 2026-01-01}, then: {action: certify, for: P60D}}"
)


def policy_text(*rules: str, last: str = LAST_RULE, more: str = "") -> str:
    """A policy whose first rule begins on line 6 where each rule is one line and `more` is empty."""
    lines = "\n".join(f"- {rule}" for rule in (*rules, last))
    return f"""policy: test-payer
payer: {{name: T, identifiers: [{{system: "http://hl7.org/fhir/sid/us-npi", value: "1"}}], timezone: America/New_York}}
members: accept-unknown
{more}
rules:
{indent(lines, "  ")}
appeal: {{within: P60D, how: Write to us., source: S}}
"""


def policy_of(*rules: str, last: str = LAST_RULE, more: str = "") -> Policy:
    return parse_policy(policy_text(*rules, last=last, more=more), "test.yaml", TABLES)


def rule(then: str, when: str = "[]", name: str = "first", effective: str = "{from: 2026-01-01}") -> str:
    return f"{{id: {name}, title: T, reference: R, effective: {effective}, when: {when}, then: {then}}}"


def condition(text: str) -> Condition:
    found: Condition = TypeAdapter(Condition).validate_python(read_yaml(text, "condition.yaml").data)
    return found


def item_of(**facts: Any) -> RequestedItem:
    given: dict[str, Any] = {"sequence": 1, "services": (Coding(CPT, "97110"),), "quantity": Decimal(4)}
    return RequestedItem(**(given | facts))


def request_of(*items: RequestedItem, **facts: Any) -> AuthorizationRequest:
    given: dict[str, Any] = {
        "identifier": Identifier("urn:test", "1"),
        "claim_type": Coding("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
        "member": Member("M1"),
        "insurer": Party(),
        "requestor": Party(),
        "created": DAY,
        "items": items or (item_of(),),
    }
    return AuthorizationRequest(**(given | facts))


def asked(
    item: RequestedItem,
    day: date = DAY,
    *,
    covered: Covered = NOTHING_KNOWN,
    earlier: tuple[EarlierService, ...] | None = None,
    **facts: Any,
) -> LineFacts:
    """Return the facts of the request's only item."""
    (line,) = facts_of_request(request_of(item, **facts), day, covered, earlier)
    return line


def billed(*, covered: Covered = NOTHING_KNOWN, provider: Party = NOBODY, **facts: Any) -> LineFacts:
    """Return the facts of a billed line."""
    given: dict[str, Any] = {"sequence": 1, "services": (Coding(CPT, "97110"),), "serviced": Period(DAY, DAY)}
    line = BilledLine(**(given | facts))
    kind = Coding("http://terminology.hl7.org/CodeSystem/claim-type", "professional")
    claim = BillingClaim(None, kind, Member("M1"), Party(), provider, DAY, (line,))
    return facts_of_bill(line, claim, covered, units_of_bill(claim))


def reviewed(
    request: AuthorizationRequest, policy: Policy, day: date = DAY, covered: Covered = NOTHING_KNOWN
) -> tuple[ItemDecision, ...]:
    """Review a request of a member of whom nothing is known, unless `covered` says otherwise."""
    return review(request, policy, day, covered)
