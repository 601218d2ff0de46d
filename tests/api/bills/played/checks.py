"""Check the answer to a bill, the units left, and the links between bills and authorizations."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.domain.authorization_number import canonical
from app.domain.ledger import available, check_balance
from app.fhir.json import read
from app.records import authorizations, ledger
from tests.api.bills.played.rows import Bill
from tests.api.bills.played.story import Expected, Step
from tests.api.bills.scenario_answer import LineAnswer, lines_of, remarks_of
from tests.api.bills.scenario_bodies import PRICE
from tests.api.bills.scenario_play import Answered, Asked, typed
from tests.support.samples import Json
from tests.support.server import Server


def check_answer(server: Server, step: Step, bill: Bill, response: Json) -> None:
    """Check that each line has one adjudication, that its amounts add up, and that a note says what to do.

    A step without an answer leaves the lines open.
    """
    use = "predetermination" if bill.dry_run else "claim"
    assert (response["use"], response["outcome"]) == (use, step.outcome)
    assert remarks_of(response) >= set(step.says)
    found = lines_of(response)
    for line, expected, billed in zip(found if step.answer else (), step.answer, bill.lines, strict=bool(step.answer)):
        assert line.submitted[0] == billed.units
        assert line.benefit == (expected.paid, expected.paid * PRICE if expected.dollars is None else expected.dollars)
        assert line.benefit[1] + line.adjusted[1] == line.submitted[1]
        assert (line.whys, line.remarks) == (expected.reasons, expected.remarks)
        _check_notes(server, line, expected)
    omitted = [line for line in found if bill.dry_run and "M62" in line.remarks]
    numbers = {link["number"] for line in found for link in line.links if "units-drawn" in link or line in omitted}
    assert response.get("preAuthRef") == (numbers.pop() if len(numbers) == 1 else None)


def _check_notes(server: Server, line: LineAnswer, expected: Expected) -> None:
    if expected.reason is not None:
        reason = server.system.shipped.adjudication_reasons[expected.reason]
        assert f"{reason.text} {reason.next_step}" in line.notes
    if expected.note is not None:
        assert any(expected.note in note for note in line.notes)
    assert (line.why is None) == (expected.reason is None)


async def check_units_left(server: Server, left: Mapping[str, Decimal], asked: Mapping[str, Asked]) -> None:
    """Check that the record and the ledger agree on the units left of the first items."""
    for name, units in left.items():
        stored = await authorizations.by_id(server.system.documents, asked[name].id)
        assert stored is not None
        assert available(stored.authorization.items[0]) == units
        check_balance(stored.authorization, await ledger.entries_of(server.system.documents, asked[name].id))


def check_units_said(left: Mapping[str, Decimal], asked: Mapping[str, Asked], response: Json) -> None:
    """Check that the answer tells the same units left as the record."""
    links = [link for line in lines_of(response) for link in line.links if "units-drawn" in link]
    for name, units in left.items():
        said = [link for link in links if link["number"] == asked[name].number]
        assert {Decimal(link["units-remaining"]) for link in said} <= {units}


async def check_both_sides(server: Server, bill: Bill, asked: dict[str, Asked], answered: Answered) -> None:
    """Check that a search by number finds its bills and its answers."""
    numbers = typed(asked)
    on_bill = {*bill.numbers, *(line.number for line in bill.lines if line.number)}
    on_bill |= {bill.primary.number} if bill.primary is not None and bill.primary.number else set()
    carried = {canonical(numbers[word]) for word in on_bill}
    linked = [link for line in lines_of(answered.response) for link in line.links]
    for one in asked.values():
        claims = await found_by(server, "Claim", one.number)
        assert (answered.claim in claims) >= (one.number in carried)
        assert (answered.claim in claims) <= (one.number in carried | {link["number"] for link in linked})
        if "preAuthRef" in one.response:
            assert await found_by(server, "ClaimResponse", one.number) >= {one.id}
    for number in {link["number"] for link in linked}:
        assert answered.id in await found_by(server, "ClaimResponse", number)
        assert answered.claim in await found_by(server, "Claim", number)


async def found_by(server: Server, type_: str, number: str) -> set[str]:
    answer = await server.get(f"/{type_}?pre-auth-ref={number}", client="biller")
    assert answer.status_code == 200, answer.text
    return {entry["resource"]["id"] for entry in read(answer.content).get("entry", [])}
