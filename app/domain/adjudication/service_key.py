"""Name a billed service and its day by digests, so that the same service on another claim is found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from app.codes import CPT, family
from app.domain.billing import BilledLine, BillingClaim
from app.domain.coding.one_service import comparable
from app.domain.datatypes import Coding, Period
from app.domain.request import Party
from app.domain.service_line import INSTITUTIONAL, is_institutional

REPEATABLE = frozenset({"59", "76", "77", "XE", "XP", "XS", "XU"})
"""Modifiers of a service that was repeated, or distinct from another on the day (the X modifiers are parts of 59)."""


class BillKeys(Struct, frozen=True):
    """The digests of a claim's services, by line number, of their days, by service, and of the claim's identifier.

    A line with a repeatable modifier has none. A claim without an identifier has an empty one. A day has one patient,
    claim type and provider, so that its services stay few.
    """

    services: Mapping[str, str] = {}
    days: Mapping[str, str] = {}
    identifier: str = ""

    @property
    def all(self) -> list[str]:
        """The digests to look up: the days and the identifier."""
        return [*dict.fromkeys(self.days.values()), *filter(None, [self.identifier])]


def bill_keys(claim: BillingClaim, owner: str, patient: str) -> BillKeys:
    """Digest a claim of the organization `owner` for the payer's `patient`.

    Equal digests mean the same patient, claim type, provider, service, modifiers and days, or the same biller and
    identifier. Other units are no other service: a replacement corrects them. A claim for an unknown patient has no
    digests of services.
    """
    services: dict[str, str] = {}
    days: dict[str, str] = {}
    for line in claim.lines if patient else ():
        if not _is_repeatable(line):
            day = _digest(_day(line, claim, patient))
            services[line.number] = service = _digest((day, *_parts(line)))
            days[service] = day
    return BillKeys(services, days, _identifier_key(claim, owner))


def _identifier_key(claim: BillingClaim, owner: str) -> str:
    sent = claim.identifier
    return "" if sent is None else _digest((owner, _party(claim.provider), sent.system, sent.value))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _is_repeatable(line: BilledLine) -> bool:
    return any(modifier.upper() in REPEATABLE for modifier in line.modifiers)


def _day(line: BilledLine, claim: BillingClaim, patient: str) -> Iterator[str]:
    """Yield what names the provider's day with the patient on which the service begins."""
    yield patient
    yield INSTITUTIONAL if is_institutional(claim.claim_type) else ""
    yield line.providers[0] if line.providers else _party(claim.provider)
    yield str((line.serviced or Period()).start)


def _parts(line: BilledLine) -> Iterator[str]:
    """Yield what names the service on its day."""
    yield ",".join(sorted(set(map(_code, _service(line)))))
    yield ",".join(sorted({modifier.upper() for modifier in line.modifiers}))
    yield str((line.serviced or Period()).end)


def _service(line: BilledLine) -> tuple[Coding, ...]:
    """Return the procedure, else all codes of the service, else the revenue code."""
    procedures = tuple(coding for coding in line.services if family(coding.system) == CPT)
    return procedures or line.naming


def _code(coding: Coding) -> str:
    system = family(coding.system)
    return f"{system}|{comparable(system, coding.code)}"


def _party(party: Party) -> str:
    return party.npi or (party.tax_id or "").replace("-", "")
