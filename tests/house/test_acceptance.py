"""Every line of the security checklist has a test, or a reason why it has none yet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.house.code import ROOT

LINES = (
    *(f"A{number}" for number in range(1, 18)),
    *(f"B{number}" for number in range(18, 37)),
    *(f"C{number}" for number in range(37, 49)),
    *(f"D{number}" for number in range(49, 55)),
    *(f"E{number}" for number in range(55, 61)),
    *(f"F{number}" for number in range(61, 71)),
    *(f"G{number}" for number in range(71, 76)),
    *(f"H{number}" for number in range(76, 83)),
    *(f"I{number}" for number in range(83, 89)),
)
"""Authentication, authorization, body limits, injection, outbound calls, integrity, audit, transport, runtime."""

_MARK = re.compile(r'pytest\.mark\.acceptance\(((?:"[A-I][0-9]+"(?:, )?)+)\)')


def _marked() -> Iterator[str]:
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for mark in _MARK.findall(file.read_text(encoding="utf-8")):
            yield from re.findall(r"[A-I][0-9]+", mark)


def test_every_marked_line_is_a_line_of_the_checklist() -> None:
    assert set(_marked()) <= set(LINES)
