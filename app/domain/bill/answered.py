"""Record the answer to each line of a billing claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.domain.adjudication.service_key import BillKeys
from app.domain.authorization import Authorization
from app.domain.bill.bill import AnsweredAdjustment, AnsweredLine, BillLink, LineAnswer
from app.domain.bill.link import link_way
from app.domain.billing import Adjudication, Adjustment, BilledLine, BillingClaim, LineResult
from app.domain.parts.link_way import LinkWay


def answered_lines(
    claim: BillingClaim, adjudication: Adjudication, keys: BillKeys, authorizations: Iterable[Authorization]
) -> tuple[AnsweredLine, ...]:
    """Return the answers; `authorizations` are those that the claim could draw on or is denied because of."""
    by_id = {authorization.id: authorization for authorization in authorizations}
    return tuple(
        _answered(line, result, keys, tuple(_links(line, result, claim, by_id)))
        for line, result in zip(claim.lines, adjudication.lines, strict=True)
    )


def answer_of(result: LineResult) -> LineAnswer:
    """Return the answer to a line."""
    if result.waits_for:
        return LineAnswer.PENDING
    if not result.paid:
        return LineAnswer.DENIED
    return LineAnswer.PAID if result.reason is None else LineAnswer.PARTLY


def _answered(line: BilledLine, result: LineResult, keys: BillKeys, links: tuple[BillLink, ...]) -> AnsweredLine:
    key = keys.services.get(line.number, "")
    return AnsweredLine(
        number=line.number,
        service=next(iter(line.naming), None),
        performer=line.providers[0] if line.providers else "",
        answer=answer_of(result),
        adjustments=tuple(map(_adjusted, result.adjustments)),
        attribute=result.attribute,
        charged=line.charge,
        paid=result.paid_amount,
        units=result.paid_units,
        currency=line.currency,
        key=key,
        day=keys.days.get(key, ""),
        links=links,
    )


def _adjusted(adjustment: Adjustment) -> AnsweredAdjustment:
    reason = adjustment.reason
    return AnsweredAdjustment(reason.key, reason.group, reason.carc, adjustment.units, adjustment.amount)


def _links(
    line: BilledLine, result: LineResult, claim: BillingClaim, by_id: Mapping[str, Authorization]
) -> Iterator[BillLink]:
    for link in result.draws or ((result.linked,) if result.linked is not None else ()):
        authorization = by_id.get(link.authorization)
        way = LinkWay.AUTO if authorization is None else link_way(line, claim, authorization)
        yield BillLink(link.authorization, link.item, way)
