"""List the lines of the security checklist with their tests, or with the reason why they have none.

`checklist.csv` is written by hand: a sentence for each line, and the part that no test shows.
`python -m tests.security.checklist` writes `docs/security-checklist.md` from it and from the `acceptance` marks.
"""

from __future__ import annotations

import ast
import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from tests.house.code import ROOT, Function, place, python_files, tree

TABLE = Path(__file__).with_name("checklist.csv")
PAGE = ROOT / "docs" / "security-checklist.md"

SUBJECTS = {
    "A": "Authentication",
    "B": "Authorization and tenancy",
    "C": "Limits and parsing",
    "D": "Injection",
    "E": "Calls to other servers",
    "F": "Integrity and retries",
    "G": "Logs, audit and secrets",
    "H": "Transport, browsers and pace",
    "I": "Supply chain and operation",
}

HEAD = """\
# Security checklist

Each line is a defense of the server, with the files of its tests. **Open** names the part that no test shows. To change
a sentence, edit `tests/security/checklist.csv`. To add a test, mark it with `pytest.mark.acceptance("A1")`. Then run
`python -m tests.security.checklist`.
"""


class Line(Struct, frozen=True):
    """A line of the checklist: its number, a sentence, and the part that no test shows."""

    number: str
    sentence: str
    open: str


def read_lines() -> list[Line]:
    """Read the lines in the order of the file."""
    with TABLE.open(encoding="utf-8", newline="") as rows:
        return [Line(row["line"], row["sentence"], row["open"]) for row in csv.DictReader(rows, strict=True)]


def files_by_line() -> dict[str, list[str]]:
    """Return the files with marked tests, by line."""
    by_line: dict[str, list[str]] = defaultdict(list)
    for file in python_files():
        for number in _marked(file):
            by_line[number].append(place(file))
    return by_line


def render(lines: list[Line], files: dict[str, list[str]]) -> str:
    """Write the page: a table for each subject."""
    parts = [HEAD]
    for letter, subject in SUBJECTS.items():
        parts += [f"## {letter}. {subject}\n", "| line | defense | tests |", "|---|---|---|"]
        parts += [_row(line, files.get(line.number, [])) for line in lines if line.number[0] == letter]
        parts.append("")
    return "\n".join(parts)


def _row(line: Line, files: list[str]) -> str:
    sentence = f"{line.sentence} **Open:** {line.open}" if line.open else line.sentence
    shown = ", ".join(f"[{Path(file).stem.removeprefix('test_')}](../{file})" for file in files)
    return f"| {line.number} | {sentence} | {shown or 'none'} |"


def _marked(file: Path) -> set[str]:
    """Return the lines of a file: those that the marks of its tests name, and those of the whole file."""
    whole = [node.value for node in tree(file).body if isinstance(node, ast.Assign)]
    tests = (node for node in ast.walk(tree(file)) if isinstance(node, Function) and node.name.startswith("test_"))
    marks = [*whole, *(mark for test in tests for mark in test.decorator_list)]
    return {number for mark in marks for number in _numbers(mark)}


def _numbers(node: ast.expr) -> Iterator[str]:
    """Yield the lines that `pytest.mark.acceptance(…)` names within an expression."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.acceptance":
            yield from (str(ast.literal_eval(argument)) for argument in call.args)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render(read_lines(), files_by_line()), encoding="utf-8")
