"""Corrections of one claim at the same moment: one counts, and the ledger adds up."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.domain.ledger import check_balance
from app.records import authorizations, ledger
from app.workflow.bills import adjudicate, payer_records
from app.workflow.bills.finish import finish_bills
from app.workflow.bills.payer_records import PayerRecords
from tests.api.bills.life.correcting import bill, correcting, only_line
from tests.api.reading import administration_number, answered
from tests.api.reviewing import decide, pended, ruling
from tests.support.racing import UnhurriedMemory
from tests.support.samples import request_bundle
from tests.support.server import Server, serving

AT_ONCE = 6


async def consumed(server: Server, authorization: str) -> int:
    """Return the units drawn, on which the record and the ledger agree."""
    stored = await authorizations.by_id(server.system.documents, authorization)
    assert stored is not None
    check_balance(stored.authorization, await ledger.entries_of(server.system.documents, authorization))
    return int(stored.authorization.items[0].consumed)


async def test_of_replacements_at_once_one_counts(tmp_path: Path) -> None:
    async with serving(tmp_path, documents=UnhurriedMemory()) as server:
        approval = answered(await server.post("/Claim/$submit", request_bundle()))
        number = approval["preAuthRef"]
        first = (await server.post("/Claim/$submit", bill(number), "biller")).json()
        replacements = [bill(number, units, **correcting(first, "7")) for units in range(5, 5 + AT_ONCE)]
        answers = await asyncio.gather(*(server.post("/Claim/$submit", one, "biller") for one in replacements))
        lines = [only_line(answer.json()) for answer in answers]
        [paid] = [line for line in lines if line.why is None]
        assert [line.why for line in lines].count("CO-16") == AT_ONCE - 1
        assert await consumed(server, approval["id"]) == paid.benefit[0]


async def test_a_void_and_a_replacement_at_once_never_both_count(tmp_path: Path) -> None:
    async with serving(tmp_path, documents=UnhurriedMemory()) as server:
        approval = answered(await server.post("/Claim/$submit", request_bundle()))
        number = approval["preAuthRef"]
        first = (await server.post("/Claim/$submit", bill(number), "biller")).json()
        corrections = [bill(number, 6, **correcting(first, frequency)) for frequency in ("7", "8")]
        answers = await asyncio.gather(*(server.post("/Claim/$submit", one, "biller") for one in corrections))
        lines = [only_line(answer.json()) for answer in answers]
        assert [line.why for line in lines].count("CO-16") == 1
        assert await consumed(server, approval["id"]) == (6 if lines[0].why is None else 0)


async def test_a_void_and_a_decision_at_once_pay_nothing_twice(tmp_path: Path) -> None:
    async with serving(tmp_path, documents=UnhurriedMemory()) as server:
        request = await pended(server)
        number = administration_number((await server.get(f"/ClaimResponse/{request}")).json())
        waiting = (await server.post("/Claim/$submit", bill(number, 1, code="72148"), "biller")).json()
        void = bill(number, 1, code="72148", **correcting(waiting, "8"))
        await asyncio.gather(server.post("/Claim/$submit", void, "biller"), decide(server, request, ruling()))
        assert await consumed(server, request) == 0


async def test_no_bill_waits_for_a_decision_that_was_made_meanwhile(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await pended(server)
    number = administration_number((await server.get(f"/ClaimResponse/{request}")).json())
    read = payer_records.read_records
    decisions = iter([ruling()])

    async def read_before_the_decision(*arguments: Any) -> PayerRecords:
        records = await read(*arguments)
        for decision in decisions:
            assert (await decide(server, request, decision)).status_code == 200
            await finish_bills(server.system)
        return records

    monkeypatch.setattr(adjudicate, "read_records", read_before_the_decision)
    sent = await server.post("/Claim/$submit", bill(number, 1, code="72148"), "biller")
    assert only_line((await server.get(f"/ClaimResponse/{sent.json()['id']}", client="biller")).json()).why != "OA-133"
