"""A question by example about what the payer answered, and which authorizations it means.

https://hl7.org/fhir/us/davinci-pas/specification.html (prior authorization inquiries)
"""

from __future__ import annotations

from msgspec import Struct

from app.codes import family
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.authorization_number import canonical
from app.domain.request import Coding, Identifier, Member, Party, Period


class ItemCriteria(Struct, frozen=True):
    """What is said of one item; None or nothing is no criterion.

    `service_end` makes the services the start of a range. `issued`, `effective` and `expires` say within which days the
    decision was made, the granted period begins, and it ends.
    """

    services: tuple[Coding, ...] = ()
    service_end: Coding | None = None
    service_types: tuple[Coding, ...] = ()
    serviced: Period | None = None
    trace_numbers: tuple[Identifier, ...] = ()
    request_type: str | None = None
    certification_type: str | None = None
    review_action: str | None = None
    number: str | None = None
    administration_number: str | None = None
    issued: Period | None = None
    effective: Period | None = None
    expires: Period | None = None


class Inquiry(Struct, frozen=True):
    """Who asks which payer about which member, and what is to hold of the authorizations looked for.

    `rendering` are the NPIs of the care team. The identifier of the inquiry's Claim names the inquiry: no criterion.
    """

    member: Member
    insurer: Party
    requestor: Party
    rendering: tuple[str, ...] = ()
    number: str | None = None
    administration_number: str | None = None
    diagnoses: tuple[Coding, ...] = ()
    serviced: Period | None = None
    items: tuple[ItemCriteria, ...] = ()

    @property
    def npis(self) -> tuple[str, ...]:
        """The providers that the inquiry names: who asks, and the care team."""
        asking = (self.requestor.npi,) if self.requestor.npi else ()
        return (*asking, *self.rendering)


def matches(inquiry: Inquiry, authorization: Authorization) -> bool:
    """Whether the inquiry means this authorization of its member, who was found by the payer's register.

    A provider that the inquiry names ordered or performs it, and every criterion given holds: each line of item
    criteria for some item, of the diagnoses any.
    """
    return (
        _involved(inquiry, authorization)
        and _same_number(inquiry.number, authorization.number)
        and _same_number(inquiry.administration_number, authorization.administration_number)
        and _any_diagnosis(inquiry.diagnoses, authorization.diagnoses)
        and (inquiry.serviced is None or any(_serviced(inquiry.serviced, item) for item in authorization.items))
        and all(any(_fits(line, item, authorization) for item in authorization.items) for line in inquiry.items)
    )


def _involved(inquiry: Inquiry, authorization: Authorization) -> bool:
    requestor = authorization.requestor
    named = set(inquiry.rendering or inquiry.npis)
    if named:
        return bool(named & (authorization.performers | {requestor.npi}))
    return bool(set(inquiry.requestor.identifiers) & set(requestor.identifiers))


def _same_number(asked: str | None, on_record: str | None) -> bool:
    return asked is None or (on_record is not None and canonical(asked) == canonical(on_record))


def _any_diagnosis(asked: tuple[Coding, ...], on_record: tuple[Coding, ...]) -> bool:
    return not asked or bool({_plain(one) for one in asked} & {_plain(one) for one in on_record})


def _plain(diagnosis: Coding) -> tuple[str, str]:
    return diagnosis.system, diagnosis.code.replace(".", "").upper()


def _fits(line: ItemCriteria, item: AuthorizedItem, authorization: Authorization) -> bool:
    requested, decision = item.requested, item.decision
    granted = decision.granted
    number = None if granted is None else authorization.number
    period = None if granted is None else granted.period
    return (
        (not line.services or any(_same_service(line, service) for service in _services(item)))
        and (not line.service_types or bool({one.code for one in line.service_types} & _types(item)))
        and (not line.trace_numbers or bool(set(line.trace_numbers) & set(requested.trace_numbers)))
        and line.request_type in {None, requested.request_type}
        and line.certification_type in {None, requested.certification_type}
        and line.review_action in {None, decision.action.value}
        and _same_number(line.number, number)
        and _same_number(line.administration_number, authorization.administration_number)
        and (line.serviced is None or _serviced(line.serviced, item))
        and (line.issued is None or _overlap(line.issued, Period(decision.decided, decision.decided)))
        and (
            line.effective is None
            or (period is not None and _overlap(line.effective, Period(period.start, period.start)))
        )
        and (line.expires is None or (period is not None and _overlap(line.expires, Period(period.end, period.end))))
    )


def _services(item: AuthorizedItem) -> tuple[Coding, ...]:
    granted = item.decision.granted
    instead = granted.service if granted is not None else None
    return item.requested.services if instead is None else (*item.requested.services, instead)


def _types(item: AuthorizedItem) -> set[str]:
    return {one.code for one in item.requested.service_types}


def _same_service(line: ItemCriteria, service: Coding) -> bool:
    code = service.code.upper()
    for start in line.services:
        end = line.service_end or start
        of_its_kind = family(start.system) == family(service.system) and len(start.code) == len(code)
        if of_its_kind and start.code.upper() <= code <= end.code.upper():
            return True
    return False


def _serviced(asked: Period, item: AuthorizedItem) -> bool:
    granted = item.decision.granted
    known = item.requested.serviced, None if granted is None else granted.period
    return any(_overlap(asked, period) for period in known if period is not None)


def _overlap(one: Period, other: Period) -> bool:
    ends_before = one.end is not None and other.start is not None and one.end < other.start
    starts_after = one.start is not None and other.end is not None and one.start > other.end
    return not (ends_before or starts_after)
