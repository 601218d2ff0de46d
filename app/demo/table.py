"""Lay out the demo as a table with a row per step: wide on wide terminals, stacked on narrow ones."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Column, Table
from rich.text import Text

from app.demo.story import StepResult

WIDE = 100
"""From this terminal width, each fact has its own column."""

WIDEST = 132
"""The widest table: longer lines are hard to read."""

STYLES = {
    "approved": "green",
    "paid": "green",
    "found": "green",
    "same": "green",
    "subscribed": "green",
    "attached": "green",
    "recorded": "green",
    "read": "green",
    "modified": "yellow",
    "pended": "yellow",
    "open": "yellow",
    "cancelled": "yellow",
    "voided": "yellow",
    "denied": "red",
    "rejected": "red",
}
"""The color of a decision, by its first word. Other decisions have none."""

_TITLE = "bold"
_ASIDE = "dim"


def table(results: Sequence[StepResult], width: int) -> Table:
    """Lay out the results for a terminal of that width."""
    wide = width >= WIDE
    laid = Table(
        *(_wide_columns() if wide else _stacked_columns()),
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
        width=min(width, WIDEST),
    )
    chapter = None
    for result in results:
        if result.chapter is not chapter:
            chapter = result.chapter
            above = "\n" if laid.row_count else ""
            laid.add_row("", Text(above + chapter.title, style=_TITLE))
        laid.add_row(*(_wide(result) if wide else _stacked(result)))
    return laid


def _wide_columns() -> tuple[Column, ...]:
    return (
        Column("", justify="right", style=_ASIDE, no_wrap=True),
        Column("Actor", no_wrap=True),
        Column("Step", ratio=3),
        Column("HTTP", no_wrap=True),
        Column("Decision", no_wrap=True),
        Column("Number", no_wrap=True),
        Column("Reason", ratio=4),
        Column("ms", justify="right", style=_ASIDE, no_wrap=True),
    )


def _wide(result: StepResult) -> tuple[Text, ...]:
    step, shown = result.step, result.shown
    action = (Text(str(result.number)), Text(step.actor), Text(step.action), _statuses(result))
    return *action, _decision(result), Text(shown.number), Text(shown.reason), _milliseconds(result)


def _stacked_columns() -> tuple[Column, ...]:
    return (
        Column("", justify="right", style=_ASIDE, no_wrap=True),
        Column("Step", ratio=4),
        Column("HTTP", no_wrap=True),
        Column("Decision, number, reason", ratio=5),
        Column("ms", justify="right", style=_ASIDE, no_wrap=True),
    )


def _stacked(result: StepResult) -> tuple[Text, ...]:
    action = Text(f"{result.step.actor} {result.step.action}")
    facts = (_decision(result), Text(result.shown.number), Text(result.shown.reason))
    answer = Text("\n").join(fact for fact in facts if fact)
    return Text(str(result.number)), action, _statuses(result), answer, _milliseconds(result)


def _decision(result: StepResult) -> Text:
    decision = result.shown.decision
    return Text(decision, style=STYLES.get(decision.partition(" ")[0], ""))


def _statuses(result: StepResult) -> Text:
    return Text("\n".join(str(exchange.status) for exchange in result.exchanges))


def _milliseconds(result: StepResult) -> Text:
    return Text("\n".join(f"{exchange.milliseconds:.0f}" for exchange in result.exchanges))
