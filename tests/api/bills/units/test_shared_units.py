"""The grant of an appeal and the item that it appeals have the units of one request: no unit is paid twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.records import authorizations, ledger
from tests.api.bills.units.playing import billed, drawn, granted, number_of, serving_units, therapy
from tests.api.bills.units.test_units_remaining import units
from tests.api.reviewing import decide, ruling
from tests.api.types.test_appeals import appeal_of
from tests.api.types.typed_items import typed_item
from tests.api.updating import submitted
from tests.support.sample_parties import CPT
from tests.support.samples import Json, concept
from tests.support.server import Server

MRI = concept(CPT, "72148")
WHOLE_YEAR = ("2026-01-01", "2026-12-31")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving_units(tmp_path) as running:
        yield running


async def cut_in_days(server: Server, quantity: int = 12) -> Json:
    """Grant all units for half of the requested days."""
    asked = await granted(server, quantity, productOrService=MRI)
    cut = ruling(1, "partly-certify", end="2026-06-30", reason="less-time")
    decided = await decide(server, asked["id"], cut)
    assert decided.status_code == 200, decided.text
    answer: Json = decided.json()
    return answer


async def case_of(server: Server, response: Json) -> str:
    """Return the case reference of a request, by which an appeal names it."""
    stored = await authorizations.by_id(server.system.documents, response["id"])
    assert stored is not None
    return str(stored.authorization.administration_number)


async def won(server: Server, first: Json, quantity: int = 12, name: str = "APPEAL-1") -> Json:
    """Appeal the cut for the whole year, and let a person who did not decide it certify."""
    item = typed_item("72148", quantity, WHOLE_YEAR, certification="2")
    asked = await submitted(server, appeal_of(await case_of(server, first), items=[item], identifier=name))
    client = "physician" if name == "APPEAL-1" else "admin"
    decided = await decide(server, asked["id"], ruling(1, "certify", start="2026-01-01"), client=client)
    assert decided.status_code == 200, decided.text
    answer: Json = decided.json()
    return answer


def mri(quantity: int, day: str, sequence: int = 1) -> Json:
    return therapy(quantity, day, sequence=sequence, productOrService=MRI)


async def test_units_of_the_first_grant_are_not_paid_again_under_the_appeal(server: Server) -> None:
    first = await cut_in_days(server)
    appeal = await won(server, first)
    [early] = await billed(server, [number_of(first)], mri(8, "2026-03-02"))
    [late] = await billed(server, [number_of(appeal)], mri(8, "2026-08-03"))
    assert [early.answer, late.answer] == ["paid 8", "paid 4, CO-198 4"]
    assert [await drawn(server, first), await drawn(server, appeal)] == [8, 4]


async def test_units_of_the_appeal_are_not_paid_again_under_the_first_grant(server: Server) -> None:
    first = await cut_in_days(server)
    appeal = await won(server, first)
    [late] = await billed(server, [number_of(appeal)], mri(8, "2026-08-03"))
    [early] = await billed(server, [number_of(first)], mri(8, "2026-03-02"))
    assert [late.answer, early.answer] == ["paid 8", "paid 4, CO-198 4"]
    [nothing] = await billed(server, [number_of(appeal)], mri(1, "2026-09-01"))
    assert nothing.answer == "paid 0, CO-198 1"


async def test_one_bill_with_both_numbers_draws_the_units_of_one_request(server: Server) -> None:
    first = await cut_in_days(server)
    appeal = await won(server, first)
    numbers = [number_of(first), number_of(appeal)]
    lines = await billed(server, numbers, mri(20, "2026-03-02"), mri(2, "2026-08-03", 2))
    assert [line.answer for line in lines] == ["paid 12, CO-198 8", "paid 0, CO-198 2"]
    assert await drawn(server, first) + await drawn(server, appeal) == 12


async def test_the_appeal_of_an_appeal_shares_the_units_of_the_first_request(server: Server) -> None:
    first = await cut_in_days(server)
    item = typed_item("72148", 12, WHOLE_YEAR, certification="2")
    asked = await submitted(server, appeal_of(await case_of(server, first), items=[item]))
    cut = ruling(1, "partly-certify", start="2026-01-01", end="2026-09-30", reason="less-time")
    second = (await decide(server, asked["id"], cut, client="physician")).json()
    third = await won(server, second, name="APPEAL-2")
    answers = [
        await billed(server, [number_of(response)], mri(5, day))
        for response, day in ((third, "2026-12-01"), (second, "2026-08-03"), (first, "2026-03-02"))
    ]
    assert [line.answer for [line] in answers] == ["paid 5", "paid 5", "paid 2, CO-198 3"]


async def test_units_that_were_cut_are_units_of_their_own(server: Server) -> None:
    asked = await granted(server, 12, productOrService=MRI)
    cut = ruling(1, "partly-certify", quantity=5, reason="quantity-exceeded")
    first = (await decide(server, asked["id"], cut)).json()
    appeal = await won(server, first, 7)
    answers = [await billed(server, [number_of(one)], mri(12, "2026-03-02", 1)) for one in (first,)]
    [late] = await billed(server, [number_of(appeal)], mri(12, "2026-08-03"))
    assert [answers[0][0].answer, late.answer] == ["paid 5, CO-198 7", "paid 7, CO-198 5"]


async def test_the_ledger_of_both_requests_stays_in_balance(server: Server) -> None:
    first = await cut_in_days(server)
    appeal = await won(server, first)
    await billed(server, [number_of(appeal)], mri(8, "2026-08-03"))
    entries = await ledger.entries_of(server.system.documents, first["id"])
    assert [(entry.kind.value, int(entry.units)) for entry in entries] == [("share", -8)]
    stored = await authorizations.by_id(server.system.documents, first["id"])
    assert stored is not None
    assert stored.authorization.items[0].consumed == 0
    assert stored.authorization.items[0].shared == 8
    [left] = await units(server, first)
    assert (left["used"], left["remaining"]) == (0, 4)
    [of_appeal] = await units(server, appeal)
    assert (of_appeal["used"], of_appeal["remaining"]) == (8, 4)
