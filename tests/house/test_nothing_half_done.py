"""The source is finished: no reminders, no stubs, no log line with a formatted value."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.code import ROOT, Function, functions, place, python_files, tree

NOTES = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
LOG_METHODS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
THIS_FILE = Path(__file__)

PROGRAM = [file for file in python_files() if file.is_relative_to(ROOT / "app")]


def test_no_file_has_a_reminder() -> None:
    notes = [
        place(file, number)
        for file in python_files()
        if file != THIS_FILE
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if NOTES.search(line)
    ]
    assert notes == []


def stubs(module: ast.Module) -> list[Function]:
    """Return functions without a body. Methods of a Protocol and functions with a docstring may be empty."""
    promised = {
        id(node)
        for protocol in ast.walk(module)
        if isinstance(protocol, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in protocol.bases)
        for node in protocol.body
    }
    found = [node for node in ast.walk(module) if isinstance(node, Function) and id(node) not in promised]
    return [function for function in found if is_stub(function)]


def is_stub(function: Function) -> bool:
    body = function.body if ast.get_docstring(function) is None else function.body[1:]
    return bool(body) and all(does_nothing(statement) for statement in body)


def does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        return statement.exc is not None and "NotImplemented" in ast.unparse(statement.exc)
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def test_no_function_of_the_program_is_a_stub() -> None:
    assert [place(file, function.lineno) for file in PROGRAM for function in stubs(tree(file))] == []


@pytest.mark.parametrize("body", ["...", "pass", "raise NotImplementedError", "'''Later.'''\n    ..."])
def test_a_stub_is_recognized(body: str) -> None:
    assert len(stubs(ast.parse(f"def f():\n    {body}\n"))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "class P(Protocol):\n    def f(self): ...\n",
        "class P(Protocol[T]):\n    def f(self): ...\n",
        "def f():\n    return None\n",
        "def f():\n    '''Nothing is open, so nothing is closed.'''\n",
    ],
)
def test_a_protocol_and_a_documented_empty_function_are_not_stubs(source: str) -> None:
    assert stubs(ast.parse(source)) == []


def test_every_log_call_begins_with_a_constant() -> None:
    varying = [
        place(file, call.lineno)
        for file in PROGRAM
        if file.parent.name != "log"
        for call in ast.walk(tree(file))
        if isinstance(call, ast.Call) and is_log_call(call) and not begins_with_a_constant(call)
    ]
    assert varying == []


def is_log_call(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in LOG_METHODS:
        return False
    return ast.unparse(call.func.value) in ("log", "logger", "_log", "get_logger()", "log.get_logger()")


def begins_with_a_constant(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant)


def test_every_test_has_a_sentence_as_its_name() -> None:
    short = [
        place(file, function.lineno)
        for file in python_files()
        if file.name.startswith("test_")
        for function in functions(file)
        if function.name.startswith("test_") and function.name.count("_") < 3
    ]
    assert short == []
