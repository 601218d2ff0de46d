"""Every line of the security checklist has a test, or a reason why it has none yet."""

from __future__ import annotations

import re

from tests.house.code import ROOT
from tests.security.checklist import PAGE, files_by_line, read_lines, render

LINES = [
    *(f"A{number}" for number in range(1, 18)),
    *(f"B{number}" for number in range(18, 37)),
    *(f"C{number}" for number in range(37, 49)),
    *(f"D{number}" for number in range(49, 55)),
    *(f"E{number}" for number in range(55, 61)),
    *(f"F{number}" for number in range(61, 71)),
    *(f"G{number}" for number in range(71, 76)),
    *(f"H{number}" for number in range(76, 83)),
    *(f"I{number}" for number in range(83, 89)),
]
"""Authentication, authorization, body limits, injection, outbound calls, integrity, audit, transport, runtime."""

_MARK = re.compile(r"mark\.acceptance\(([^)]*)\)")


def test_the_checklist_has_every_line_once_and_in_order() -> None:
    assert [line.number for line in read_lines()] == LINES


def test_every_marked_line_is_a_line_of_the_checklist() -> None:
    assert set(files_by_line()) <= set(LINES)


def test_every_line_has_a_test() -> None:
    assert set(files_by_line()) == set(LINES)


def test_no_mark_is_overlooked() -> None:
    written = {
        number
        for file in (ROOT / "tests" / folder for folder in ("unit", "api", "store", "security", "crash", "house"))
        for path in file.rglob("test_*.py")
        for mark in _MARK.findall(path.read_text(encoding="utf-8"))
        for number in re.findall(r'"([A-I][0-9]+)"', mark)
    }
    assert written <= set(files_by_line())


def test_the_page_of_the_checklist_is_current() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == render(read_lines(), files_by_line()), "run python -m tests.security.checklist"
