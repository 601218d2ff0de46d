"""Check that each requirement of PAS has tests or a reason, and that the table matches the marks of tests."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.conformance.requirement_marks import Marks, marked_files, marks_elsewhere, read_marks
from tests.conformance.requirements import (
    AWAITED,
    REASONS,
    RENDERED,
    STRENGTHS,
    Statement,
    faults,
    not_yet,
    read_table,
    render,
)
from tests.house.code import ROOT
from tests.support.official import needs_packages
from tests.support.packages import package_members
from tests.support.tally import Record, note

Json = dict[str, Any]

AGREED = {
    "attachments": 1,
    "clinical data": 1,
    "must-support": 2,
    "one endpoint": 2,
    "bound tokens": 1,
    "metrics": 0,
}
"""The number of open SHALL statements by feature. It only goes down: lower it when a feature is complete."""

OF_PROFILE_TEXTS = {"profile-sequence", "profile-units"}
"""Ids of statements in the texts of profiles; the guide does not number them."""

SHOWN = Statement("x-1", "SHALL", "Something is done.", ("tests/a.py::test_it",), "")
EXCUSED = Statement("x-2", "SHOULD NOT / MAY", "Something else is done.", (), "not taken: on purpose")
OPEN = Statement("x-4", "SHALL", "Another thing is done.", (), "not yet: half", "metrics")
NEEDS = "needs something to wait for if it is not shown yet, and only then:"
GOOD_MARKS: Marks = {"tests/a.py::test_it": frozenset({"pas-2.2.1/x-1"})}


def test_every_statement_is_shown_by_tests_that_carry_its_mark_or_has_a_reason() -> None:
    assert faults(read_table(), read_marks(marked_files())) == []


def test_every_mark_stands_on_a_test_where_it_is_counted() -> None:
    assert marks_elsewhere(marked_files()) == []


def test_the_rendered_table_is_current() -> None:
    current = RENDERED.read_text(encoding="utf-8")
    assert current == render(read_table()), "python -m tests.conformance.requirements writes it"


def test_the_open_statements_match_the_agreed_counts(record_property: Record) -> None:
    counted = not_yet(read_table())
    columns = ("PAS 2.2.1, not shown yet: waits for", *STRENGTHS)
    note(record_property, columns, {(name,): [of[one] for one in STRENGTHS] for name, of in counted.items()})
    assert {name: of["SHALL"] for name, of in counted.items()} == AGREED
    assert all(of.total() for of in counted.values())


def test_the_readme_leads_to_the_table() -> None:
    assert f"({RENDERED.relative_to(ROOT)})" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_table_in_order_has_no_fault() -> None:
    assert faults([SHOWN, EXCUSED, OPEN], GOOD_MARKS) == []


@pytest.mark.parametrize(
    ("statements", "marks", "fault"),
    [
        ([replace(SHOWN, tests=())], {}, "x-1 (SHALL) needs either a covering test or a reason."),
        ([replace(SHOWN, reason="not taken: no")], GOOD_MARKS, "x-1 (SHALL) needs either a covering test or a reason."),
        ([SHOWN], {}, "x-1 names tests/a.py::test_it, which does not exist or is not marked with it."),
        ([EXCUSED], GOOD_MARKS, "tests/a.py::test_it is marked with pas-2.2.1/x-1, which the table does not have."),
        (
            [replace(SHOWN, tests=(), reason="not applicable: so")],
            GOOD_MARKS,
            "tests/a.py::test_it is marked with pas-2.2.1/x-1, whose row does not name it.",
        ),
        ([SHOWN, SHOWN], GOOD_MARKS, "x-1 is there 2 times."),
        ([replace(SHOWN, strength="MUST")], GOOD_MARKS, "x-1 has no strength: 'MUST'."),
        ([replace(SHOWN, strength="")], GOOD_MARKS, "x-1 has no strength: ''."),
        ([replace(SHOWN, text="")], GOOD_MARKS, "x-1 says nothing."),
        ([replace(EXCUSED, reason="later")], {}, "x-2 has a reason of no known kind: 'later'."),
        ([replace(OPEN, reason="not yet: ")], {}, "x-4 has a reason of no known kind: 'not yet: '."),
        ([replace(OPEN, waits_for="")], {}, f"x-4 {NEEDS} ''."),
        ([replace(OPEN, waits_for="a miracle")], {}, f"x-4 {NEEDS} 'a miracle'."),
        ([replace(EXCUSED, waits_for="metrics")], {}, f"x-2 {NEEDS} 'metrics'."),
        ([replace(EXCUSED, strength="SHALL NOT")], {}, "x-2 is a SHALL, which cannot be left out by choice."),
    ],
)
def test_a_fault_of_the_table_is_reported(statements: list[Statement], marks: Marks, fault: str) -> None:
    assert faults(statements, marks) == [fault]


def test_marks_are_read_from_the_decorators_of_tests_and_noticed_elsewhere() -> None:
    source = ("marked.py", ast.parse(MARKED))
    assert read_marks([source]) == {"marked.py::test_one_thing": {"a/1", "a/2"}, "marked.py::test_other": {"NAME"}}
    assert marks_elsewhere([source]) == ["marked.py:1", "marked.py:10"]


MARKED = """pytestmark = pytest.mark.requirement("a/4")
@pytest.mark.requirement("a/1")
@pytest.mark.requirement("a/2")
@pytest.mark.parametrize("x", [1])
async def test_one_thing(x): ...

@pytest.mark.requirement(NAME)
def test_other(): ...

@pytest.mark.requirement("a/5")
def helps(): ...
"""


def test_the_counts_add_up_and_a_line_of_the_table_is_a_statement() -> None:
    lines = render([SHOWN, EXCUSED, replace(OPEN, strength="SHOULD NOT / MAY", reason="not yet: a|b")]).splitlines()
    assert "| SHALL | 1 | 0 | 0 | 0 | 1 |" in lines
    assert "| SHOULD | 0 | 1 | 1 | 0 | 2 |" in lines
    assert "| all | 1 | 1 | 1 | 0 | 3 |" in lines
    assert f"| metrics | {AWAITED['metrics']} | 0 | 1 | 0 | x-4 |" in lines
    assert "| x-1 | SHALL | Something is done. | [it](../a.py) |" in lines
    assert lines[-1] == "| x-4 | SHOULD NOT / MAY | Another thing is done. | not yet: a\\|b |"


def published(name: str) -> Json:
    """Return a resource of the published guide."""
    [(_, text)] = package_members("2.2.1", f"{name}.json")
    resource: Json = json.loads(text)
    return resource


def required_of_servers() -> Iterator[str]:
    """Yield an id for each format, interaction and operation of the guide's CapabilityStatement for servers."""
    statement = published("CapabilityStatement-IntermediaryCapabilities")
    yield from (f"capability-{format_}" for format_ in statement["format"])
    for resource in statement["rest"][0]["resource"]:
        yield from (f"capability-{resource['type']}-{one['code']}" for one in resource.get("interaction", []))
        for operation in resource.get("operation", []):
            yield "capability-" + operation["definition"].rpartition("/")[2].partition("|")[0]


@cache
def official() -> dict[str, set[str]]:
    """Return the statements of the published guide by id, with their strengths; some have none."""
    return dict(_numbered(published("Basic-fromNarrative")))


def _numbered(listed: Json) -> Iterator[tuple[str, set[str]]]:
    for statement in listed["extension"]:
        parts = statement.get("extension", [])
        for key in (part["valueId"] for part in parts if part["url"].endswith(".key")):
            strengths = {part["valueCode"].replace("-", " ") for part in parts if part["url"].endswith(".conformance")}
            yield key, strengths


@needs_packages
def test_the_table_has_the_statements_of_the_published_guide_and_their_strengths() -> None:
    ours = {one.id: one for one in read_table()}
    assert set(ours) == set(official()) | set(required_of_servers()) | OF_PROFILE_TEXTS
    weaker = {id_: strengths for id_, strengths in official().items() if not _as_strong(ours[id_].strength, strengths)}
    assert weaker == {}


def _as_strong(strength: str, published: set[str]) -> bool:
    ours = set(strength.split(" / "))
    return all({one, f"{one} NOT"} & ours for one in published)


def test_every_kind_of_reason_is_in_use() -> None:
    assert {one.standing for one in read_table()} == {"covered", *REASONS}
