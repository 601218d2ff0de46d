"""The payer's terms of bills by plan: networks, referrals, emergencies and contracts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.api.bills.plan.billing_block import authorized, billed, on_file, reasons, serving_with
from tests.api.bills.played.rows import Line
from tests.api.bills.scenario_answer import lines_of
from tests.api.bills.scenario_play import Asked
from tests.api.reviewing import decide, ruling

A, B = "1234567893", "1987654328"
ONLY_A = (
    "networks: [{name: HMO, reference: Manual 1, from: 2025-01-01,"
    f' when: [{{test: network, is: out, npis: ["{A}"]}}]}}]'
)
NOT_B = f'name: No contract, reference: Manual 2, from: 2025-01-01, when: [{{test: provider-in, npis: ["{B}"]}}]'
EMERGENCIES = (
    "emergencies: [{name: Emergency care, reference: 45 CFR 149.110, from: 2025-01-01,"
    ' not-emergent: {categories: ["J00"]}}]'
)


def therapy(provider: str = "A", units: int = 2, **fields: object) -> Line:
    return Line(service="97110", units=Decimal(units), on=date(2026, 1, 15), provider=provider, **fields)  # type: ignore[arg-type]


def emergency(diagnosis: str = "S06.0X0A", service: str = "70553", place: str = "23") -> Line:
    day = date(2026, 1, 15) if place == "23" else date(2026, 1, 16)
    return Line(service=service, units=Decimal(1), on=day, place=place, diagnosis=diagnosis)


@pytest.mark.scenario("S-39")
@pytest.mark.parametrize(
    ("more", "answer"),
    [("", "CO-242"), (", group: PR", "PR-242"), (", kind: preferred", "CO-279"), (", until: 2025-12-31", "CO-296 N54")],
)
async def test_a_provider_outside_the_network_is_not_paid(tmp_path: Path, more: str, answer: str) -> None:
    async with serving_with(tmp_path, ONLY_A.replace("}]}]", f"}}]{more}}}]")) as server:
        asked = await authorized(server, "AU1")
        assert reasons(await billed(server, therapy("B"), asked=asked, number="AU1")) == [answer]
        assert reasons(await billed(server, therapy("A"), asked=asked, number="AU1")) == ["paid"]


@pytest.mark.scenario("S-39")
async def test_an_authorization_may_be_an_exception_from_the_network(tmp_path: Path) -> None:
    network = ONLY_A.replace(A, B)
    rule = (
        "{id: gap, title: T, reference: R, effective: {from: 2025-01-01},"
        ' when: [{test: service-in, system: cpt, codes: ["97110"]}],'
        " then: {action: certify, for: P3M, network-exception: true}}"
    )
    for rules, answer in (((), "CO-242"), ((rule,), "paid")):
        folder = tmp_path / answer
        folder.mkdir()
        async with serving_with(folder, network, *rules) as server:
            asked = await authorized(server, "AU1")
            assert reasons(await billed(server, therapy(), asked=asked, number="AU1")) == [answer]


@pytest.mark.scenario("S-39")
async def test_a_reviewer_may_grant_an_exception_from_the_network(tmp_path: Path) -> None:
    async with serving_with(tmp_path, ONLY_A.replace(A, B)) as server:
        asked = await authorized(server, "PEND1")
        granted = ruling(1, "certify", **{"for": "P90D", "network-exception": True, "start": "2025-12-20"})
        decided = await decide(server, asked["PEND1"].id, granted)
        assert decided.status_code == 200, decided.text
        number = decided.json()["preAuthRef"]
        asked["PEND1"] = Asked(decided.json(), number)
        mri = Line(service="70553", units=Decimal(1), on=date(2026, 1, 15))
        assert reasons(await billed(server, mri, asked=asked, number="PEND1")) == ["paid"]


@pytest.mark.scenario("S-57")
async def test_a_request_that_came_too_late_is_named_as_the_reason(tmp_path: Path) -> None:
    late = (
        "{id: late, title: T, reference: R, effective: {from: 2025-01-01},"
        ' when: [{test: service-in, system: cpt, codes: ["62323"]}], then: {action: deny, reason: late-request}}'
    )
    async with serving_with(tmp_path, EMERGENCIES, late) as server:
        asked = await authorized(server, "DEN1")
        line = Line(service="62323", units=Decimal(1), on=date(2026, 1, 15))
        assert reasons(await billed(server, line, asked=asked, number="DEN1")) == ["CO-210"]


@pytest.mark.scenario("S-56")
async def test_an_emergency_is_paid_without_a_number(tmp_path: Path) -> None:
    async with serving_with(tmp_path, EMERGENCIES) as server:
        await on_file(server, "M001")
        [line] = lines_of(await billed(server, emergency()))
        elsewhere = await billed(server, emergency(place="11"))
    assert line.why is None
    assert not line.remarks
    assert list(line.benefit) == [1, 40]
    assert "An emergency needs no authorization number: Emergency care (45 CFR 149.110)." in line.notes
    assert reasons(elsewhere) == ["CO-197 N210"]


async def test_a_room_is_not_paid_as_an_emergency(tmp_path: Path) -> None:
    async with serving_with(tmp_path, EMERGENCIES) as server:
        await on_file(server, "M001")
        room = replace(emergency(service="none"), revenue="0120", unit="DA", units=Decimal(9), to=date(2026, 1, 23))
        stay = await billed(server, room, type="institutional", type_of_bill="0111", facility="F1")
    assert reasons(stay) == ["CO-197 N210"]


async def test_an_emergency_outside_the_network_is_paid_with_an_alert(tmp_path: Path) -> None:
    async with serving_with(tmp_path, f"{ONLY_A.replace(A, B)}\n{EMERGENCIES}") as server:
        await on_file(server, "M001")
        assert reasons(await billed(server, emergency())) == ["paid N864"]


@pytest.mark.scenario("S-56c")
@pytest.mark.parametrize("service", ["70553", "99283"])
async def test_a_visit_for_a_listed_condition_is_not_paid_as_an_emergency(tmp_path: Path, service: str) -> None:
    async with serving_with(tmp_path, EMERGENCIES) as server:
        await on_file(server, "M001")
        assert reasons(await billed(server, emergency("J00", service))) == ["CO-40"]


@pytest.mark.scenario("S-74")
@pytest.mark.parametrize(
    ("contract", "modifiers", "answer"),
    [
        ("group: PI", (), "PI-197 N210"),
        ("group: PR", (), "PR-197 N210"),
        ("reasons: {number-none-on-file: PR}", (), "PR-197 N210"),
        ("reasons: {member-unknown: PR}", (), "CO-197 N210"),
    ],
)
async def test_the_group_code_follows_the_contract(
    tmp_path: Path, contract: str, modifiers: tuple[str, ...], answer: str
) -> None:
    async with serving_with(tmp_path, f"contracts: [{{{NOT_B}, {contract}}}]") as server:
        await on_file(server, "M001")
        assert reasons(await billed(server, therapy("B", modifiers=modifiers))) == [answer]
        assert reasons(await billed(server, therapy("A"))) == ["CO-197 N210"]


@pytest.mark.scenario("S-74")
async def test_a_signed_waiver_leaves_the_amount_to_the_patient(tmp_path: Path) -> None:
    waiver = NOT_B.replace("when: [", 'when: [{test: modifier-in, codes: ["GA"]}, ')
    contracts = f"contracts: [{{{waiver}, group: PR}}, {{{NOT_B}, group: PI}}]"
    async with serving_with(tmp_path, contracts) as server:
        await on_file(server, "M001")
        assert reasons(await billed(server, therapy("B", modifiers=("GA",)))) == ["PR-197 N210"]
        assert reasons(await billed(server, therapy("B"))) == ["PI-197 N210"]
