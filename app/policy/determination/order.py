"""Compare the order of an item with the item: an answer to the item must answer the order."""

from __future__ import annotations

from app.codes import family
from app.domain.request import RequestedItem
from app.domain.service_range import covers


def order_differs(item: RequestedItem) -> bool:
    """Return whether the order has another code of the same family than the item."""
    ordered = () if item.order is None else item.order.services
    for own in item.services:
        alike = [other for other in ordered if family(other.system) == family(own.system)]
        if alike and not any(covers(own, item.service_end, other) for other in alike):
            return True
    return False
