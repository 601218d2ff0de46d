"""Read the tolerances of a policy: differences between bill and authorization that the payer accepts.

Each names the payer's document and the days of service for which it is in force.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from app.domain.parts import matching_terms as terms
from app.domain.units import Unit, is_known, is_of
from app.policy.billing.code_ranges import code_ranges
from app.policy.billing.dated import Dated
from app.policy.codes.code_sets import CodeSet
from app.policy.codes.possible import Npis
from app.policy.yaml.model import Code, Codes, Number

MOST_GRACE = 31
"""The limit on days of grace. A longer time is another period."""

MOST_UNITS = 10_000
"""The limit on the factor of a conversion."""

_TAX_ID_DIGITS = 9


class _Accepted(Dated):
    """A difference that the payer accepts."""

    @property
    def _days(self) -> dict[str, Any]:
        return {"reference": self.reference, "first": self.from_, "last": self.until}


def _two_or_more(codes: frozenset[str]) -> frozenset[str]:
    if len(codes) == 1:
        raise ValueError("must have at least two codes, because a difference has two sides")
    return codes


def _tax_ids(codes: frozenset[str]) -> frozenset[str]:
    bare = frozenset(code.replace("-", "") for code in codes)
    if not all(len(code) == _TAX_ID_DIGITS and code.isdecimal() for code in bare):
        raise ValueError('must have tax IDs of nine digits, such as "12-3456789"')
    return bare


def _days_of_grace(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_GRACE:
        raise ValueError(f"must be a number of days from 0 to {MOST_GRACE}")
    return value


Days = Annotated[int, BeforeValidator(_days_of_grace)]


def _unit_code(code: str) -> str:
    if not is_known(code):
        raise ValueError("must be a unit of X12 or UCUM, such as DA, MO or UN")
    return code


UnitCode = Annotated[Code, AfterValidator(_unit_code)]


class Places(_Accepted):
    """The places of service count as one."""

    accept: Literal["places"]
    places: Annotated[Codes, AfterValidator(_two_or_more)]

    @property
    def terms(self) -> terms.Tolerance:
        """The tolerance, as a line is compared by it."""
        return terms.EqualPlaces(places=self.places, **self._days)


class Grace(_Accepted):
    """Days before and after the authorized period."""

    accept: Literal["grace"]
    before: Days = 0
    after: Days = 0

    @property
    def terms(self) -> terms.Tolerance:
        """The tolerance, as a line is compared by it."""
        return terms.Grace(before=self.before, after=self.after, **self._days)


class PricingModifiers(_Accepted):
    """A pricing modifier (RR, NU, UE) that the authorization does not have."""

    accept: Literal["pricing-modifiers"]

    @property
    def terms(self) -> terms.Tolerance:
        """The tolerance, as a line is compared by it."""
        return terms.PricingModifiers(**self._days)


class Components(_Accepted):
    """The professional (26) and the technical component (TC) of a whole service, each once for each unit."""

    accept: Literal["components"]

    @property
    def terms(self) -> terms.Tolerance:
        """The tolerance, as a line is compared by it."""
        return terms.SplitComponents(**self._days)


class Locum(_Accepted):
    """A substitute with modifier Q5 or Q6, in the requestor's practice."""

    accept: Literal["locum"]

    @property
    def terms(self) -> terms.Tolerance:
        """The tolerance, as a line is compared by it."""
        return terms.Locum(**self._days)


class Affiliated(_Accepted):
    """Billing under another tax ID of the list."""

    accept: Literal["affiliated"]
    tax_ids: Annotated[Codes, AfterValidator(_tax_ids), AfterValidator(_two_or_more)]

    @property
    def terms(self) -> terms.Tolerance:
        """The tolerance, as a line is compared by it."""
        return terms.Affiliated(tax_ids=self.tax_ids, **self._days)


class Facilities(_Accepted):
    """Another facility of the list."""

    accept: Literal["facilities"]
    npis: Annotated[Npis, AfterValidator(_two_or_more)]

    @property
    def terms(self) -> terms.Tolerance:
        """The tolerance, as a line is compared by it."""
        return terms.FacilitySystem(npis=self.npis, **self._days)


class EqualCodes(_Accepted):
    """The codes in `billed`, under an authorization of a code in `authorized`."""

    accept: Literal["codes"]
    authorized: CodeSet
    billed: CodeSet

    @property
    def terms(self) -> terms.Tolerance:
        """The tolerance, as a line is compared by it."""
        return terms.EqualCodes(authorized=code_ranges(self.authorized), billed=code_ranges(self.billed), **self._days)


class ServiceType(_Accepted):
    """The codes in `billed`, under an authorization of the X12 1365 service type without a code."""

    accept: Literal["service-type"]
    service_type: Code
    billed: CodeSet

    @property
    def terms(self) -> terms.Tolerance:
        """The tolerance, as a line is compared by it."""
        return terms.TypedCodes(service_type=self.service_type, billed=code_ranges(self.billed), **self._days)


class Observation(_Accepted):
    """Hours of observation under an inpatient authorization, paid at `rate` for each unit."""

    accept: Literal["observation"]
    rate: Annotated[Number, Field(gt=0, decimal_places=2)]

    @property
    def terms(self) -> terms.Tolerance:
        """The tolerance, as a line is compared by it."""
        return terms.ObservationRate(rate=self.rate, **self._days)


class Units(_Accepted):
    """Units with the code `billed`, under an authorization in the unit `authorized`: `factor` of them are one."""

    accept: Literal["units"]
    billed: UnitCode
    authorized: UnitCode
    factor: Annotated[Number, Field(gt=0, le=MOST_UNITS, decimal_places=3)]

    @model_validator(mode="after")
    def _converts(self) -> Units:
        if is_of(Unit(code=self.billed), self.authorized):
            raise ValueError("`billed` and `authorized` must be different units")
        return self

    @property
    def terms(self) -> terms.Tolerance:
        """The tolerance, as a line is compared by it."""
        return terms.UnitConversion(billed=self.billed, authorized=self.authorized, factor=self.factor, **self._days)


class DateSplit(_Accepted):
    """The days inside the authorized period, of a line that extends beyond it."""

    @property
    def terms(self) -> terms.Tolerance:
        """The tolerance, as a line is split by it."""
        return terms.Tolerance(**self._days)


Tolerance = Annotated[
    Places
    | Grace
    | PricingModifiers
    | Components
    | Locum
    | Affiliated
    | Facilities
    | EqualCodes
    | ServiceType
    | Observation
    | Units,
    Field(discriminator="accept"),
]
"""A tolerance by its key `accept`."""
