"""How many authorized units a number of billed units draws."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_UP, Context, Decimal

from msgspec import Struct

from app.domain.ledger import EXACT, PLACES
from app.domain.service_line import ONE

_UP, _DOWN = Context(prec=40, rounding=ROUND_UP), Context(prec=40, rounding=ROUND_DOWN)


class Rate(Struct, frozen=True):
    """A billed unit draws `share` of a unit, and `factor` billed units are one unit.

    A converted quantity is a number of thousandths. It is rounded so that no more is paid than is authorized.
    """

    share: Decimal = ONE
    factor: Decimal = ONE

    def authorized(self, billed: Decimal) -> Decimal:
        """Return the authorized units that billed units draw."""
        shared = EXACT.multiply(billed, self.share)
        return shared if self.factor == ONE else _UP.divide(shared, self.factor).quantize(PLACES, context=_UP)

    def billed(self, authorized: Decimal) -> Decimal:
        """Return the billed units that authorized units pay."""
        if self.factor == ONE:
            return EXACT.divide(authorized, self.share)
        return _DOWN.divide(_DOWN.multiply(authorized, self.factor), self.share).quantize(PLACES, context=_DOWN)
