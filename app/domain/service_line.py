"""The facts of one service line, the same for a request and for a billing claim.

Review, grant, matching and payment all look at these facts.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from app.domain.datatypes import Coding, Period
from app.domain.units import Unit

ONE = Decimal(1)

INSTITUTIONAL = "institutional"
"""The claim type of facilities. A facility and its surgeon bill the same procedure on claims of their own types."""


class Order(Struct, frozen=True):
    """The order behind a requested service: its resource type and the codes of the ordered service."""

    type: str
    services: tuple[Coding, ...] = ()


class ServiceLine(Struct, frozen=True, kw_only=True):
    """One service, requested or billed: an item of a Claim, or a detail of one.

    `detail`: the sequences below the item: `(1,)` for a detail, `(1, 1)` for a subDetail.
    `services`: the codes of the service, at most one of each family of code systems.
    `revenue`: the NUBC revenue code, which an institutional line may have beside or instead of a procedure.
    `service_end`: the last code of a range that begins with the service's code.
    `quantity`: a line without a quantity means one unit. A quantity without a unit counts.
    `serviced`: the days of service. None: the line names no days.
    `providers`: the NPIs of the performing providers, the most specific role first.
    `specialties`: the taxonomy codes of the performing providers.
    `facility`: the NPI of the facility.
    `charge`: the amount of the line in `currency`. None: the Claim names no amounts.
    """

    sequence: int
    services: tuple[Coding, ...] = ()
    detail: tuple[int, ...] = ()
    revenue: Coding | None = None
    service_end: Coding | None = None
    modifiers: tuple[str, ...] = ()
    quantity: Decimal = ONE
    unit: Unit | None = None
    diagnoses: tuple[Coding, ...] = ()
    place: Coding | None = None
    serviced: Period | None = None
    providers: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    facility: str | None = None
    order: Order | None = None
    charge: Decimal | None = None
    currency: str = "USD"

    @property
    def naming(self) -> tuple[Coding, ...]:
        """The codes that name the service: those of the service, or else the revenue code."""
        return self.services or (() if self.revenue is None else (self.revenue,))

    @property
    def number(self) -> str:
        """The place of the line in its Claim: `2` for an item, `2.1` for its detail, `2.1.1` for a subDetail."""
        return ".".join(map(str, self.path)) if self.detail else str(self.sequence)

    @property
    def path(self) -> tuple[int, ...]:
        """The sequence of the item, then those of its detail and subDetail. Lines sort by it."""
        return (self.sequence, *self.detail)


def is_institutional(claim_type: Coding) -> bool:
    """Return whether a claim or a request is a facility's, by its type."""
    return claim_type.code == INSTITUTIONAL
