"""Only the records read the store, so that no path to a served resource can forget the caller's Reach."""

from __future__ import annotations

import ast
import re

from tests.house.code import ROOT, python_files, tree

READS = frozenset({"get", "get_many", "find", "count"})
"""The reads of `app.ports.Documents`."""

HEALTH = "app/web/health.py"
"""Reads a row that does not exist, to see whether the store answers."""

STORES = re.compile(r"documents|store|lookup")
"""The names of variables with a store."""


def reading(module: ast.AST) -> bool:
    """Return whether a module calls a read of the store."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in READS
        and STORES.search(ast.unparse(node.func.value).rpartition(".")[2])
        for node in ast.walk(module)
    )


def test_only_the_records_read_the_store() -> None:
    files = [file for file in python_files() if file.is_relative_to(ROOT / "app")]
    readers = {file.relative_to(ROOT).as_posix() for file in files if reading(tree(file))}
    elsewhere = {name for name in readers if not name.startswith(("app/records/", "app/adapters/"))}
    assert elsewhere == {HEALTH}


def test_a_read_of_the_store_is_noticed() -> None:
    assert reading(ast.parse("await system.documents.get(kind, id_)"))
    assert reading(ast.parse("documents.find(query)"))
    assert reading(ast.parse("await store.get(kind, id_)"))
    assert not reading(ast.parse("settings.get(name)"))
