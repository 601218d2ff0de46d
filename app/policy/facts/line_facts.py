"""The facts of one service line. A fact that the request or the bill does not give is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from app.domain.covered import Covered
from app.domain.request import AuthorizationRequest, RequestedItem
from app.domain.service_line import ServiceLine
from app.policy.codes.code_sets import ServiceKey
from app.policy.codes.code_span import CodeSpan
from app.policy.facts.earlier import EarlierService


class LineFacts(Struct, frozen=True, kw_only=True):
    """The facts of one service line. None, or an empty list of providers, means not known.

    `request`, `item`: the request and its item in a review. A bill carries no documents, no urgency and no order.
    `services`: the keys of the line's codes, with its revenue code. `span`: the range of codes that the line names.
    `plain`: True if the line names single codes, so that an index of rules by code finds its rules.
    `member`: the payer's record of the member, with the coverage of the day of service.
    `day`: the first day of service; without one, the day of receipt. `received`: on a bill, the day of service.
    `units`: the units of all lines with the same service.
    `npis`: the requestor or the billing provider, and the performing providers. `performers` perform the service.
    `tax_ids`: the tax IDs of the performing organization.
    `earlier`: the member's granted and pending services.
    """

    line: ServiceLine
    item: RequestedItem | None = None
    request: AuthorizationRequest | None = None
    services: tuple[ServiceKey, ...]
    span: CodeSpan | None
    plain: bool
    member: Covered
    day: date
    received: date
    units: Decimal
    npis: frozenset[str]
    performers: frozenset[str]
    tax_ids: frozenset[str]
    earlier: tuple[EarlierService, ...] | None = None
