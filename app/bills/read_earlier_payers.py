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
from app.domain.ledger import EXACT, total
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.pas.parts.limits import MOST_INSURANCES
from app.pas.parts.read_line import plausible
from app.pas.parts.read_types import codings

NOTHING = Decimal(0)

_ANSWERED = frozenset({"complete", "partial"})
_PLACES = (("item", "itemSequence"), ("detail", "detailSequence"), ("subDetail", "subDetailSequence"))


def earlier_insurances(claim: Element, focal: Element | None) -> list[Element]:
    """Return the insurances before the focal one: `sequence` is the order in which payers pay.

    Those past the limit are left out: `focal_insurance` refuses the Claim.
    """
    if focal is None:
        return []
    own = focal.integer("sequence") or 0
    others = [insurance for insurance in claim.many("insurance")[:MOST_INSURANCES] if not insurance.flag("focal")]
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
    paid = {line.number: NOTHING for line in lines}
    whole = NOTHING
    currency = next((line.currency for line in lines if line.charge is not None), None)
    for insurance in insurances:
        answer = _answer(entries, claim, insurance, resources)
        payments = None if answer is None else _payments(answer, lines, currency)
        if payments is None:
            return EarlierPayers(len(insurances))
        by_line, rest = payments
        paid = {number: EXACT.add(amount, by_line.get(number, NOTHING)) for number, amount in paid.items()}
        whole = EXACT.add(whole, rest)
    return EarlierPayers(len(insurances), paid, whole) if insurances else EarlierPayers()


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


def _payments(
    answer: Element, lines: Sequence[BilledLine], currency: str | None
) -> tuple[dict[str, Decimal], Decimal] | None:
    """Return the payments for the lines, and that for the whole claim, if a line has no payment of its own.

    The payments for items with details are shared out, too.
    """
    by_line: dict[str, Decimal] = {}
    for number, amount in _benefits(answer.many("item"), currency):
        by_line[number] = EXACT.add(by_line.get(number, NOTHING), amount)
    if all(line.number in by_line for line in lines):
        return by_line, NOTHING
    payment = answer.one("payment")
    whole = _benefit(answer.many("total"), currency)
    if whole is None:
        whole = _amount(None if payment is None else payment.one("amount"), currency)
    items = {str(line.sequence) for line in lines}
    if whole is None and items <= by_line.keys():
        whole = total(by_line[item] for item in items)
    return None if whole is None else ({}, whole)


def _benefits(
    items: Iterable[Element], currency: str | None, above: str = "", depth: int = 0
) -> Iterator[tuple[str, Decimal]]:
    for item in items:
        number = f"{above}{item.integer(_PLACES[depth][1])}"
        amount = _benefit(item.many("adjudication"), currency)
        if amount is not None:
            yield number, amount
        if depth + 1 < len(_PLACES):
            yield from _benefits(item.many(_PLACES[depth + 1][0]), currency, f"{number}.", depth + 1)


def _benefit(entries: Iterable[Element], currency: str | None) -> Decimal | None:
    """Return the sum of the benefits; None if there is none, or one that does not count."""
    benefits = [
        _amount(entry.one("amount"), currency)
        for entry in entries
        if any((coding.system, coding.code) == (ADJUDICATION, "benefit") for coding in codings(entry, "category"))
    ]
    known = [benefit for benefit in benefits if benefit is not None]
    return total(known) if known and len(known) == len(benefits) else None


def _amount(money: Element | None, currency: str | None) -> Decimal | None:
    """Return an amount in the currency of the lines; None for another one, of which the server knows no rate."""
    value = None if money is None else money.decimal("value")
    if money is None or value is None:
        return None
    if not plausible(value):
        money.note("The payment of an earlier payer must not be negative, and must have at most twelve decimals.")
        return None
    if currency is not None and money.text("currency") not in {None, currency}:
        money.note(f"The payment of an earlier payer must be in the currency of the lines, {currency}.", "currency")
        return None
    return value
