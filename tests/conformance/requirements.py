"""The statements of PAS 2.2.1 about a server: which are shown by a test, which are not, and why not.

`requirements.csv` is written by hand; `python -m tests.conformance.requirements` writes `REQUIREMENTS.md` from it.
The ids are the guide's own: https://hl7.org/fhir/us/davinci-pas/2.2.1/en/conformancedetails.html
"""

from __future__ import annotations

import ast
import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from tests.house.code import ROOT, Function, place, python_files, tree

TABLE = Path(__file__).with_name("requirements.csv")
RENDERED = Path(__file__).with_name("REQUIREMENTS.md")
EDITION = "pas-2.2.1/"
COVERED = "covered"
REASONS = ("not yet", "not taken", "not applicable")
STRENGTHS = ("SHALL", "SHOULD", "MAY")

Source = tuple[str, ast.Module]
"""A file's name and its syntax tree."""

Marks = Mapping[str, frozenset[str]]
"""The requirements that tests are marked with, by the test's node id."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the guide in our words, with the tests that show it or the reason why none does."""

    id: str
    strength: str
    text: str
    tests: tuple[str, ...]
    reason: str

    @property
    def binding(self) -> str:
        """How much the statement binds: the first word of its strength."""
        return self.strength.split(" ", 1)[0]

    @property
    def standing(self) -> str:
        """Whether it is covered, or which kind of reason it has."""
        return COVERED if self.tests else self.reason.partition(":")[0]


def read_table(file: Path = TABLE) -> list[Statement]:
    """Read the statements in their order."""
    with file.open(encoding="utf-8", newline="") as rows:
        return [
            Statement(row["id"], row["strength"], row["statement"], tuple(row["tests"].split()), row["reason"])
            for row in csv.DictReader(rows, strict=True)
        ]


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


def faults(statements: list[Statement], marks: Marks) -> list[str]:
    """Return what is wrong with the table, and where it and the marks disagree; a sentence each."""
    counted = Counter(one.id for one in statements)
    found = [f"{id_} is there {count} times." for id_, count in counted.items() if count > 1]
    for one in statements:
        found += _row_faults(one)
        found += [
            f"{one.id} names {test}, which does not exist or is not marked with it."
            for test in one.tests
            if EDITION + one.id not in marks.get(test, ())
        ]
    claimed = {(test, EDITION + one.id) for one in statements for test in one.tests}
    known = {EDITION + one.id for one in statements}
    for test, ids in marks.items():
        found += [f"{test} is marked with {id_}, which the table does not have." for id_ in sorted(ids - known)]
        found += [
            f"{test} is marked with {id_}, whose row does not name it."
            for id_ in sorted(ids & known)
            if (test, id_) not in claimed
        ]
    return found


def _row_faults(one: Statement) -> Iterator[str]:
    if any(word not in (*STRENGTHS, "NOT", "/") for word in one.strength.split()) or one.binding not in STRENGTHS:
        yield f"{one.id} has no strength: {one.strength!r}."
    if not one.text:
        yield f"{one.id} says nothing."
    if bool(one.tests) == bool(one.reason):
        yield f"{one.id} ({one.strength}) needs either a covering test or a reason."
    elif one.reason and not (one.standing in REASONS and one.reason.removeprefix(one.standing).strip(": ")):
        yield f"{one.id} has a reason of no known kind: {one.reason!r}."
    elif one.standing == "not taken" and one.binding == "SHALL":
        yield f"{one.id} is a SHALL, which cannot be left out by choice."


def render(statements: list[Statement]) -> str:
    """Write the counts and the table as markdown."""
    return "\n".join([*_HEAD, *_counts(statements), "", *_rows(statements), ""])


def _counts(statements: list[Statement]) -> Iterator[str]:
    standings = (COVERED, *REASONS)
    yield "| strength | " + " | ".join(standings) + " | all |"
    yield "|---|" + "---:|" * (len(standings) + 1)
    for name in (*STRENGTHS, "all"):
        counted = Counter(one.standing for one in statements if name in (one.binding, "all"))
        cells = [str(counted[standing]) for standing in standings]
        yield f"| {name} | " + " | ".join([*cells, str(counted.total())]) + " |"


def _rows(statements: list[Statement]) -> Iterator[str]:
    yield "| id | strength | statement | shown by, or why not |"
    yield "|---|---|---|---|"
    for one in statements:
        shown = "<br>".join(_link(test) for test in one.tests) or _escaped(one.reason)
        yield f"| {one.id} | {one.strength} | {_escaped(one.text)} | {shown} |"


def _link(test: str) -> str:
    file, _, name = test.partition("::")
    return f"[{name.removeprefix('test_').replace('_', ' ')}](../{file.removeprefix('tests/')})"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


_HEAD = [
    "# PAS 2.2.1, statement by statement",
    "",
    "What Da Vinci PAS 2.2.1 asks, by the ids of its own list of statements, each in our words. Written from",
    "`requirements.csv` by `python -m tests.conformance.requirements`; a test compares both with the tests' marks.",
    "",
    "- **covered**: the tests named show the whole statement. A duty of the sender is covered where this server holds",
    "  the sender to it, or takes no harm where it is not kept.",
    "- **not yet**: not done, done in part, or done without a test that shows it whole.",
    "- **not taken**: a SHOULD or MAY that this server does not follow, on purpose.",
    "- **not applicable**: about something that this server is not or does not have.",
    "",
    "SHALL NOT counts as SHALL, SHOULD NOT as SHOULD; a statement of two strengths counts as its first.",
    "",
]


if __name__ == "__main__":
    RENDERED.write_text(render(read_table()), encoding="utf-8")
