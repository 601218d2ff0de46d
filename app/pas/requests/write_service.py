"""Write a requested or authorized service: the extension itemAuthorizedDetail, and its parts that an addItem has too.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-itemAuthorizedDetail
"""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from app.codes import REVENUE, canonical, pas
from app.domain.authorization import AuthorizedItem
from app.domain.datatypes import Coding
from app.domain.request import RequestedItem
from app.pas.edition import Edition
from app.pas.parts.write_types import Json, coded, extension, modifier, money, quantity


def service_detail(item: AuthorizedItem, edition: Edition, *, as_requested: bool) -> Json:
    """Write the itemAuthorizedDetail: the authorized service, or the requested one (`as_requested`)."""
    requested, granted = item.requested, None if as_requested else item.decision.granted
    replacement = None if granted is None else granted.service
    units: Decimal | None = requested.quantity if granted is None else granted.quantity
    parts = [_code(replacement)] if replacement is not None else _requested_codes(requested)
    if requested.revenue is not None:
        parts.append(extension(edition.revenue_part, valueCodeableConcept=revenue_code(requested.revenue, edition)))
    parts += [extension("modifier", valueCodeableConcept=coded_modifier) for coded_modifier in modifiers(requested)]
    if requested.unit_price is not None:
        parts.append(extension("unitPrice", valueMoney=money(requested.unit_price, requested.currency)))
    if units is not None:
        parts.append(extension("quantity", valueQuantity=quantity(units, requested.unit)))
    return extension(_DETAIL, extension=parts)


def service_end(last: Coding) -> Json:
    """Write the last code of a range of services.

    PAS has a slice for it in an addItem and in itemAuthorizedDetail, although its context names only the Claim.item.
    """
    return extension(_SERVICE_END, valueCodeableConcept=coded(last))


def revenue_code(revenue: Coding, edition: Edition) -> Json:
    """Write a revenue code with the URL that its code system has in the edition."""
    same = canonical(revenue.system) == REVENUE
    return coded(replace(revenue, system=edition.revenue_system) if same else revenue)


def modifiers(requested: RequestedItem) -> list[Json]:
    """Write the modifiers of the service, as requested."""
    return [modifier(code) for code in requested.modifiers]


def _requested_codes(requested: RequestedItem) -> list[Json]:
    """Write the service, or a range of services: its ends as codes, and both as text for people."""
    if not requested.services:
        return []
    first, last = requested.services[0], requested.service_end
    if last is None:
        return [_code(first)]
    written = {**coded(first), "text": f"{first.code} to {last.code}"}
    return [extension(_CODE, valueCodeableConcept=written), service_end(last)]


def _code(service: Coding) -> Json:
    return extension(_CODE, valueCodeableConcept=coded(service))


_CODE = "productOrServiceCode"
_SERVICE_END = pas("extension-productOrServiceCodeEnd")
_DETAIL = pas("extension-itemAuthorizedDetail")
