"""Read the answers of the payers that come before the one that a bill is sent to.

A ClaimResponse with use `claim`, which `insurance.claimResponse` refers to, is the answer of that payer
(http://hl7.org/fhir/R4/claim-definitions.html#Claim.insurance.claimResponse).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from app.bills.read_role import Resources, of_this_server
from app.codes import ADJUDICATION
from app.domain.billing import BilledLine, EarlierPayers
from app.domain.ledger import EXACT
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.pas.parts.read_line import plausible
from app.pas.parts.read_types import codings

_ANSWERED = frozenset({"complete", "partial"})
_PLACES = (("item", "itemSequence"), ("detail", "detailSequence"), ("subDetail", "subDetailSequence"))


def earlier_insurances(claim: Element, focal: Element | None) -> list[Element]:
    """Return the insurances before the focal one: `sequence` is the order in which payers pay."""
    if focal is None:
        return []
    own = focal.integer("sequence") or 0
    others = [insurance for insurance in claim.many("insurance") if not insurance.flag("focal")]
    return [insurance for insurance in others if (insurance.integer("sequence") or 0) <= own]


def read_earlier_payers(
    entries: Entries,
    claim: ResourceElement,
    focal: Element | None,
    lines: Sequence[BilledLine],
    resources: Resources,
) -> EarlierPayers:
    """Read the number of earlier payers and their payments for each line, if every one of them has answered."""
    insurances = earlier_insurances(claim.resource, focal)
    paid = {line.number: Decimal(0) for line in lines}
    for insurance in insurances:
        answer = _answer(entries, claim, insurance, resources)
        payments = None if answer is None else _payments(answer, lines)
        if payments is None:
            return EarlierPayers(len(insurances))
        paid = {number: EXACT.add(amount, payments[number]) for number, amount in paid.items()}
    return EarlierPayers(len(insurances), paid if insurances else None)


def _answer(entries: Entries, claim: ResourceElement, insurance: Element, resources: Resources) -> Element | None:
    reference = insurance.one("claimResponse")
    url = None if reference is None else reference.text("reference")
    if reference is None or url is None:
        return None
    entry = entries.resolve(url, claim) or of_this_server(url, resources)
    if entry is None or entry.type != "ClaimResponse":
        text = "`claimResponse` must resolve to the ClaimResponse of the earlier payer. It was ignored."
        reference.note(text, code="not-found", severity="warning")
        return None
    answer = entry.resource
    answered = answer.text("use") == "claim" and answer.text("outcome") in _ANSWERED
    return answer if answered and answer.text("status") == "active" else None


def _payments(answer: Element, lines: Sequence[BilledLine]) -> dict[str, Decimal] | None:
    """Return the payment for each line: the benefit of its item, else its part of the payment for the whole claim."""
    by_line = dict(_benefits(answer.many("item")))
    own = {line.number: by_line[line.number] for line in lines if line.number in by_line}
    return own if len(own) == len(lines) else _spread(answer, lines)


def _benefits(items: Iterable[Element], above: str = "", depth: int = 0) -> Iterator[tuple[str, Decimal]]:
    for item in items:
        number = f"{above}{item.integer(_PLACES[depth][1])}"
        amount = _benefit(item.many("adjudication"))
        if amount is not None:
            yield number, amount
        if depth + 1 < len(_PLACES):
            yield from _benefits(item.many(_PLACES[depth + 1][0]), f"{number}.", depth + 1)


def _benefit(entries: Iterable[Element]) -> Decimal | None:
    for entry in entries:
        if any((coding.system, coding.code) == (ADJUDICATION, "benefit") for coding in codings(entry, "category")):
            return _amount(entry.one("amount"))
    return None


def _spread(answer: Element, lines: Sequence[BilledLine]) -> dict[str, Decimal] | None:
    """Share out a payment that the earlier payer made for the whole claim, from the first line on."""
    payment = answer.one("payment")
    total = _benefit(answer.many("total"))
    left = _amount(None if payment is None else payment.one("amount")) if total is None else total
    if left is None:
        return None
    shares: dict[str, Decimal] = {}
    for line in lines:
        shares[line.number] = share = min(left, line.charge or Decimal(0))
        left = EXACT.subtract(left, share)
    return shares


def _amount(money: Element | None) -> Decimal | None:
    value = None if money is None else money.decimal("value")
    if money is not None and value is not None and not plausible(value):
        money.note("The payment of an earlier payer must not be negative, and must have at most twelve decimals.")
        return None
    return value
