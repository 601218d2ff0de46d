"""Collect counts of tests from all processes, and show their sums at the end of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest

PROPERTY = "tally"

Record = Callable[[str, object], None]
"""pytest's `record_property`."""

Cells = tuple[str, ...]
Sums = dict[Cells, list[int]]


def note(record: Record, columns: Iterable[str], rows: Mapping[Cells, Iterable[int]]) -> None:
    """Note rows of the table with these columns: cells of text, and the numbers to add up."""
    record(PROPERTY, [list(columns), [[list(words), list(numbers)] for words, numbers in rows.items()]])


def tables(reports: Iterable[pytest.TestReport]) -> Iterator[list[str]]:
    """Yield the lines of each table with the sums of its parts."""
    found: dict[Cells, Sums] = {}
    noted: list[Any] = [value for report in reports for name, value in report.user_properties if name == PROPERTY]
    for columns, rows in noted:
        table = found.setdefault(tuple(columns), {})
        for words, numbers in rows:
            before = table.get(tuple(words), [0] * len(numbers))
            table[tuple(words)] = [one + other for one, other in zip(before, numbers, strict=True)]
    for columns, sums in found.items():
        yield list(_aligned(columns, sums))


def _aligned(columns: Cells, sums: Sums) -> Iterator[str]:
    table = [columns, *((*words, *map(str, numbers)) for words, numbers in sorted(sums.items()))]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    words = min(map(len, sums), default=0)
    sides = [str.ljust if at < words else str.rjust for at in range(len(columns))]
    for row in table:
        yield "  ".join(side(cell, width) for side, cell, width in zip(sides, row, widths, strict=True))
