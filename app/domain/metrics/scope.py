"""Decide which items of a request the public metrics count (42 CFR 422.122(c))."""

from __future__ import annotations

from enum import StrEnum

from app.codes import HCPCS, NDC, RXNORM
from app.domain.decision import ReviewAction
from app.domain.metrics.act import LoggedItem
from app.domain.parts.authorization_type import AFTER_DENIAL, AuthorizationType


class Exclusion(StrEnum):
    """The reason for which a request does not count. The report discloses the number for each reason."""

    REFUSED = "refused"
    EARLIER_RELEASE = "earlier-release"
    FORMER_PAYER = "former-payer"
    APPEAL = "appeal"
    RETROSPECTIVE = "retrospective"
    DRUG = "drug"
    NOT_REQUIRED = "not-required"
    DELEGATED = "delegated"
    WITHDRAWN = "withdrawn"


_BY_ACTION = {
    ReviewAction.NOT_REQUIRED: Exclusion.NOT_REQUIRED,
    ReviewAction.FORWARDED: Exclusion.DELEGATED,
    ReviewAction.CANCELLED: Exclusion.WITHDRAWN,
}
_DRUG_SYSTEMS = frozenset({NDC, RXNORM})
_J_CODES = f"{HCPCS}|J"


def excluded(item: LoggedItem) -> Exclusion | None:
    """Return why an item of a request does not count; None if it counts.

    Drugs are those with a code of NDC or RxNorm, or an HCPCS code that begins with J.
    """
    if item.type is AuthorizationType.RETROSPECTIVE:
        return Exclusion.RETROSPECTIVE
    if item.service.partition("|")[0] in _DRUG_SYSTEMS or item.service.startswith(_J_CODES):
        return Exclusion.DRUG
    return _BY_ACTION.get(item.action)


def is_appeal(items: tuple[LoggedItem, ...]) -> bool:
    """Return whether the items review a denial again."""
    return any(item.type in AFTER_DENIAL for item in items)
