"""Who may know what is in an authorization: the organisation it belongs to, and the providers that take part in it."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.authorization import Authorization
from app.workflow.system import Call


def takes_part(call: Call, npis: Iterable[str], authorization: Authorization) -> bool:
    """Whether it is the caller's own, or one of the caller's `npis` ordered or performs it.

    A number of an authorization is no proof of either: it is written on paper and in other people's systems.
    """
    return authorization.owner == call.owner or not authorization.npis.isdisjoint(npis)
