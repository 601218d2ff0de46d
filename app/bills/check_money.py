"""Check that the amounts of a billing claim add up, as a clearinghouse does before it passes a claim on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.domain.billing import BilledLine
from app.domain.ledger import EXACT
from app.domain.line_result import CENT, plain
from app.fhir.element import Element
from app.pas.parts.read_line import plausible

_MONEY = ("net", "unitPrice")


def check_line(element: Element, units: Decimal) -> None:
    """Note an amount without a value, and a net amount that is not the price of the units, to the cent."""
    amounts = [element.one(name) for name in _MONEY]
    for money in amounts:
        if money is not None and "value" not in money.fields:
            money.missing("value", "An amount must have a value.")
    net, price = [None if money is None else money.decimal("value") for money in amounts]
    if net is None or price is None or units <= 0 or not plausible(net):
        return
    factor = element.decimal("factor")
    product = EXACT.multiply(EXACT.multiply(price, units), Decimal(1) if factor is None else factor)
    if abs(net - product) >= CENT:
        text = f"`net` must be `unitPrice` times `quantity` and `factor`, {plain(product)}, but is {plain(net)}."
        element.note(text, "net")
    currencies = {money.text("currency") for money in amounts if money is not None} - {None}
    if len(currencies) > 1:
        element.note("`net` and `unitPrice` must have the same currency.", "net.currency")


def check_total(claim: Element, lines: Sequence[BilledLine]) -> None:
    """Note a total of the Claim that is not the sum of its lines."""
    total = claim.one("total")
    if total is None:
        return
    value = total.decimal("value")
    charges = [line.charge for line in lines if line.charge is not None]
    if value is None:
        total.missing("value", "An amount must have a value.")
    elif len(charges) < len(lines):
        total.note("Each line must have `net` or `unitPrice`, because the Claim has a total.")
    elif (charged := sum(charges, Decimal(0))) != value:
        total.note(f"The total must be the sum of the lines, {plain(charged)}, but is {plain(value)}.")
    currencies = {line.currency for line in lines if line.charge is not None}
    if currencies and total.text("currency") not in (None, *currencies):
        total.note("The total must be in the currency of the lines.", "currency")
