"""A measured number, and whether it meets its aim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison: `ours` and `baseline` as texts with their unit, `ratio` of the two, and the bound on it.

    `at_least` is True if the ratio must be at least the bound, else at most. A row without a bound has no aim.
    """

    what: str
    ours: str
    baseline: str
    ratio: float | None
    bound: float | None
    at_least: bool = False

    @property
    def holds(self) -> bool:
        if self.ratio is None or self.bound is None:
            return True
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound

    @property
    def target(self) -> str:
        if self.bound is None:
            return "none"
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


def shown(what: str, milliseconds: float) -> Row:
    """Show a time without an aim: absolute times depend on the machine."""
    return Row(what, f"{milliseconds:.3f} ms", "", None, None)


def table(rows: Iterable[Row]) -> Table:
    """Lay the rows out as a table, and mark each row that misses its aim."""
    made = Table("measurement", title="preauth, measured in one run", title_justify="left", show_lines=True)
    for column in ("ours", "baseline", "ratio", "aim", "met"):
        made.add_column(column, justify="right", no_wrap=True)
    for row in rows:
        verdict = "" if row.bound is None else "[green]yes" if row.holds else "[bold red]NO"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        made.add_row(row.what, row.ours, row.baseline, ratio, row.target, verdict)
    return made
