"""Bills for services that need a referral, under the payer's terms of referrals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.fhir.json import read
from tests.api.bills.plan.billing_block import reasons, serving_with
from tests.api.bills.scenario_answer import lines_of
from tests.api.bills.scenario_play import RECEIVED
from tests.api.types.typed_items import typed_item
from tests.api.updating import submitted
from tests.support.samples import REQUESTOR, Json, billed_line, billing_claim, request_bundle
from tests.support.server import Server

PAYER = "1666666668"
DAYS = ("2025-12-20", "2026-03-31")
TERMS = (
    "referrals: [{name: Specialists, reference: Manual 4, from: 2025-01-01,"
    ' when: [{test: service-in, system: cpt, codes: ["99243", "99244", "72148"]}]}]'
)
REFERRED = (
    "{id: specialist, title: T, reference: R, effective: {from: 2025-01-01},"
    ' when: [{test: service-in, system: cpt, codes: ["99243", "72148"]}, {test: type, is: [referral]}],'
    " then: {action: certify, for: P4M}}"
)


OWN_RULES = tuple(
    "{id: RULE, title: T, reference: R, effective: {from: 2025-01-01},"
    ' when: [{test: service-in, system: cpt, codes: ["CODE"]}], then: {THEN}}'.replace("CODE", code)
    .replace("RULE", f"rule-{code}")
    .replace("THEN", then)
    for code, then in (
        ("70553", "action: certify, for: P4M"),
        ("70554", "action: deny, reason: not-medically-necessary"),
    )
)


@asynccontextmanager
async def serving_plan(folder: Path, terms: str = TERMS) -> AsyncIterator[Server]:
    async with serving_with(folder, terms, REFERRED) as server:
        yield server


async def referral(server: Server, code: str = "99243", visits: int = 3) -> str:
    server.clock.instant = RECEIVED
    item = typed_item(code, visits, DAYS, kind="SC")
    answer = await submitted(server, request_bundle(payer=PAYER, items=[item], claim={"created": "2025-12-20"}))
    return str(answer["preAuthRef"])


def visit(day: str = "2026-01-15", code: str = "99243", **changes: Any) -> Json:
    return billed_line(1, code, quantity=1, day=day, **changes)


async def billed(server: Server, *lines: Json, referral: str | None, number: str | None = None) -> Json:
    server.clock.instant = RECEIVED.replace(year=2026, month=2)
    named = None if referral is None else {"identifier": {"value": referral}}
    claim = billing_claim(payer=PAYER, number=number, lines=list(lines), created="2026-02-20", referral=named)
    answer = await server.post("/Claim/$submit", claim, client="biller")
    assert answer.status_code == 200, answer.text
    response: Json = read(answer.content)
    return response


@pytest.mark.scenario("S-38")
async def test_a_service_that_needs_a_referral_is_not_paid_without_one(tmp_path: Path) -> None:
    async with serving_plan(tmp_path) as server:
        await referral(server)
        assert reasons(await billed(server, visit(), referral=None)) == ["CO-288 N489"]
        assert reasons(await billed(server, visit("2026-01-16"), referral="PA260000013")) == ["CO-288 N489"]
        assert reasons(await billed(server, billed_line(1, "99213", 1, day="2026-01-15"), referral=None)) == ["paid"]


@pytest.mark.scenario("S-38b")
async def test_each_visit_draws_on_the_referral_until_it_is_used_up(tmp_path: Path) -> None:
    async with serving_plan(tmp_path) as server:
        number = await referral(server)
        answers = [await billed(server, visit(f"2026-01-{day}"), referral=number) for day in range(12, 16)]
    assert [reasons(answer) for answer in answers] == [["paid"], ["paid"], ["paid"], ["CO-287"]]
    [first] = lines_of(answers[0])
    assert first.linked is not None
    assert (first.linked["number"], first.linked["units-remaining"]) == (number, 2)


async def test_other_services_of_a_day_are_one_visit(tmp_path: Path) -> None:
    async with serving_plan(tmp_path) as server:
        number = await referral(server, visits=1)
        second = visit(code="99244") | {"sequence": 2}
        assert reasons(await billed(server, visit(), second, referral=number)) == ["paid", "paid"]
        assert reasons(await billed(server, visit("2026-01-16"), referral=number)) == ["CO-287"]


async def test_each_day_of_a_line_is_a_visit(tmp_path: Path) -> None:
    week = billed_line(1, "99244", quantity=5, day=None) | {
        "servicedPeriod": {"start": "2026-01-12", "end": "2026-01-16"}
    }
    async with serving_plan(tmp_path) as server:
        number = await referral(server, visits=4)
        assert reasons(await billed(server, week, referral=number)) == ["CO-287"]
        fewer = week | {"quantity": {"value": 2}}
        assert reasons(await billed(server, fewer, visit("2026-01-13") | {"sequence": 2}, referral=number)) == 2 * [
            "paid"
        ]
        assert reasons(await billed(server, visit("2026-01-19"), referral=number)) == ["paid"]
        assert reasons(await billed(server, visit("2026-01-20"), referral=number)) == ["CO-287"]


@pytest.mark.scenario("S-38c")
@pytest.mark.parametrize("named", ["referral", "number"])
async def test_a_referral_does_not_pay_as_an_authorization(tmp_path: Path, named: str) -> None:
    async with serving_plan(tmp_path) as server:
        number = await referral(server, "72148", 1)
        as_number = number if named == "number" else None
        response = await billed(server, visit(code="72148"), referral=number, number=as_number)
        assert reasons(response) == ["CO-197 N210"]
        assert reasons(await billed(server, visit("2026-01-16"), referral=None)) == ["CO-288 N489"]


@pytest.mark.parametrize(("by", "answer"), [(REQUESTOR, "paid"), ("1777777776", "CO-243")])
async def test_only_listed_providers_may_refer(tmp_path: Path, by: str, answer: str) -> None:
    terms = TERMS.replace("}]}]", f'}}], by: ["{by}"]}}]')
    async with serving_plan(tmp_path, terms) as server:
        number = await referral(server)
        assert reasons(await billed(server, visit(), referral=number)) == [answer]


async def test_a_contract_may_free_a_provider_from_referrals(tmp_path: Path) -> None:
    terms = TERMS.replace("}]}]", '}], unless: [{test: provider-in, npis: ["1777777776"]}]}]')
    async with serving_plan(tmp_path, terms) as server:
        await referral(server)
        assert reasons(await billed(server, visit(), referral=None)) == ["paid"]


async def test_a_referral_for_other_days_does_not_fit_and_a_note_gives_both_dates(tmp_path: Path) -> None:
    async with serving_plan(tmp_path) as server:
        number = await referral(server)
        [line] = lines_of(await billed(server, visit("2025-12-19"), referral=number))
    assert (line.why, line.remarks) == ("CO-288", ("N489",))
    assert any(note.startswith("Service dates: claimed 2025-12-19, authorized 2025-12-20") for note in line.notes)


@pytest.mark.parametrize("named", ["referral", "number"])
async def test_a_line_with_a_referral_is_linked_and_its_units_are_drawn(tmp_path: Path, named: str) -> None:
    """A denial on file lets the server look at all authorizations of the member a second time."""
    async with serving_with(tmp_path, f"{TERMS}\nauto-link: fifo", REFERRED, *OWN_RULES) as server:
        number = await referral(server)
        approval, _denial = [
            await submitted(
                server,
                request_bundle(
                    payer=PAYER, identifier=code, items=[typed_item(code, 2, DAYS)], claim={"created": "2025-12-20"}
                ),
            )
            for code in ("70553", "70554")
        ]
        lines = [visit(), visit(code="70553") | {"sequence": 2}]
        names = {"referral": number if named == "referral" else None, "number": number if named == "number" else None}
        assert reasons(await billed(server, *lines, **names)) == ["paid", "paid"]
        left = await server.get(f"/ClaimResponse/{approval['id']}/$units-remaining", client="biller")
    [item] = [part for part in left.json()["parameter"] if part["name"] == "item"]
    assert [part["valueQuantity"]["value"] for part in item["part"] if part["name"] == "remaining"] == [1]
