"""Keep the authorization number while what was granted stays; else replace it. A replaced number is never lost."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.update.standing import loses_grant


def numbered(before: Authorization, after: Authorization, mint: Callable[[], str]) -> Authorization:
    """Return the authorization with the number that counts from now on; `mint` makes a new one.

    The number stays while every grant keeps its units and days. If a part of a grant is gone, a new number takes its
    place, or none if nothing is granted any more; items that were granted under it remember the former number.
    """
    former = {item.requested.number: item for item in before.items}
    granted = any(item.in_force is not None for item in after.items)
    if before.number is None:
        return replace(after, number=mint()) if granted else after
    lost = any(
        (earlier := former.get(item.requested.number)) is not None and loses_grant(earlier, item)
        for item in after.items
    )
    if not lost:
        return after
    return replace(
        after,
        number=mint() if granted else None,
        former_numbers=(*before.former_numbers, before.number),
        items=tuple(_remembering(item, former, before.number) for item in after.items),
    )


def _remembering(item: AuthorizedItem, former: dict[str, AuthorizedItem], number: str) -> AuthorizedItem:
    earlier = former.get(item.requested.number)
    if earlier is None or earlier.in_force is None:
        return item
    return replace(item, previous_number=number)
