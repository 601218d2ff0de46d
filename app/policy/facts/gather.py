"""Gather the facts of a requested item, and of a billed line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cache, partial

from msgspec.structs import replace

from app.domain.billing import BilledLine, BillingClaim
from app.domain.covered import Covered
from app.domain.datatypes import Period
from app.domain.request import AuthorizationRequest, Party, RequestedItem
from app.domain.service_line import ServiceLine
from app.policy.codes.code_sets import ServiceKey, service_keys
from app.policy.codes.code_span import CodeSpan, span_of
from app.policy.facts.earlier import EarlierService
from app.policy.facts.line_facts import LineFacts
from app.policy.facts.tally import Tally


def facts_of_request(
    request: AuthorizationRequest,
    received: date,
    member: Covered,
    earlier: tuple[EarlierService, ...] | None = None,
) -> list[LineFacts]:
    """Return the facts of every item. An item without a day of service is reviewed as of the day of receipt."""
    keys = [line_keys(item) for item in request.items]
    days = [first_day(item.serviced) or received for item in request.items]
    spans = [span_of(item.services, item.service_end) for item in request.items]
    # A line that the submitter withdrew asks for no units.
    units = _tally(
        (services, span, item.quantity)
        for item, services, span in zip(request.items, keys, spans, strict=True)
        if not item.cancelled
    )
    members = {day: member.on(day) for day in set(days)}
    return [
        _facts_of_item(
            item,
            request,
            services=services,
            span=span,
            member=members[day],
            day=day,
            received=received,
            units=units.of(services, span) if services else item.quantity,
            earlier=earlier,
        )
        for item, services, span, day in zip(request.items, keys, spans, days, strict=True)
    ]


def _facts_of_item(
    item: RequestedItem,
    request: AuthorizationRequest,
    *,
    services: tuple[ServiceKey, ...],
    span: CodeSpan | None,
    member: Covered,
    day: date,
    received: date,
    units: Decimal,
    earlier: tuple[EarlierService, ...] | None,
) -> LineFacts:
    performers, tax_ids = _performing(item, request.requestor)
    return LineFacts(
        line=item,
        item=item,
        request=request,
        services=services,
        span=span,
        plain=span is None and bool(services),
        member=member,
        day=day,
        received=received,
        units=units,
        npis=_npis(item, request.requestor),
        performers=performers,
        tax_ids=tax_ids,
        earlier=earlier,
    )


def facts_of_bill(line: BilledLine, claim: BillingClaim, member: Covered, units: Tally) -> LineFacts:
    """Return the facts of a billed line. Every rule counts by the day of service. `units` are those of the claim."""
    day = first_day(line.serviced) or claim.created
    services = line_keys(line)
    span = span_of(line.services, line.service_end)
    performers, tax_ids = frozenset(line.providers), frozenset(filter(None, [claim.provider.tax_id]))
    return LineFacts(
        line=line,
        services=services,
        span=span,
        plain=span is None and bool(services),
        member=member.on(day),
        day=day,
        received=day,
        units=units.of(services, span) if services else line.quantity,
        npis=_npis(line, claim.provider),
        performers=performers or _npis(line, claim.provider),
        tax_ids=tax_ids,
    )


def facts_by_line(claim: BillingClaim, member: Covered) -> Callable[[BilledLine], LineFacts]:
    """Return the facts of a line of the claim, when they are needed: most bills draw on every line."""
    units = cache(partial(units_of_bill, claim))
    return lambda line: facts_of_bill(line, claim, member, units())


def units_of_bill(claim: BillingClaim) -> Tally:
    """Add up the units of each service over all lines of a bill."""
    return _tally((line_keys(line), span_of(line.services, line.service_end), line.quantity) for line in claim.lines)


def as_billed(facts: LineFacts) -> LineFacts:
    """Return the facts of a bill for the requested service: those of the request alone are not known."""
    return replace(facts, item=None, request=None, earlier=None, received=facts.day)


def line_keys(line: ServiceLine) -> tuple[ServiceKey, ...]:
    """Return the keys of a line's codes, with its revenue code."""
    return service_keys(line.services if line.revenue is None else (*line.services, line.revenue))


def first_day(serviced: Period | None) -> date | None:
    """Return the first known day of service: a period that only ends is known by its last day."""
    return None if serviced is None else serviced.start or serviced.end


def _tally(lines: Iterable[tuple[tuple[ServiceKey, ...], CodeSpan | None, Decimal]]) -> Tally:
    """Add up the units of each service over the lines, each with its keys and its range."""
    units = Tally()
    for services, span, quantity in lines:
        units.add(services, span, quantity)
    return units


def _npis(line: ServiceLine, party: Party) -> frozenset[str]:
    return frozenset(line.providers if party.npi is None else (party.npi, *line.providers))


def _performing(item: RequestedItem, requestor: Party) -> tuple[frozenset[str], frozenset[str]]:
    """Return the NPIs and tax IDs of the performing providers, or else those of the requestor."""
    requestor_performs = not item.providers or requestor.npi in item.providers
    tax_ids = frozenset((requestor.tax_id,) if requestor.tax_id and requestor_performs else ())
    return frozenset(item.providers) or _npis(item, requestor), tax_ids
