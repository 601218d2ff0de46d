"""Draw on an authorization that the claim does not name, if the payer's policy links it."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.adjudication.desk import Desk
from app.domain.adjudication.draw import draw_on
from app.domain.billing import BilledLine, LineResult


def linked_by_policy(line: BilledLine, desk: Desk) -> LineResult | None:
    """Return the answer of a draw on the member's authorizations that match a line; None if the policy links none.

    `unique` links one authorization only: of two, the biller must say which one it means.
    """
    policy = desk.facts.terms.auto_link
    if policy == "off" or desk.usable(line) is None:
        return None
    matching = desk.comparisons.exact(line, desk.on_file)
    if policy == "unique" and len({candidate.authorization.id for candidate in matching}) > 1:
        return None
    result = draw_on(matching, line, desk)
    if not result.draws:
        return None
    numbers = ", ".join(dict.fromkeys(draw.number for draw in result.draws))
    note = f"The claim has no authorization number. The payer linked it to {numbers} automatically."
    return replace(result, notes=(*result.notes, note))
