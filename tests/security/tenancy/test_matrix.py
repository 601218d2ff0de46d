"""The matrix of routes, principals and targets is the checked-in one, and shows no principal a foreign case."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from app.web.interactions.routes import ROUTES
from tests.security.tenancy.matrix import PRINCIPALS, TABLE, TARGETS, table

OWN = {
    **dict.fromkeys(("ehr-a", "biller", "patient-1"), "A"),
    **dict.fromkeys(("ehr-b", "reviewer-2", "auditor-2", "admin-2"), "B"),
    **dict.fromkeys(("house", "reviewer", "physician", "auditor", "admin"), "AC"),
    "patient-2": "C",
    "none": "",
}
"""By principal, the cases that are its own: of its organizations, its payer or its member."""

CASE_FILE = ("Claim", "ClaimResponse", "Coverage", "Patient")


@pytest.mark.acceptance("B18")
async def test_the_matrix_is_the_checked_in_one() -> None:
    found = await table()
    assert found == TABLE.read_text(encoding="utf-8"), (
        "run `python -m tests.security.tenancy.matrix`, and read the diff"
    )


@pytest.mark.acceptance("B18")
def test_the_matrix_has_every_route_and_every_principal() -> None:
    routes = [(method, path) for method, path, _ in blocks()]
    assert sorted(routes) == sorted((method, re.sub(r":[a-z]+}", "}", path)) for path, method, _ in ROUTES)
    for method, path, rows in blocks():
        listed = [principal for _, principals in rows for principal in principals]
        assert sorted(listed) == sorted(PRINCIPALS), (method, path)


@pytest.mark.acceptance("B18")
def test_the_matrix_shows_each_principal_its_own_cases_only() -> None:
    reads = [(path, rows) for method, path, rows in blocks() if is_read_of_a_case(method, path)]
    assert len(reads) == 6 * len(CASE_FILE)
    for path, rows in reads:
        for cells, principals in rows:
            shown = "".join(target for target, cell in zip(TARGETS, cells, strict=True) if cell.endswith("*"))
            assert {OWN[principal] for principal in principals} == {shown}, path


def test_the_matrix_answers_foreign_and_unknown_targets_alike() -> None:
    rows_of_reads = [rows for method, path, rows in blocks() if is_read_of_a_case(method, path)]
    for cells, _ in (row for rows in rows_of_reads for row in rows):
        foreign = {cell for cell in cells if not cell.endswith("*")}
        assert foreign == {cells[-1]}


def is_read_of_a_case(method: str, path: str) -> bool:
    is_read = "$" not in path and (method == "GET" or path.endswith("/_search"))
    return is_read and path.split("/")[1] in CASE_FILE


def blocks() -> Iterator[tuple[str, str, list[tuple[list[str], list[str]]]]]:
    """Yield each route of the checked-in table, with its rows: the cells, and the principals that get them."""
    for block in TABLE.read_text(encoding="utf-8").split("\n\n")[2:]:
        head, *lines = block.strip().split("\n")
        method, path = head.split()
        yield method, path, [_row(line) for line in lines]


def _row(line: str) -> tuple[list[str], list[str]]:
    words = line.split()
    cells = [word for word in words if re.fullmatch(r"[0-9]{3}\*?", word)]
    return cells, words[len(cells) :]
