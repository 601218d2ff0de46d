"""Turn the answer to a claim into the preview of a dry run: the same reasons, and nothing paid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec.structs import replace

from app.domain.adjustment_key import AdjustmentKey
from app.domain.billing import Adjudication, AdjudicationReason, Adjustment, Draw, LineResult
from app.domain.line_result import because, drawn_note, plain


def previewed(adjudication: Adjudication, reasons: Mapping[str, AdjudicationReason]) -> Adjudication:
    """Return the preview: what the claim would be paid is an adjustment of its own, so that each line adds up.

    Its number is the one to use, if all lines have the same.
    """
    reason = reasons[AdjustmentKey.PREDETERMINED]
    lines = tuple(_previewed(line, reason) if line.paid else line for line in adjudication.lines)
    numbers = {number for line in adjudication.lines for number in _numbers(line)}
    return replace(adjudication, lines=lines, number=numbers.pop() if len(numbers) == 1 else None)


def _numbers(line: LineResult) -> Iterator[str]:
    """Yield the numbers to use for a line: those that it would draw on, or the one that it omits."""
    yield from (draw.number for draw in line.draws)
    if line.linked is not None and line.reason is not None and line.reason.key == AdjustmentKey.NUMBER_OMITTED:
        yield line.linked.number


def _previewed(line: LineResult, reason: AdjudicationReason) -> LineResult:
    """Preview a line that would be paid. Its draws are those that the claim would make."""
    drawn = set(map(drawn_note, line.draws))
    notes = (note for note in line.notes if note not in drawn)
    return replace(
        line,
        paid_units=Decimal(0),
        paid_amount=None if line.paid_amount is None else Decimal(0),
        adjustments=(Adjustment(reason, line.paid_units, line.paid_amount), *line.adjustments),
        notes=(because(reason), *map(_would_draw, line.draws), *notes),
    )


def _would_draw(draw: Draw) -> str:
    left = "no limit" if draw.remaining is None else plain(draw.remaining)
    return f"Units that the claim would draw from authorization {draw.number}: {plain(draw.units)}. Left then: {left}."
