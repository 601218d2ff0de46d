"""The story as a table: a row each step, wide where there is room, stacked where there is not."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Column, Table
from rich.text import Text

from app.demo.story import Told

WIDE = 100
"""Columns of a terminal from which on every fact has a column of its own."""

WIDEST = 132
"""Columns beyond which lines get too long to be read."""

STYLES = {
    "approved": "green",
    "paid": "green",
    "found": "green",
    "same": "green",
    "modified": "yellow",
    "pended": "yellow",
    "denied": "red",
    "refused": "red",
}
"""The color of a decision, by its first word; another is as plain as the rest."""

_TITLE = "bold"
_ASIDE = "dim"


def table(told: Sequence[Told], width: int) -> Table:
    """Lay out what was told for a terminal of that width."""
    wide = width >= WIDE
    laid = Table(
        *(_wide_columns() if wide else _stacked_columns()),
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
        width=min(width, WIDEST),
    )
    chapter = None
    for one in told:
        if one.chapter is not chapter:
            chapter = one.chapter
            above = "\n" if laid.row_count else ""
            laid.add_row("", Text(above + chapter.title, style=_TITLE))
        laid.add_row(*(_wide(one) if wide else _stacked(one)))
    return laid


def _wide_columns() -> tuple[Column, ...]:
    return (
        Column("", justify="right", style=_ASIDE, no_wrap=True),
        Column("Who", no_wrap=True),
        Column("What", ratio=3),
        Column("HTTP", no_wrap=True),
        Column("Decision", no_wrap=True),
        Column("Number", no_wrap=True),
        Column("Why", ratio=4),
        Column("ms", justify="right", style=_ASIDE, no_wrap=True),
    )


def _wide(one: Told) -> tuple[Text, ...]:
    who, what = Text(one.step.who), Text(one.step.what)
    number, why = Text(one.shown.number), Text(one.shown.reason)
    return Text(str(one.number)), who, what, _statuses(one), _decision(one), number, why, _milliseconds(one)


def _stacked_columns() -> tuple[Column, ...]:
    return (
        Column("", justify="right", style=_ASIDE, no_wrap=True),
        Column("Who does what", ratio=4),
        Column("HTTP", no_wrap=True),
        Column("Decision, number, why", ratio=5),
        Column("ms", justify="right", style=_ASIDE, no_wrap=True),
    )


def _stacked(one: Told) -> tuple[Text, ...]:
    what = Text(f"{one.step.who} {one.step.what}")
    facts = (_decision(one), Text(one.shown.number), Text(one.shown.reason))
    answer = Text("\n").join(fact for fact in facts if fact)
    return Text(str(one.number)), what, _statuses(one), answer, _milliseconds(one)


def _decision(one: Told) -> Text:
    return Text(one.shown.decision, style=STYLES.get(one.shown.decision.partition(" ")[0], ""))


def _statuses(one: Told) -> Text:
    return Text("\n".join(str(exchange.status) for exchange in one.exchanges))


def _milliseconds(one: Told) -> Text:
    return Text("\n".join(f"{exchange.milliseconds:.0f}" for exchange in one.exchanges))
