"""Read the figures of a report, and the requests behind one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from tests.api.reading import Json
from tests.support.server import Server

YEAR = {"periodStart": "2026-01-01", "periodEnd": "2026-12-31"}


async def report(server: Server, client: str = "reviewer", **given: str) -> Json:
    """Return the MeasureReport of the year."""
    answer = await server.get(f"/ClaimResponse/$metrics?{urlencode({**YEAR, **given})}", client)
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


def counts(report: Json, figure: str) -> dict[str, int]:
    """Return the counts of a group by the code of their population."""
    return {row["code"]["coding"][0]["code"]: row["count"] for row in _group(report, figure)["population"]}


def share(report: Json, figure: str) -> tuple[int, int]:
    """Return numerator and denominator of a figure."""
    found = counts(report, figure)
    return found["numerator"], found["denominator"]


def score(report: Json, figure: str) -> Any:
    """Return the score of a figure."""
    return _group(report, figure)["measureScore"]["value"]


def _group(report: Json, figure: str) -> Json:
    [group] = [group for group in report["group"] if group["code"]["coding"][0]["code"] == figure]
    found: Json = group
    return found


async def behind(server: Server, figure: str, client: str = "reviewer", **given: str) -> list[str]:
    """Return the ids of the requests behind a figure, oldest first."""
    url = f"/ClaimResponse/$metrics-requests?{urlencode({**YEAR, 'figure': figure, **given})}"
    answer = await server.get(url, client)
    assert answer.status_code == 200, answer.text
    rows = [row["part"] for row in answer.json()["parameter"] if row["name"] == "request"]
    return [parts[0]["valueReference"]["reference"].removeprefix("ClaimResponse/") for parts in rows]
