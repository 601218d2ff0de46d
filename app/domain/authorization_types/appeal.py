"""Check which denial a request to review it again is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ReviewAction
from app.domain.request import AuthorizationRequest, RequestedItem
from app.domain.units import name_of, same_basis
from app.domain.update.same_facts import same_service

_APPEALABLE = frozenset({ReviewAction.NOT_CERTIFIED, ReviewAction.MODIFIED})


class NotAppealable(Exception):  # noqa: N818 - a normal outcome
    """The request names no denial that can be reviewed again. The text is for the sender."""


def is_appeal(authorization: Authorization) -> bool:
    """Return whether the request was sent to review a denial again."""
    return authorization.appealed is not None


def is_open(authorization: Authorization) -> bool:
    """Return whether an item waits for a decision."""
    return any(item.decision.action is ReviewAction.PENDED for item in authorization.items)


def appealed_items(
    request: AuthorizationRequest, denied: Authorization | None, own: Iterable[Authorization]
) -> tuple[AuthorizedItem, ...]:
    """Return the denied or reduced items that an appeal is about, one for each of its items. Raises NotAppealable.

    `denied`: the request that the appeal names. `own`: the requests of the same organization for the member.
    """
    types = {item.type for item in request.items}
    if len(types) > 1 or any(item.cancelled for item in request.items):
        raise NotAppealable("Each item of an appeal must have the same certification type: 1, 2 or N.")
    if denied is None:
        text = (
            "The payer has no request from your organization that this appeal names. Give its reference as"
            " administrationReferenceNumber."
        )
        raise NotAppealable(text)
    for earlier in own:
        if earlier.appealed is not None and earlier.appealed.id == denied.id and not _is_withdrawn(earlier):
            raise NotAppealable(_already(earlier))
    return tuple(_appealed(item, denied) for item in request.items)


def is_late(items: Sequence[AuthorizedItem], today: date) -> bool:
    """Return whether the last day to appeal has passed for one of the denied items."""
    rights = (item.decision.appeal for item in items)
    return any(right is not None and right.until < today for right in rights)


def _is_withdrawn(appeal: Authorization) -> bool:
    return all(item.decision.action is ReviewAction.CANCELLED for item in appeal.items)


def _already(appeal: Authorization) -> str:
    if is_open(appeal):
        return "The payer has an appeal of this request, which waits for a decision. To add to it, send an update."
    reference = appeal.administration_number or ""
    return f"The payer has decided an appeal of this request. Appeal that decision under its reference {reference}."


def _appealed(item: RequestedItem, denied: Authorization) -> AuthorizedItem:
    for earlier in denied.items:
        if earlier.decision.action in _APPEALABLE and same_service(earlier.requested, item):
            _check_units(item, earlier)
            return earlier
    raise NotAppealable(f"Item {item.number} must name a service that the payer denied or reduced in that request.")


def _check_units(item: RequestedItem, denied: AuthorizedItem) -> None:
    """Check that an item of an appeal asks for no more than the units that the payer did not authorize."""
    requested, granted = denied.requested, denied.decision.granted
    authorized = Decimal(0) if granted is None or granted.quantity is None else granted.quantity
    rest = requested.quantity - authorized if authorized < requested.quantity else requested.quantity
    if item.quantity > rest or not same_basis(requested.unit, item.unit):
        units = f"{rest:f} {name_of(requested.unit)}, which the payer did not authorize"
        raise NotAppealable(f"Item {item.number} must ask for at most {units}.")
