"""Write the answers to the lines of a billing claim (http://hl7.org/fhir/R4/claimresponse.html).

The answer to a detail stands below its item. The amounts of an item with details are the sums of its details.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby

from app.bills.write_advice import write_advice
from app.codes import ADJUDICATION, CARC, LINKED_AUTHORIZATION, OUR_ADJUDICATION, RARC, X12_GROUP_CODE
from app.domain.billing import Adjustment, BilledLine, Draw, LineResult, Link
from app.domain.ledger import EXACT
from app.domain.parts.group_codes import check_adjustment
from app.pas.parts.write_notes import Notes
from app.pas.parts.write_types import BELOW, SEQUENCES, SUBMITTED, Json, concept, extension, money

BENEFIT = concept(ADJUDICATION, "benefit")
ADJUSTMENT = concept(OUR_ADJUDICATION, "adjustment")
REMARK = concept(OUR_ADJUDICATION, "remark")

Answer = tuple[LineResult, BilledLine]


def write_lines(answers: Sequence[Answer], notes: Notes) -> list[Json]:
    """Write the items, with their details."""
    return [_write(list(group), notes, 0) for _, group in groupby(answers, lambda answer: answer[1].sequence)]


def _write(answers: list[Answer], notes: Notes, depth: int) -> Json:
    result, line = answers[0]
    number = line.path[depth]
    if len(line.detail) == depth:
        return {SEQUENCES[depth]: number, **_line(result, line, notes)}
    below = [
        _write(list(group), notes, depth + 1) for _, group in groupby(answers, lambda answer: answer[1].detail[depth])
    ]
    return {SEQUENCES[depth]: number, "adjudication": _sums(answers), BELOW[depth]: below}


def _sums(answers: Iterable[Answer]) -> list[Json]:
    results = [(result, line) for result, line in answers]
    currency = next((line.currency for _, line in results if line.charge is not None), "USD")
    entries = [
        _entry(SUBMITTED, _sum(line.charge for _, line in results), currency),
        _entry(BENEFIT, _sum(result.paid_amount for result, _ in results), currency),
    ]
    if any(result.reason is not None for result, _ in results):
        entries.append(_entry(ADJUSTMENT, _sum(result.adjusted_amount for result, _ in results), currency))
    return entries


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total: Decimal | None = None
    for amount in amounts:
        if amount is not None:
            total = amount if total is None else EXACT.add(total, amount)
    return total


def _line(result: LineResult, line: BilledLine, notes: Notes) -> Json:
    written: Json = {}
    links = result.draws or ([] if result.linked is None else [result.linked])
    if links:
        written["extension"] = [_linked(link) for link in links]
    if result.advice is not None:
        written.setdefault("extension", []).append(write_advice(result.advice))
    numbers = notes.numbers(result.notes)
    if numbers:
        written["noteNumber"] = numbers
    return {**written, "adjudication": [*_amounts(result, line), *_adjustments(result), *_remarks(result)]}


def _amounts(result: LineResult, line: BilledLine) -> list[Json]:
    submitted = _entry(SUBMITTED, line.charge, line.currency, line.quantity)
    return [submitted, _entry(BENEFIT, result.paid_amount, result.currency, result.paid_units)]


def _adjustments(result: LineResult) -> list[Json]:
    return [_adjustment(adjustment, result) for adjustment in result.adjustments]


def _adjustment(adjustment: Adjustment, result: LineResult) -> Json:
    reason = adjustment.reason
    check_adjustment(reason.group, reason.carc, (*reason.remarks, *result.remarks))
    category = {"coding": [*ADJUSTMENT["coding"], {"system": X12_GROUP_CODE, "code": reason.group}]}
    entry = _entry(category, adjustment.amount, result.currency, adjustment.units)
    return {**entry, "reason": concept(CARC, reason.carc)}


def _remarks(result: LineResult) -> list[Json]:
    of_reasons = (code for adjustment in result.adjustments for code in adjustment.reason.remarks)
    codes = dict.fromkeys((*of_reasons, *result.remarks))
    return [{"category": REMARK, "reason": concept(RARC, code)} for code in codes]


def _entry(category: Json, amount: Decimal | None, currency: str, units: Decimal | None = None) -> Json:
    entry: Json = {"category": category}
    if amount is not None:
        entry["amount"] = money(amount, currency)
    return entry if units is None else {**entry, "value": units}


def _linked(linked: Draw | Link) -> Json:
    """Write the authorization that the line drew on, or that its denial is about."""
    parts = [
        extension("number", valueString=linked.number),
        extension("authorization", valueReference={"reference": f"ClaimResponse/{linked.authorization}"}),
        extension("item", valueString=linked.item),
    ]
    if isinstance(linked, Draw):
        parts.append(extension("units-drawn", valueDecimal=linked.units))
        if linked.remaining is not None:
            parts.append(extension("units-remaining", valueDecimal=linked.remaining))
    return extension(LINKED_AUTHORIZATION, extension=parts)
