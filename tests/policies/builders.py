"""Short policies and requests for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from textwrap import indent
from typing import Any

from pydantic import TypeAdapter

from app.codes import CPT
from app.domain.datatypes import Coding, Identifier
from app.domain.request import AuthorizationRequest, Member, Party, RequestedItem
from app.policy.code_sets import service_keys
from app.policy.conditions import Condition, ItemFacts
from app.policy.loading import shipped_tables
from app.policy.policy import Policy
from app.policy.policy_text import parse_policy
from app.policy.yaml.text import read_yaml

TABLES = shipped_tables()
REASONS = TABLES.review_reasons
DAY = date(2026, 3, 2)
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


def asked(item: RequestedItem, day: date = DAY, **facts: Any) -> ItemFacts:
    return ItemFacts(item, request_of(item, **facts), day, service_keys(item.services))
