"""The authorizations that match an inquiry by example."""

from __future__ import annotations

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.authorization_number import canonical
from app.domain.datatypes import Coding, Period
from app.domain.inquiry.criteria import Inquiry, ItemCriteria
from app.domain.service_range import covers


def matches(inquiry: Inquiry, authorization: Authorization) -> bool:
    """Return whether the inquiry matches an authorization of its member.

    A provider of the inquiry must be the requestor or a performer of the authorization. Every criterion must match.
    Each line of item criteria must match an item, and one of the diagnoses must match.
    """
    return (
        _involved(inquiry, authorization)
        and _one_of_numbers(inquiry.number, authorization.numbers)
        and _one_of_numbers(inquiry.administration_number, authorization.references)
        and _any_diagnosis(inquiry.diagnoses, authorization.diagnoses)
        and _any_serviced(inquiry.serviced, authorization)
        and _any_serviced(inquiry.event, authorization)
        and _of_kind(inquiry, authorization)
        and all(any(_fits(line, item, authorization) for item in authorization.items) for line in inquiry.items)
    )


def _involved(inquiry: Inquiry, authorization: Authorization) -> bool:
    requestor = authorization.requestor
    providers = set(inquiry.rendering or inquiry.npis)
    if providers:
        return bool(providers & (authorization.performers | {requestor.npi}))
    return bool(set(inquiry.requestor.identifiers) & set(requestor.identifiers))


def _one_of_numbers(wanted: str | None, on_record: tuple[str, ...]) -> bool:
    """Return whether a number, as typed, is one of the authorization's."""
    return wanted is None or canonical(wanted) in map(canonical, on_record)


def _any_serviced(wanted: Period | None, authorization: Authorization) -> bool:
    """Return whether an item, or the stay, is in the period."""
    stay = None if authorization.stay is None else authorization.stay.admission
    return (
        wanted is None
        or (stay is not None and _overlap(wanted, stay))
        or any(_serviced(wanted, item) for item in authorization.items)
    )


def _of_kind(inquiry: Inquiry, authorization: Authorization) -> bool:
    """Return whether the day of discharge, the level of service and the type of the certification are those wanted."""
    discharge = None if authorization.stay is None else authorization.stay.discharge
    types = {item.requested.certification_type for item in authorization.items}
    return (
        inquiry.discharge in {None, discharge}
        and inquiry.urgency in {None, authorization.urgency}
        and (inquiry.certification_type is None or inquiry.certification_type in types)
    )


def _any_diagnosis(wanted: tuple[Coding, ...], on_record: tuple[Coding, ...]) -> bool:
    return not wanted or not {_plain(coding) for coding in wanted}.isdisjoint(_plain(coding) for coding in on_record)


def _plain(diagnosis: Coding) -> tuple[str, str]:
    return diagnosis.system, diagnosis.code.replace(".", "").upper()


def _fits(line: ItemCriteria, item: AuthorizedItem, authorization: Authorization) -> bool:
    requested, decision = item.requested, item.decision
    granted = item.in_force
    numbers = authorization.numbers if granted is not None or item.previous_number is not None else ()
    period = None if granted is None else granted.period
    return (
        (not line.services or any(_same_service(line, service) for service in _services(item)))
        and (not line.service_types or bool({coding.code for coding in line.service_types} & _types(item)))
        and set(line.modifiers) <= set(requested.modifiers)
        and (line.place is None or (requested.place is not None and line.place.code == requested.place.code))
        and (
            line.quantity is None
            or line.quantity in {requested.quantity, None if granted is None else granted.quantity}
        )
        and (not line.trace_numbers or bool(set(line.trace_numbers) & set(requested.trace_numbers)))
        and line.request_type in {None, requested.request_type}
        and line.certification_type in {None, requested.certification_type}
        and line.review_action in {None, decision.action.value}
        and _one_of_numbers(line.number, numbers)
        and _one_of_numbers(line.administration_number, authorization.references)
        and (line.serviced is None or _serviced(line.serviced, item))
        and (line.issued is None or _overlap(line.issued, Period(decision.decided, decision.decided)))
        and (
            line.effective is None
            or (period is not None and _overlap(line.effective, Period(period.start, period.start)))
        )
        and (line.expires is None or (period is not None and _overlap(line.expires, Period(period.end, period.end))))
    )


def _services(item: AuthorizedItem) -> tuple[Coding, ...]:
    granted = item.in_force
    replacement = granted.service if granted is not None else None
    return item.requested.services if replacement is None else (*item.requested.services, replacement)


def _types(item: AuthorizedItem) -> set[str]:
    return {coding.code for coding in item.requested.service_types}


def _same_service(line: ItemCriteria, service: Coding) -> bool:
    return any(covers(start, line.service_end, service) for start in line.services)


def _serviced(wanted: Period, item: AuthorizedItem) -> bool:
    granted = item.in_force
    periods = item.requested.serviced, None if granted is None else granted.period
    return any(_overlap(wanted, period) for period in periods if period is not None)


def _overlap(period: Period, other: Period) -> bool:
    ends_before = period.end is not None and other.start is not None and period.end < other.start
    starts_after = period.start is not None and other.end is not None and period.start > other.end
    return not (ends_before or starts_after)
