"""Check which denial a request to review it again is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import Granted, ReviewAction
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
        if is_pending_or_decided(earlier, denied.id):
            raise NotAppealable(_already(earlier))
    return denied_items(request.items, denied)


def denied_items(items: Iterable[RequestedItem], denied: Authorization) -> tuple[AuthorizedItem, ...]:
    """Return the denied or reduced item that each item of an appeal is about. Raises NotAppealable.

    All items of the appeal together ask for no more units than the payer did not authorize.
    """
    appealable = [item for item in denied.items if item.decision.action in _APPEALABLE]
    left = {item.requested.number: _unauthorized(item) for item in appealable}
    return tuple(_appealed(item, appealable, left) for item in items)


def with_shared_units(appeal: Authorization, denied: Authorization) -> Authorization:
    """Return the appeal whose granted items name the items of the denied request with which they share units.

    An item that is cut in its days or its service has all requested units already, and so may one whose earlier grant
    stands. Together with the appeal, it has no more than the requested units.
    """
    return replace(appeal, items=tuple(_with_shared_units(item, denied.items) for item in appeal.items))


def _with_shared_units(item: AuthorizedItem, denied: Iterable[AuthorizedItem]) -> AuthorizedItem:
    if item.decision.granted is None:
        return item
    same = (other for other in denied if _has_all(other) and same_service(other.requested, item.requested))
    shared = next(same, None)
    return replace(item, shares_with=None if shared is None else shared.requested.number)


def _has_all(denied: AuthorizedItem) -> bool:
    """Return whether the grant of an appealed item may be of the units that the appeal asks for."""
    granted = denied.granted
    if granted is None or granted.quantity is None:
        return False
    return denied.decision.granted is None or granted.quantity >= denied.requested.quantity


def check_still_denied(before: Authorization, after: Authorization, denied: Authorization) -> None:
    """Check that the grants of a decision on an appeal are still denied in the other request. Raises NotAppealable."""
    former = dict(zip((item.requested.number for item in before.items), before.items, strict=True))
    if all(_grant(item) is None or former[item.requested.number] == item for item in after.items):
        return
    granted = [(item.requested, _grant(item)) for item in after.items]
    denied_items(
        [replace(asked, quantity=grant.quantity or asked.quantity) for asked, grant in granted if grant is not None],
        denied,
    )


def is_pending_or_decided(appeal: Authorization, denied_id: str) -> bool:
    """Return whether a request is an appeal of this denial that is not withdrawn."""
    return appeal.appealed is not None and appeal.appealed.id == denied_id and not _is_withdrawn(appeal)


def is_late(items: Sequence[AuthorizedItem], today: date) -> bool:
    """Return whether the last day to appeal has passed for one of the denied items."""
    rights = (item.decision.appeal for item in items)
    return any(right is not None and right.until < today for right in rights)


def _is_withdrawn(appeal: Authorization) -> bool:
    """Return whether nothing of an appeal counts any more: a grant of days before its withdrawal still pays bills."""
    return all(item.decision.action is ReviewAction.CANCELLED and item.granted is None for item in appeal.items)


def _already(appeal: Authorization) -> str:
    if is_open(appeal):
        return "The payer has an appeal of this request, which waits for a decision. To add to it, send an update."
    reference = appeal.administration_number or ""
    return f"The payer has decided an appeal of this request. Appeal that decision under its reference {reference}."


def _grant(item: AuthorizedItem) -> Granted | None:
    """Return the grant of a decision, or of one that does not count yet."""
    decision = item.decision if item.proposal is None else item.proposal.decision
    return decision.granted


def _appealed(item: RequestedItem, denied: Sequence[AuthorizedItem], left: dict[str, Decimal]) -> AuthorizedItem:
    """Return the denied item, and take the units of `item` from those that are `left`."""
    same = [other for other in denied if same_service(other.requested, item)]
    if not same:
        raise NotAppealable(f"Item {item.number} must name a service that the payer denied or reduced in that request.")
    for other in same:
        if same_basis(other.requested.unit, item.unit) and item.quantity <= left[other.requested.number]:
            left[other.requested.number] -= item.quantity
            return other
    first = same[0].requested
    units = f"{left[first.number]:f} {name_of(first.unit)}, which the payer did not authorize"
    raise NotAppealable(f"Item {item.number} must ask for at most {units}.")


def _unauthorized(denied: AuthorizedItem) -> Decimal:
    """Return the units that the payer did not authorize; if it cut only the days or the service, the requested ones."""
    requested, granted = denied.requested, denied.decision.granted
    authorized = Decimal(0) if granted is None or granted.quantity is None else granted.quantity
    return requested.quantity - authorized if authorized < requested.quantity else requested.quantity
