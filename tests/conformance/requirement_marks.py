"""Which tests say which requirements they show, read from their text without importing them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeGuard

from tests.house.code import ROOT, Function, place, python_files, tree

Source = tuple[str, ast.Module]
"""A file's name and its syntax tree."""

Marks = Mapping[str, frozenset[str]]
"""The requirements that tests are marked with, by the test's node id."""


def marked_files() -> Iterator[Source]:
    """Yield the files under `tests`."""
    return ((place(file), tree(file)) for file in python_files() if file.is_relative_to(ROOT / "tests"))


def read_marks(sources: Iterable[Source]) -> Marks:
    """Collect the requirements that tests are marked with, without importing them."""
    found: dict[str, frozenset[str]] = {}
    for name, module in sources:
        for function in _tests(module):
            ids = [_named(mark) for mark in function.decorator_list if is_requirement(mark)]
            if ids:
                found[f"{name}::{function.name}"] = frozenset(ids)
    return found


def marks_elsewhere(sources: Iterable[Source]) -> list[str]:
    """Return where a requirement is named other than by the decorator of a test: such a mark is not counted."""
    return [
        f"{name}:{node.lineno}"
        for name, module in sources
        for counted in [{id(mark) for function in _tests(module) for mark in function.decorator_list}]
        for node in ast.walk(module)
        if is_requirement(node) and id(node) not in counted
    ]


def is_requirement(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether this is `pytest.mark.requirement(…)`."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.requirement"


def _tests(module: ast.Module) -> Iterator[Function]:
    for node in ast.walk(module):
        if isinstance(node, Function) and node.name.startswith("test_"):
            yield node


def _named(mark: ast.Call) -> str:
    """Return the id that a mark names; what is no plain text stands as it is written and is known to no table."""
    [argument] = mark.args
    plain = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return str(ast.literal_eval(argument)) if plain else ast.unparse(argument)
