"""Tests assert on every path: no assertion of a test depends on an `if` whose other branch asserts nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import pytest

from tests.house.code import Function, functions, place, python_files

TESTS = [file for file in python_files() if file.name.startswith("test_")]


def one_sided(function: Function) -> Iterator[ast.If]:
    """Yield each `if` of a test that asserts in one branch only; statements after a returning branch are the other."""
    for block in blocks(function):
        for number, statement in enumerate(block):
            if isinstance(statement, ast.If):
                other = statement.orelse or (block[number + 1 :] if isinstance(statement.body[-1], ast.Return) else [])
                if asserts(statement.body) != asserts(other):
                    yield statement


def blocks(function: Function) -> Iterator[list[ast.stmt]]:
    """Yield every list of statements in a function."""
    for node in ast.walk(function):
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield value


def asserts(statements: Sequence[ast.stmt]) -> bool:
    return any(is_assertion(node) for statement in statements for node in ast.walk(statement))


def is_assertion(node: ast.AST) -> bool:
    """Recognize `assert`, `pytest.raises` and helpers named `check_…`."""
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.Assert)
    if isinstance(node.func, ast.Attribute):
        return node.func.attr == "raises"
    return isinstance(node.func, ast.Name) and node.func.id.startswith("check_")


def test_no_assertion_of_a_test_depends_on_a_condition() -> None:
    hits = [
        place(file, statement.lineno)
        for file in TESTS
        for function in functions(file)
        if function.name.startswith("test_")
        for statement in one_sided(function)
    ]
    assert hits == []


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("if x:\n        assert y", 1),
        ("for x in y:\n        if x:\n            assert y", 1),
        ("if x:\n        with pytest.raises(ValueError):\n            y()", 1),
        ("if x:\n        assert y\n    else:\n        assert z", 0),
        ("if x:\n        assert y\n        return\n    assert z", 0),
        ("if x:\n        assert y\n        return\n    await check_it(z)", 0),
        ("if x:\n        y()\n    assert z", 0),
    ],
)
def test_an_assertion_in_one_branch_is_noticed(body: str, count: int) -> None:
    [function] = ast.parse(f"def test_it():\n    {body}\n").body
    assert isinstance(function, Function)
    assert len(list(one_sided(function))) == count
