"""Say which payers' auditors see an event."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.access.reach import ANY_PAYER
from app.domain.authorization import UNKNOWN_PAYER


def payers_concerned(served: Collection[str], *candidates: Iterable[str]) -> tuple[str, ...]:
    """Return the first candidates that name a payer; else the only payer that is `served`, or all.

    All payers are a mark, not a list: a payer that is added later could have been meant, too.
    """
    for candidate in candidates:
        if payers := tuple(dict.fromkeys(candidate)):
            return payers
    return tuple(served) if len(served) == 1 else (UNKNOWN_PAYER, ANY_PAYER)
