"""A cap of a grant: by a rule, by a reviewer or by an import, and shown in the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.api.bills.units.playing import billed, drawn, granted, number_of, serving_units, therapy
from tests.api.imported.importing import imported, service
from tests.api.reading import notes
from tests.api.reviewing import decide, ruling
from tests.support.sample_parties import CPT, RENDERING
from tests.support.samples import Json, concept

CAP = "https://preauth.example.org/fhir/StructureDefinition/period-cap"
WEEKLY = ", cap: {units: 3, per: week}"


def cap_of(response: Json) -> dict[str, Any]:
    """Return the parts of the cap of the first item."""
    [cap] = [one for one in response["item"][0]["extension"] if one["url"] == CAP]
    return {part["url"]: part.get("valueDecimal", part.get("valueCode")) for part in cap["extension"]}


@pytest.mark.scenario("S-29")
async def test_of_four_visits_in_one_week_three_are_paid(tmp_path: Path) -> None:
    async with serving_units(tmp_path, WEEKLY) as server:
        response = await granted(server, 20)
        kept = (await server.get(f"/ClaimResponse/{response['id']}")).json()
        assert cap_of(kept) == {"units": 3, "per": "week", "week-starts": "monday"}
        assert "At most 3 units in a week." in notes(response, response["item"][0])
        days = ["2026-03-02", "2026-03-03", "2026-03-05", "2026-03-08", "2026-03-09"]
        answers = [await billed(server, [number_of(response)], therapy(1, day)) for day in days]
        assert [line.answer for [line] in answers] == ["paid 1", "paid 1", "paid 1", "paid 0, CO-198 1", "paid 1"]
        [denied] = answers[3]
        assert denied.remarks == ("N435",)
        assert await drawn(server, response) == 4


async def test_a_week_may_start_on_sunday(tmp_path: Path) -> None:
    async with serving_units(tmp_path, ", cap: {units: 3, per: week, week-starts: sunday}") as server:
        number = number_of(await granted(server, 20))
        [saturday] = await billed(server, [number], therapy(3, "2026-03-07"))
        [sunday] = await billed(server, [number], therapy(3, "2026-03-08"))
        assert [saturday.answer, sunday.answer] == ["paid 3", "paid 3"]


async def test_a_line_for_several_days_is_cut_by_its_weeks(tmp_path: Path) -> None:
    async with serving_units(tmp_path, WEEKLY) as server:
        number = number_of(await granted(server, 20))
        [line] = await billed(server, [number], therapy(6, "2026-03-05", "2026-03-10"))
        assert (line.answer, line.draws) == ("paid 5, CO-198 1", ("5, left 15",))
        assert line.amounts == line.submitted
        [wednesday] = await billed(server, [number], therapy(2, "2026-03-11"))
        assert wednesday.answer == "paid 1, CO-198 1"


async def test_a_reviewer_sets_a_cap(tmp_path: Path) -> None:
    async with serving_units(tmp_path) as server:
        response = await granted(server, 20, productOrService=concept(CPT, "72148"))
        ruled = ruling(1, "certify", **{"for": "P300D", "cap": 2, "cap-per": "month"})
        decided = await decide(server, response["id"], ruled)
        assert decided.status_code == 200, decided.text
        assert cap_of(decided.json()) == {"units": 2, "per": "month"}
        number = str(decided.json()["preAuthRef"])
        [line] = await billed(server, [number], therapy(3, productOrService=concept(CPT, "72148")))
        assert line.answer == "paid 2, CO-198 1"


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"cap": 2}, "`cap-per` is required."),
        ({"cap-per": "week"}, "`cap` is required."),
        ({"cap": 2, "cap-per": "year"}, "`cap-per` must be one of day, week, month."),
        ({"cap": 0, "cap-per": "week"}, "`cap` must be a valueDecimal or a valueQuantity greater than 0."),
        ({"cap": 0.0001, "cap-per": "week"}, "`cap` must be at most"),
    ],
)
async def test_a_cap_that_cannot_be_counted_is_rejected(tmp_path: Path, parts: Json, problem: str) -> None:
    async with serving_units(tmp_path) as server:
        response = await granted(server, 20, productOrService=concept(CPT, "72148"))
        refused = await decide(server, response["id"], ruling(1, "certify", **{"for": "P300D", **parts}))
        assert refused.status_code == 422, refused.text
        assert problem in refused.text


async def test_an_imported_decision_has_a_cap(tmp_path: Path) -> None:
    async with serving_units(tmp_path) as server:
        response = await imported(server, service(provider=RENDERING, cap=2, cap_per="week"))
        assert cap_of(response) == {"units": 2, "per": "week", "week-starts": "monday"}
        [line] = await billed(server, [number_of(response)], therapy(3))
        assert line.answer == "paid 2, CO-198 1"


async def test_a_denial_has_no_cap(tmp_path: Path) -> None:
    async with serving_units(tmp_path) as server:
        response = await granted(server, 20, productOrService=concept(CPT, "72148"))
        ruled = ruling(1, "deny", reason="not-medically-necessary", **{"cap": 2, "cap-per": "week"})
        refused = await decide(server, response["id"], ruled)
        assert refused.status_code == 422
        assert "no cap" in refused.text
