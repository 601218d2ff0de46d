"""Only the records read the store, so that no path to a served resource can forget the caller's Reach."""

from __future__ import annotations

import ast

from tests.house.code import ROOT, python_files, tree

READS = frozenset({"get", "get_many", "find", "count"})
"""The reads of `app.ports.Documents`."""

OWN_READS = {
    "app/demo/seed.py": "whether a demo has its data",
    "app/web/health.py": "a row that does not exist, to see whether the store answers",
    "app/workflow/enroll.py": "the documents that get one more reader",
    "app/workflow/master/membership.py": "the Coverage that an administrator replaces, before the Reach is checked",
    "app/workflow/master/payers.py": "whether a payer has its Organization",
    "app/workflow/served.py": "the Claim of a repeated answer, whose owner the caller is, for the audit",
}
"""The other modules that read the store, and what they read. None of them answers with what it reads unchecked."""


def reading(module: ast.AST) -> bool:
    """Return whether a module calls a read of the store."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in READS
        and "documents" in ast.unparse(node.func.value).rpartition(".")[2]
        for node in ast.walk(module)
    )


def test_only_the_records_and_a_few_named_modules_read_the_store() -> None:
    files = [file for file in python_files() if file.is_relative_to(ROOT / "app")]
    readers = {file.relative_to(ROOT).as_posix() for file in files if reading(tree(file))}
    elsewhere = {name for name in readers if not name.startswith(("app/records/", "app/adapters/"))}
    assert elsewhere == set(OWN_READS)


def test_a_read_of_the_store_is_noticed() -> None:
    assert reading(ast.parse("await system.documents.get(kind, id_)"))
    assert reading(ast.parse("documents.find(query)"))
    assert not reading(ast.parse("settings.get(name)"))
