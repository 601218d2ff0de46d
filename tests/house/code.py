"""Read the project's own Python as text and as syntax trees, for the house tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def python_files() -> tuple[Path, ...]:
    """Return every Python file of the program and of its tests."""
    return tuple(sorted(file for room in ("app", "tests") for file in (ROOT / room).rglob("*.py")))


@cache
def tree(file: Path) -> ast.Module:
    """Return the file's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def lines(file: Path) -> int:
    """Count the file's lines."""
    return len(file.read_text(encoding="utf-8").splitlines())


def functions(file: Path) -> Iterator[Function]:
    """Yield every function of the file, methods and inner ones too."""
    for node in ast.walk(tree(file)):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Count a function's lines from its `def` to its end, without its docstring."""
    assert function.end_lineno is not None
    total = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and first.end_lineno is not None:
        total -= first.end_lineno - first.lineno + 1
    return total


def place(file: Path, line: int | None = None) -> str:
    """Name a place the way an editor opens it."""
    name = str(file.relative_to(ROOT))
    return name if line is None else f"{name}:{line}"
