"""Write the decision on an item: an adjudication with the PAS extension reviewAction.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewAction
"""

from __future__ import annotations

from app.codes import X12_DECISION_REASON, X12_REVIEW_ACTION, pas
from app.domain.authorization import AuthorizedItem
from app.domain.decision import ReviewAction
from app.pas.parts.write_types import SUBMITTED, Json, concept, extension


def adjudication(item: AuthorizedItem, number: str | None) -> Json:
    """Write the decision: its code, the authorization number if a service is granted, and the codes of the reasons."""
    decision = item.decision
    parts = [_CODES[decision.action]]
    if decision.granted is not None and number:
        parts.append({"url": "number", "valueString": number})
    codes = dict.fromkeys(reason.code for reason in decision.reasons if reason.code)
    parts += ({"url": "reasonCode", "valueCodeableConcept": concept(X12_DECISION_REASON, code)} for code in codes)
    return {"extension": [{"url": _ACTION, "extension": parts}], "category": SUBMITTED}


_ACTION = pas("extension-reviewAction")
_WORDS = {
    ReviewAction.CERTIFIED: "Approved",
    ReviewAction.NOT_CERTIFIED: "Denied",
    ReviewAction.PENDED: "Pended for review",
    ReviewAction.MODIFIED: "Approved with changes",
    ReviewAction.CANCELLED: "Cancelled",
    ReviewAction.NOT_REQUIRED: "No authorization required",
    ReviewAction.FORWARDED: "Contact the organization that decides",
}
"""Our own texts for the codes: the texts of X12 are licensed and not shipped."""

_CODES = {
    action: extension(
        pas("extension-reviewActionCode"),
        valueCodeableConcept={**concept(X12_REVIEW_ACTION, action.value), "text": _WORDS[action]},
    )
    for action in ReviewAction
}
