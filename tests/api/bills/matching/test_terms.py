"""The payer's terms of comparing, from its policy to the answer to a bill."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.api.bills.plan.billing_block import authorized, billed, serving_with
from tests.api.bills.played.rows import Line
from tests.api.bills.scenario_answer import LineAnswer, lines_of
from tests.support.server import Server

DATED = "from: 2026-01-01, until: 2026-12-31, reference: Acme Manual 4"


def line(**changes: Any) -> Line:
    return Line(**{"service": "97110", "units": Decimal(4), "on": date(2026, 1, 15), **changes})


async def answered(server: Server, name: str, claim_line: Line, **bill: Any) -> LineAnswer:
    asked = await authorized(server, name)
    return lines_of(await billed(server, claim_line, asked=asked, number=name, **bill))[0]


INFUSION = line(service="J1745", units=Decimal(121), diagnosis="K50.80")
STRICT = 'services: [{system: hcpcs, codes: ["J1745"], diagnosis: strict}]'


@pytest.mark.scenario("S-14")
async def test_another_diagnosis_is_denied_if_the_payer_compares_it(tmp_path: Path) -> None:
    async with serving_with(tmp_path, f"matching: {{{STRICT}}}") as server:
        answer = await answered(server, "AU4", INFUSION)
    assert (answer.why, answer.remarks) == ("CO-284", ("N54", "N569"))
    assert "Diagnosis: claimed K50.80, authorized K50.90." in answer.notes


@pytest.mark.scenario("S-14")
async def test_the_mode_of_one_service_does_not_count_for_another(tmp_path: Path) -> None:
    async with serving_with(tmp_path, f"matching: {{{STRICT}}}") as server:
        assert (await answered(server, "AU1", line(diagnosis="M51.26"))).benefit[0] == 4


@pytest.mark.scenario("S-16b")
@pytest.mark.parametrize(("mode", "paid"), [("group", 4), ("exact", 0)])
async def test_another_provider_of_the_practice_is_paid_if_the_payer_compares_the_practice(
    tmp_path: Path, mode: str, paid: int
) -> None:
    async with serving_with(tmp_path, f"matching: {{provider: {mode}}}") as server:
        assert (await answered(server, "AU1", line(provider="B"))).benefit[0] == paid


TOLERATED = {
    "S-18": (f'accept: places, places: ["11", "12"], {DATED}', line(place="12"), {}),
    "S-25": (f"accept: grace, after: 3, {DATED}", line(on=date(2026, 4, 2)), {}),
    "S-16c": (f'accept: affiliated, tax-ids: ["12-3456789", "98-7654321"], {DATED}', line(), {"clinic": "T2"}),
    "S-13d": (f"accept: pricing-modifiers, {DATED}", line(modifiers=("RR",)), {}),
    "S-10": (
        "accept: codes, authorized: {system: cpt, codes: ['97110']}, billed: {system: cpt, codes: ['97140']}, " + DATED,
        line(service="97140"),
        {},
    ),
    "S-16": (f"accept: locum, {DATED}", line(provider="B", modifiers=("Q6",)), {}),
}


@pytest.mark.parametrize("row", [pytest.param(row, marks=pytest.mark.scenario(row)) for row in TOLERATED])
async def test_a_tolerance_pays_the_line_and_the_note_cites_it(tmp_path: Path, row: str) -> None:
    tolerance, claim_line, bill = TOLERATED[row]
    async with serving_with(tmp_path, f"matching: {{tolerances: [{{{tolerance}}}]}}") as server:
        answer = await answered(server, "AU1", claim_line, **bill)
    assert (answer.benefit[0], answer.why) == (claim_line.units, None)
    assert [note for note in answer.notes if note.endswith("Accepted under Acme Manual 4.")]


@pytest.mark.parametrize("row", [pytest.param(row, marks=pytest.mark.scenario(row)) for row in TOLERATED])
async def test_a_tolerance_that_is_not_yet_in_force_pays_nothing(tmp_path: Path, row: str) -> None:
    tolerance, claim_line, bill = TOLERATED[row]
    later = tolerance.replace("from: 2026-01-01", "from: 2026-06-01")
    async with serving_with(tmp_path, f"matching: {{tolerances: [{{{later}}}]}}") as server:
        answer = await answered(server, "AU1", claim_line, **bill)
    assert answer.benefit[0] == 0
    assert answer.why is not None


@pytest.mark.scenario("S-13c")
async def test_two_claims_for_the_components_of_one_unit_are_paid_and_a_third_is_not(tmp_path: Path) -> None:
    async with serving_with(tmp_path, f"matching: {{tolerances: [{{accept: components, {DATED}}}]}}") as server:
        asked = await authorized(server, "AU1")
        whole, other = line(units=Decimal(12), modifiers=("26",)), line(units=Decimal(12), modifiers=("TC",))
        later = line(units=Decimal(12), modifiers=("TC",), on=date(2026, 1, 16))
        answers = [await billed(server, each, asked=asked, number="AU1") for each in (whole, other, later)]
    assert [lines_of(answer)[0].benefit[0] for answer in answers] == [12, 12, 0]
    assert [lines_of(answer)[0].why for answer in answers] == [None, None, "CO-198"]
