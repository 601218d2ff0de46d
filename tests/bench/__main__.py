"""`make bench`: measure every number that the project publishes in one run, and mark each that misses its aim.

Trust the ratios: their two sides are measured in turns. Times and rates depend on the machine and its load.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sqlite3
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.bench.billed.racing import racing_rows
from tests.bench.billed.scale import scale_rows
from tests.bench.billing import billing_rows
from tests.bench.foreign import foreign_rows
from tests.bench.guarding import guard_rows
from tests.bench.inquiring import inquiry_rows
from tests.bench.memory import memory_rows
from tests.bench.notifying import notification_rows
from tests.bench.row import Row, table
from tests.bench.searching import search_rows
from tests.bench.steps import step_rows
from tests.bench.submitting import submit_rows
from tests.bench.validating import validation_rows
from tests.bench.worklist import worklist_rows
from tests.bench.worst.rows import worst_rows

WIDTH = 140
"""Width of a table that is written to a file, in columns."""


def main() -> None:
    console = Console()
    console = console if console.is_terminal else Console(width=WIDTH)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    console.print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} processors, "
        f"load before {load}; server and load share the processors"
    )
    with tempfile.TemporaryDirectory() as folder, Progress(console=console, transient=True) as progress:
        rows = _measured(Path(folder), progress)
    console.print(table(rows))
    missed = [row.what for row in rows if not row.holds]
    for what in missed:
        console.print(f"[bold red]misses its aim:[/] {what}", highlight=False)
    if not missed:
        console.print("Every target holds.")


def _measured(folder: Path, progress: Progress) -> list[Row]:
    return [
        *submit_rows(folder, progress),
        *asyncio.run(guard_rows(folder, progress)),
        *asyncio.run(foreign_rows(folder, progress)),
        *step_rows(folder, progress),
        *validation_rows(folder, progress),
        *asyncio.run(search_rows(folder, progress)),
        *asyncio.run(worklist_rows(folder, progress)),
        *asyncio.run(inquiry_rows(folder, progress)),
        *asyncio.run(billing_rows(folder, progress)),
        *asyncio.run(racing_rows(folder, progress)),
        *asyncio.run(scale_rows(folder, progress)),
        *asyncio.run(notification_rows(folder, progress)),
        *worst_rows(folder, progress),
        *memory_rows(folder, progress),
    ]


if __name__ == "__main__":
    main()
