"""`workflow/changes.py` writes every change: no other workflow makes a row of the store by hand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.code import ROOT, place, python_files, tree

WRITER = ROOT / "app/workflow/changes.py"
ROWS = frozenset({"Insert", "Replace", "Delete", "Check"})
WORKFLOWS = [file for file in python_files() if file.is_relative_to(ROOT / "app/workflow") and file != WRITER]


def test_only_the_writer_of_changes_makes_rows() -> None:
    assert [place(file, line) for file in WORKFLOWS for line in rows(file)] == []


def test_only_the_writer_of_changes_takes_rows_from_the_records() -> None:
    taken = [
        f"{place(file, node.lineno)} {name.name}"
        for file in WORKFLOWS
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.records")
        for name in node.names
        if name.name.endswith(("_insert", "_replace", "_delete", "_write"))
    ]
    assert taken == []


def test_a_row_made_by_hand_is_noticed() -> None:
    assert list(_made(ast.parse("commit(Insert(document))"))) == [1]
    assert list(rows(WRITER)) != []


def rows(file: Path) -> Iterator[int]:
    return _made(tree(file))


def _made(module: ast.AST) -> Iterator[int]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ROWS:
                yield node.lineno
