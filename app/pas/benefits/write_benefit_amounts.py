"""Write the decision, the units and the amounts of an ExplanationOfBenefit.

PDex allows four categories of adjudication: an amount, units allowed, units consumed, and the reason of a denial.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from app.codes import (
    ABSENT,
    AUTHORIZED_UNITS,
    DECIDED,
    DENIAL_REASON,
    PDEX_DISCRIMINATOR,
    PDEX_VALUES,
    pas,
    pdex,
)
from app.domain.ledger import EXACT, LARGEST, total
from app.pas.parts.write_types import SUBMITTED, Json, concept, extension, money

_PARTS = {pas("extension-reviewActionCode"): pdex("extension-reviewActionCode")}
_REVIEW_ACTION = pas("extension-reviewAction")
_PDEX_REVIEW_ACTION = pdex("extension-reviewAction")
_WHEN = pdex("base-ext-when-adjudicated")
_UTILIZATION = pdex("PriorAuthorizationUtilization")
_NO_AMOUNT = {"extension": [extension(ABSENT, valueCode="not-applicable")]}
_CENT = Decimal("0.01")
_MOST_DIGITS = 12


def adjudications(answer: Json, sent: Json) -> list[Json]:
    """Write the adjudication of a line: the decision with its amount or its units, then what else is known.

    The decision stands on the charged amount; without one on the units allowed, or else on an absent amount.
    """
    reviews = [own for each in answer.get("adjudication", ()) for own in _reviews(each)]
    if not reviews:
        return []
    units, amount = units_of(answer), charge(sent)
    dated = [extension(_WHEN, valueDateTime=own["valueDate"]) for own in _own(answer, DECIDED)]
    decision: Json = {"extension": [*map(_review, reviews), *dated]}
    allowed = None if "authorized" not in units else _value("allowedunits", units["authorized"]["value"])
    if amount is None and allowed is not None:
        written = [{**decision, **allowed}]
    else:
        written = [{**decision, "category": SUBMITTED, "amount": amount or _NO_AMOUNT}]
        written += [] if allowed is None else [allowed]
    if "used" in units:
        written.append(_value("consumedunits", units["used"]["value"]))
    reasons = (own["valueCodeableConcept"] for own in _own(answer, DENIAL_REASON))
    return [*written, *({"category": _category("denialreason"), "reason": reason} for reason in reasons)]


def wrapped(adjudication: Json) -> Json:
    """Write the decision on an addItem under the URLs of PDex."""
    return {**adjudication, "extension": [_review(own) for own in _reviews(adjudication)]}


def units_of(answer: Json) -> Json:
    """Return the Quantities authorized, used and left, as the stored answer has them."""
    return {
        part["url"]: part["valueQuantity"]
        for own in _own(answer, AUTHORIZED_UNITS)
        for part in own["extension"]
        if "valueQuantity" in part
    }


def charge(sent: Json) -> Json | None:
    """Return the charge of a line: its net amount, or the price of its units."""
    if "net" in sent:
        net: Json = sent["net"]
        return net
    price, quantity = sent.get("unitPrice", {}).get("value"), sent.get("quantity", {}).get("value", 1)
    if price is None:
        return None
    amount = _product(price, quantity, sent.get("factor", 1))
    return None if amount is None else money(amount, sent["unitPrice"].get("currency", "USD"))


def totals(response: Json, lines: Iterable[Json]) -> list[Json]:
    """Write the units requested, authorized and used of all items; none if the items count different units."""
    answers = {line["itemSequence"]: units_of(line) for line in response.get("item", ()) if "detail" not in line}
    rows = [(line, answers[line["sequence"]]) for line in lines if answers.get(line["sequence"])]
    if not rows or len({row["used"].get("unit") for _, row in rows}) != 1:
        return []
    unlimited = any("authorized" not in row for _, row in rows)
    return [
        *_total("submitted", [line["quantity"] for line, _ in rows if "quantity" in line]),
        *_total("eligible", [] if unlimited else [row["authorized"] for _, row in rows]),
        *_total("utilized", [row["used"] for _, row in rows]),
    ]


def _total(code: str, quantities: list[Json]) -> Iterator[Json]:
    if quantities:
        units = total(Decimal(each.get("value", 0)) for each in quantities)
        yield {
            "extension": [extension(_UTILIZATION, valueQuantity={**quantities[0], "value": units})],
            "category": concept(PDEX_VALUES, code),
            "amount": _NO_AMOUNT,
        }


def _reviews(adjudication: Json) -> list[Json]:
    return [own for own in adjudication.get("extension", ()) if own.get("url") == _REVIEW_ACTION]


def _review(sent: Json) -> Json:
    parts = [{**part, "url": _PARTS.get(part["url"], part["url"])} for part in sent["extension"]]
    return {"url": _PDEX_REVIEW_ACTION, "extension": parts}


def _own(answer: Json, url: str) -> list[Json]:
    return [own for own in answer.get("extension", ()) if own.get("url") == url]


def _value(code: str, value: Any) -> Json:
    return {"category": _category(code), "value": value}


def _category(code: str) -> Json:
    return concept(PDEX_DISCRIMINATOR, code)


def _product(*factors: Any) -> Decimal | None:
    """Return the product to the cent; None if a factor is too large, or too precise, for an amount of money."""
    product = Decimal(1)
    for factor in map(Decimal, factors):
        if abs(factor) > LARGEST or abs(factor.adjusted()) > _MOST_DIGITS:
            return None
        product = EXACT.multiply(product, factor)
    return product.quantize(_CENT, context=EXACT)
