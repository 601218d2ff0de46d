"""Read a service, its day and its provider, for the question about the number of its claim."""

from __future__ import annotations

from app.codes import CPT, HCPCS, valid_npi
from app.domain.billing import BilledLine, BillingClaim
from app.domain.datatypes import Coding, Period
from app.domain.request import Member, Party
from app.fhir.instants import day as calendar_day
from app.fhir.outcome import Fault, FhirError

_LONGEST_CODE = 64


def read_service(code: str | None, system: str | None, day: str | None, provider: str | None) -> BillingClaim:
    """Return a claim of one line for the service on the day. Raises FhirError PARAMETER with all issues.

    Without a system, a code that begins with a digit is CPT, another one HCPCS.
    """
    texts: list[str] = []
    if not code or len(code) > _LONGEST_CODE:
        texts.append("`code` must be the code of one service, such as 97110.")
    serviced = calendar_day(day or "")
    if serviced is None:
        texts.append("`date` must be the day of the service, such as 2026-01-15.")
    if provider is not None and not valid_npi(provider):
        texts.append("`provider` must be the NPI of the rendering provider: ten digits with a valid check digit.")
    if texts or not code or serviced is None:
        raise FhirError(Fault.PARAMETER, " ".join(texts))
    service = Coding(system or (CPT if code[0].isdigit() else HCPCS), code)
    providers = () if provider is None else (provider,)
    line = BilledLine(sequence=1, services=(service,), serviced=Period(serviced, serviced), providers=providers)
    parties = Party(), Party()
    return BillingClaim(None, Coding("", "professional"), Member(""), *parties, serviced, (line,))
