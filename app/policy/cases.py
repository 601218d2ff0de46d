"""Test cases of a policy: the facts of one item and the expected decision. Also find rules that no case reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Struct

from app.codes import CLAIM_TYPE, CPT, ICD_10_CM, LOINC, PLACE_OF_SERVICE, X12_SERVICE_TYPE
from app.domain.authorization import ItemDecision, ReviewAction
from app.domain.datatypes import Coding, Identifier, Period
from app.domain.notice import AskedDocument
from app.domain.request import AuthorizationRequest, Member, Party, RequestedItem
from app.domain.service_line import Order
from app.policy.policy import Policy
from app.policy.review import review
from app.policy.yaml.model import Code, Data, Day, NotEmpty, Number, Slug, Text, read_model
from app.policy.yaml.text import read_yaml

_ACTIONS = {
    ReviewAction.CERTIFIED: "certify",
    ReviewAction.MODIFIED: "partly-certify",
    ReviewAction.NOT_CERTIFIED: "deny",
    ReviewAction.PENDED: "pend",
}


class Facts(Data):
    """The facts of one requested item. The request lacks an omitted fact. `start` is the requested first day."""

    services: tuple[Code, ...] = ()
    service_types: tuple[Code, ...] = ()
    diagnoses: tuple[Code, ...] = ()
    quantity: Number | None = None
    start: Day | None = None
    place: Code | None = None
    birth_date: Day | None = None
    requestor: Code | None = None
    providers: tuple[Code, ...] = ()
    documents: tuple[Code, ...] = ()
    requested_service: Text | None = None
    request_type: Code | None = None
    urgency: Code | None = None
    plans: tuple[Code, ...] = ()


class Expected(Data):
    """The expected decision. Only the given keys are compared.

    `days` is the length of the grant. `quantity: null` means no limit on units.
    """

    action: Literal["certify", "partly-certify", "deny", "pend"]
    rule: Slug | None = None
    reason: Slug | None = None
    quantity: Number | None = None
    code: Code | None = None
    days: int | None = None
    ask_for: tuple[Code, ...] = ()


class Case(Data):
    """A test case: a sentence as its name, the facts of an item and the expected decision on the day of receipt."""

    name: Text
    received: Day | None = None
    facts: Facts
    expect: Expected


class Cases(Data):
    """The cases of one policy. `received` is the day of receipt for cases without one."""

    received: Day
    cases: Annotated[tuple[Case, ...], NotEmpty]


class CaseResult(Struct, frozen=True):
    """The result of a case: the rule that decided, and each difference from the expected decision."""

    name: str
    rule: str
    problems: tuple[str, ...]


def parse_cases(text: str, source: str) -> Cases:
    """Read cases from YAML text. Raises YamlRefused."""
    return read_model(read_yaml(text, source), Cases)


def run_cases(policy: Policy, cases: Cases) -> tuple[CaseResult, ...]:
    """Review each case under the policy and compare the decision with the expected one."""
    return tuple(_run(policy, case, cases) for case in cases.cases)


def unreached(policy: Policy, results: Iterable[CaseResult]) -> tuple[str, ...]:
    """Return the ids of rules that decided no case."""
    reached = {result.rule for result in results}
    return tuple(rule.id for rule in policy.rules if rule.id not in reached)


def _run(policy: Policy, case: Case, cases: Cases) -> CaseResult:
    (decision,) = review(_request(case.facts, cases), policy, case.received or cases.received)
    return CaseResult(case.name, decision.rule, tuple(_differences(case.expect, decision)))


def _differences(expected: Expected, decision: ItemDecision) -> Iterator[str]:
    granted = decision.granted
    period = granted.period if granted else Period()
    actual: dict[str, Any] = {
        "action": _ACTIONS[decision.action],
        "rule": decision.rule,
        "reason": decision.reason.key if decision.reason else None,
        "quantity": granted.quantity if granted else None,
        "code": granted.service.code if granted and granted.service else None,
        "days": (period.end - period.start).days + 1 if period.start and period.end else None,
        "ask_for": tuple(document.loinc for document in decision.ask_for if isinstance(document, AskedDocument)),
    }
    for name in sorted(expected.model_fields_set):
        if getattr(expected, name) != actual[name]:
            yield f"{name.replace('_', '-')}: expected {_text(getattr(expected, name))}, got {_text(actual[name])}"


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        value = ", ".join(value) or None
    return "none" if value is None else str(value)


def _request(facts: Facts, cases: Cases) -> AuthorizationRequest:
    return AuthorizationRequest(
        identifier=Identifier("urn:case", "1"),
        claim_type=Coding(CLAIM_TYPE, "professional"),
        member=Member(member_id="1", birth_date=facts.birth_date, plans=facts.plans),
        insurer=Party(),
        requestor=Party(npi=facts.requestor),
        created=cases.received,
        items=(_item(facts),),
        diagnoses=_codings(ICD_10_CM, facts.diagnoses),
        urgency=facts.urgency,
        documents=_codings(LOINC, facts.documents),
        has_documents=bool(facts.documents),
    )


def _item(facts: Facts) -> RequestedItem:
    return RequestedItem(
        sequence=1,
        services=_codings(CPT, facts.services),
        service_types=_codings(X12_SERVICE_TYPE, facts.service_types),
        quantity=Decimal(1) if facts.quantity is None else facts.quantity,
        diagnoses=_codings(ICD_10_CM, facts.diagnoses),
        place=Coding(PLACE_OF_SERVICE, facts.place) if facts.place else None,
        serviced=Period(start=facts.start) if facts.start else None,
        request_type=facts.request_type,
        order=Order(facts.requested_service) if facts.requested_service else None,
        providers=facts.providers,
    )


def _codings(system: str, codes: tuple[str, ...]) -> tuple[Coding, ...]:
    return tuple(Coding(system, code) for code in codes)
