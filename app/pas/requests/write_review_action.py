"""Write the decision on an item: an adjudication with the PAS extension reviewAction.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewAction
"""

from __future__ import annotations

from decimal import Decimal

from app.codes import X12_DECISION_REASON, X12_REVIEW_ACTION, pas
from app.domain.authorization import AuthorizedItem, ReviewAction
from app.domain.datatypes import Coding
from app.pas.parts.write_types import SUBMITTED, Json, coded, concept, extension, modifier, money, quantity


def adjudication(item: AuthorizedItem, number: str | None) -> Json:
    """Write the decision: its code, the authorization number if a service is granted, and the code of the reason."""
    decision = item.decision
    parts = [_CODES[decision.action]]
    if decision.granted is not None and number:
        parts.append({"url": "number", "valueString": number})
    if decision.reason is not None and decision.reason.code:
        reason = concept(X12_DECISION_REASON, decision.reason.code)
        parts.append({"url": "reasonCode", "valueCodeableConcept": reason})
    return {"extension": [{"url": _ACTION, "extension": parts}], "category": SUBMITTED}


def service_detail(item: AuthorizedItem, *, as_requested: bool) -> Json:
    """Write the itemAuthorizedDetail: the authorized service, or the requested one (`as_requested`)."""
    requested, granted = item.requested, item.decision.granted
    service = requested.services[0] if requested.services else None
    units: Decimal | None = requested.quantity
    if granted is not None and not as_requested:
        service, units = granted.service or service, granted.quantity
    parts: list[Json] = []
    if service is not None:
        end = requested.service_end if granted is None or granted.service is None or as_requested else None
        parts.append({"url": "productOrServiceCode", "valueCodeableConcept": _services(service, end)})
    parts += [{"url": "modifier", "valueCodeableConcept": coded_modifier} for coded_modifier in modifiers(item)]
    if requested.unit_price is not None:
        parts.append({"url": "unitPrice", "valueMoney": money(requested.unit_price, "USD")})
    if units is not None:
        parts.append({"url": "quantity", "valueQuantity": quantity(units, requested.unit)})
    return {"url": _DETAIL, "extension": parts}


def modifiers(item: AuthorizedItem) -> list[Json]:
    """Write the modifiers of the service, as requested."""
    return [modifier(code) for code in item.requested.modifiers]


def _services(first: Coding, last: Coding | None) -> Json:
    """Write a service, or a range of services as its first code with both ends as text.

    PAS allows the extension for the end of a range only on Claim.item.
    """
    return coded(first) if last is None else {**coded(first), "text": f"{first.code} to {last.code}"}


_ACTION = pas("extension-reviewAction")
_WORDS = {
    ReviewAction.CERTIFIED: "Approved",
    ReviewAction.NOT_CERTIFIED: "Denied",
    ReviewAction.PENDED: "Pended for review",
    ReviewAction.MODIFIED: "Approved with changes",
    ReviewAction.CANCELLED: "Cancelled",
    ReviewAction.NOT_REQUIRED: "No authorization required",
}
"""Our own texts for the codes: the texts of X12 are licensed and not shipped."""

_CODES = {
    action: extension(
        pas("extension-reviewActionCode"),
        valueCodeableConcept={**concept(X12_REVIEW_ACTION, action.value), "text": _WORDS[action]},
    )
    for action in ReviewAction
}
_DETAIL = pas("extension-itemAuthorizedDetail")
