"""Say how a billed line was linked to an authorization."""

from __future__ import annotations

from app.domain.adjudication.numbers import numbers_of
from app.domain.authorization import Authorization
from app.domain.authorization_number import canonical
from app.domain.billing import BilledLine, BillingClaim
from app.domain.parts.link_way import LinkWay


def link_way(line: BilledLine, claim: BillingClaim, authorization: Authorization) -> LinkWay:
    """Return how the line names the authorization; a line that does not name it was linked by the server."""
    own = line.authorization_number
    for typed in numbers_of(line, claim):
        way = _way(typed, authorization)
        if way is not None:
            return LinkWay.LINE_NUMBER if own and way is LinkWay.NUMBER else way
    return LinkWay.AUTO


def _way(typed: str, authorization: Authorization) -> LinkWay | None:
    names = (
        (LinkWay.NUMBER, (authorization.number,)),
        (LinkWay.REPLACED_NUMBER, authorization.former_numbers),
        (LinkWay.ALIAS, authorization.aliases),
        (LinkWay.REFERENCE, (authorization.administration_number,)),
    )
    for way, numbers in names:
        if typed in {canonical(number) for number in numbers if number is not None}:
            return way
    return None
