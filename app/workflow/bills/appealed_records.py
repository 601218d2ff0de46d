"""Read the appealed requests whose units the authorizations of a bill share."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.authorization import Authorization
from app.domain.ledger import check_balance
from app.records import authorizations, ledger
from app.records.authorizations import Stored
from app.workflow.system import System


async def appealed_records(system: System, records: Iterable[Stored]) -> tuple[Stored, ...]:
    """Return the records of the appealed requests, and of those that they appeal, that are not among `records`."""
    known = {stored.authorization.id: stored for stored in records}
    read: dict[str, Stored] = {}
    waiting = [appealed for stored in known.values() if (appealed := _appealed(stored.authorization)) is not None]
    while waiting:
        id_ = waiting.pop()
        stored = None if id_ in known or id_ in read else await authorizations.by_id(system.documents, id_)
        if stored is None:
            continue
        check_balance(stored.authorization, await ledger.entries_of(system.documents, id_))
        read[id_] = stored
        above = _appealed(stored.authorization)
        waiting += [] if above is None else [above]
    return tuple(read.values())


def _appealed(authorization: Authorization) -> str | None:
    """Return the id of the appealed request, if an item shares its units."""
    shares = any(item.shares_with is not None for item in authorization.items)
    return authorization.appealed.id if shares and authorization.appealed is not None else None
