"""Values reach a database as parameters: no text of SQL has a value in it, and no filter is made of a request."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.code import ROOT, place, python_files, tree

ADAPTERS = ROOT / "app/adapters"
DRIVERS = frozenset({"sqlite3", "motor", "pymongo", "bson"})
SQL = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|PRAGMA|EXISTS|FROM|WHERE)\b")

FRAGMENTS = frozenset({
    "_DOCUMENTS", "_LOG_KEPT", "_CACHE_KIB", "_SCANNED", "_marks(condition.values)", "way",
    "bounds", "column", "comparison", "condition", "ends", "key", "narrowing",
    "number", "number + 1", "_marks(some)", "_COLUMNS[Order(limits.name)]",
})  # fmt: skip
"""The only substitutions in a text of SQL: names of columns, marks for parameters, and conditions made of these."""

FILES = [file for file in python_files() if file.is_relative_to(ADAPTERS)]
OTHERS = [file for file in python_files() if file.is_relative_to(ROOT / "app") and file not in FILES]


@pytest.mark.acceptance("D51")
@pytest.mark.parametrize("file", FILES, ids=place)
def test_no_text_of_sql_has_a_value_in_it(file: Path) -> None:
    assert [f"{place(file, line)} {part}" for line, part in substitutions(tree(file)) if part not in FRAGMENTS] == []


@pytest.mark.acceptance("D51")
def test_only_the_adapters_know_a_driver() -> None:
    assert [place(file) for file in OTHERS if imported(tree(file)) & DRIVERS] == []


@pytest.mark.acceptance("D51")
@pytest.mark.parametrize(
    "source",
    ['f"SELECT * FROM t WHERE a = {value}"', '"SELECT %s" % value', '"SELECT {}".format(value)', '"SELECT " + value'],
)
def test_a_value_in_a_text_of_sql_is_noticed(source: str) -> None:
    assert [part for _, part in substitutions(ast.parse(source)) if part not in FRAGMENTS] == ["value"]


def substitutions(module: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the expressions that are put into texts of SQL, by formatting or by addition."""
    for node in ast.walk(module):
        for part in _put_in(node):
            yield part.lineno, ast.unparse(part)


def _put_in(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.JoinedStr(values) if is_sql(node):
            return [part.value for part in values if isinstance(part, ast.FormattedValue)]
        case ast.BinOp(left, ast.Mod() | ast.Add(), right) if is_sql(left):
            return [right]
        case ast.Call(ast.Attribute(text, "format"), arguments) if is_sql(text):
            return list(arguments)
    return []


def is_sql(node: ast.AST) -> bool:
    texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return SQL.search(" ".join(texts)) is not None


def imported(module: ast.AST) -> set[str]:
    """Return the packages that a module imports."""
    names = [alias.name for node in ast.walk(module) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}
