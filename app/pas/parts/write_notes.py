"""Write the process notes of an answer: numbered sentences for the provider, which the items refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from app.domain.authorization import AuthorizedItem, RequestWarning
from app.domain.datatypes import Period
from app.domain.decision import Granted, ItemDecision, ReviewAction
from app.domain.line_result import plain
from app.domain.request import RequestedItem
from app.domain.units import name_of
from app.fhir.instants import instant
from app.pas.parts.write_types import Json

_DENIED = frozenset({ReviewAction.NOT_CERTIFIED, ReviewAction.MODIFIED})
"""The decisions that deny a request in whole or in part."""


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
    """Return the notes on an item: the reason, a reviewer's note, the cuts, and what the provider can do next.

    A pended item has the documents and the due time. FHIR has no element for the due time, so the note gives it, as an
    instant in UTC. A denied or reduced item has the criterion, the day of the decision and the appeal.
    """
    decision = item.decision
    texts = [reason.text for reason in decision.reasons]
    if decision.note is not None:
        texts.append(decision.note)
    if decision.granted is not None:
        texts += cut_texts(item.requested, decision.granted)
    texts += standing_texts(item)
    if decision.action is ReviewAction.NOT_REQUIRED:
        texts.append("This service needs no authorization. A bill for it needs no authorization number.")
    if decision.action is ReviewAction.PENDED:
        if decision.missing:
            texts.append(f"The request does not give: {', '.join(decision.missing)}.")
        texts += document_texts(decision)
        if due is not None:
            texts.append(f"A decision is due by {instant(due)}.")
    elif decision.action in _DENIED:
        texts += denial_texts(decision)
    return texts


def standing_texts(item: AuthorizedItem) -> Iterator[str]:
    """Name the day of a cancellation, and what stays of an earlier grant while an update is not granted."""
    decision, granted = item.decision, None if item.standing is None else item.granted
    cancelled = decision.action is ReviewAction.CANCELLED
    if cancelled and item.requested.cancelled:
        yield f"Cancelled on {decision.decided}."
    if granted is None:
        return
    units = "any number of units" if granted.quantity is None else plain(granted.quantity)
    if granted.quantity is not None:
        units += f" {name_of(granted.unit or item.requested.unit)}"
    days = _days(granted.period)
    number = "" if item.previous_number is None else f" under number {item.previous_number}"
    stays = "Bills for services up to this day stay authorized" if cancelled else "The earlier authorization stays"
    yield f"{stays}{number if cancelled else ''}: {units}{days}."


def _days(period: Period) -> str:
    start = "" if period.start is None else f" from {period.start}"
    return start if period.end is None else f"{start} until {period.end}"


def document_texts(decision: ItemDecision) -> Iterator[str]:
    """Name the documents that a reviewer still needs, and those that the payer has."""
    if decision.ask_for:
        missing = (f"LOINC {document}" if isinstance(document, str) else str(document) for document in decision.ask_for)
        yield f"Please send: {', '.join(missing)}."
    if decision.received:
        next_step = "" if decision.ask_for else " A reviewer reads them and decides."
        yield f"Received: {', '.join(map(str, decision.received))}.{next_step}"


def denial_texts(decision: ItemDecision) -> Iterator[str]:
    """Name the day and the criterion of a denial, in whole or in part, and the right to appeal it."""
    criterion, appeal = decision.criterion, decision.appeal
    under = "" if criterion is None else f" under: {criterion.title} ({criterion.reference})"
    yield f"Decided on {decision.decided}{under}."
    if appeal is not None:
        denied = "the denial" if decision.action is ReviewAction.NOT_CERTIFIED else "the part that is not authorized"
        texts = [f"The last day to appeal {denied} is {appeal.until}.", appeal.how, appeal.expedited]
        yield " ".join(filter(None, texts))


def cut_texts(requested: RequestedItem, granted: Granted) -> Iterator[str]:
    """Name the authorized units and days where they are fewer than requested, and the event that ends the grant."""
    unit = name_of(granted.unit or requested.unit)
    if granted.quantity is not None and granted.quantity != requested.quantity:
        yield f"{plain(granted.quantity)} of {plain(requested.quantity)} {unit} authorized."
    if granted.cap is not None:
        yield f"At most {plain(granted.cap.units)} {unit} in a {granted.cap.per}."
    if granted.circumstance is not None:
        yield f"The authorization ends with: {granted.circumstance}"
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
