"""Write the process notes of an answer: numbered sentences for the provider, which the items refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from app.domain.authorization import AuthorizedItem, Granted, RequestWarning, ReviewAction
from app.domain.line_result import plain
from app.domain.request import RequestedItem
from app.fhir.instants import instant
from app.pas.parts.write_types import Json


class Notes:
    """The process notes of one answer, without duplicates."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def numbers(self, texts: Sequence[str]) -> list[int]:
        """Return the numbers of these texts. A new text gets the next number."""
        return [self._numbers.setdefault(text, len(self._numbers) + 1) for text in dict.fromkeys(texts) if text]

    def written(self) -> list[Json]:
        """Write the notes in the order of their numbers."""
        return [{"number": number, "type": "display", "text": text} for text, number in self._numbers.items()]


def note_texts(item: AuthorizedItem, due: datetime | None) -> list[str]:
    """Return the notes on an item: the reason, the cuts, and for a pended item the missing documents and the due time.

    FHIR has no element for the due time, so the note gives it, as an instant in UTC.
    """
    decision = item.decision
    texts = [decision.reason.text] if decision.reason is not None else []
    if decision.granted is not None:
        texts += cut_texts(item.requested, decision.granted)
    if decision.action is ReviewAction.PENDED:
        if decision.ask_for:
            texts.append(f"Please send: {', '.join(f'LOINC {code}' for code in decision.ask_for)}.")
        if due is not None:
            texts.append(f"A decision is due by {instant(due)}.")
    return texts


def cut_texts(requested: RequestedItem, granted: Granted) -> Iterator[str]:
    """Name the authorized units and days where they are fewer than requested."""
    if granted.quantity is not None and granted.quantity != requested.quantity:
        requested_units = "" if requested.quantity is None else f" of {plain(requested.quantity)}"
        yield f"{plain(granted.quantity)}{requested_units} {granted.unit or requested.unit or 'units'} authorized."
    days, period = requested.serviced, granted.period
    if days is None:
        return
    if period.start is not None and days.start is not None and days.start < period.start:
        yield f"Authorized from {period.start}; requested from {days.start}."
    if period.end is not None and days.end is not None and period.end < days.end:
        yield f"Authorized until {period.end}; requested until {days.end}."


def warning_texts(warnings: Iterable[RequestWarning]) -> list[str]:
    """Return the warnings about a body that was processed, each with its place."""
    return [f"{warning.path}: {warning.text}" if warning.path else warning.text for warning in warnings]
