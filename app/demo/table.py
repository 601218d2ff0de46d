"""The story as a table: a row each step, wide where there is room, stacked where there is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from app.demo.story import Told

WIDE = 100
"""Columns of a terminal from which on every fact has a column of its own."""

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
"""The colour of a decision, by its first word; another is as plain as the rest."""


def table(told: Sequence[Told], width: int) -> Table:
    """Lay out what was told for a terminal of that width."""
    wide = width >= WIDE
    laid = _empty(wide=wide, width=width)
    cells: Callable[[Told], tuple[Text, ...]] = _wide if wide else _stacked
    blank = [Text()] * (len(laid.columns) - 2 if wide else len(laid.columns) - 2)
    chapter = None
    for one in told:
        if one.chapter is not chapter:
            chapter = one.chapter
            laid.add_section()
            title = Text(chapter.title, style="bold")
            laid.add_row(Text(), *([Text()] if wide else []), title, *blank[: len(laid.columns) - (3 if wide else 2)])
        laid.add_row(*cells(one))
    return laid
