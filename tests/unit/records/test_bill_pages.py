"""Bills of many lines are read a few at a time, because nothing else runs while a page of them is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.adapters.memory import MemoryDocuments
from app.codes import CPT
from app.domain.bill.bill import AnsweredLine, Bill, LineAnswer
from app.domain.datatypes import Coding
from app.ports import Position
from app.records.bills.bills import ROOM, bill_write, bills_about, bills_of_payer

NPI = "1234567893"
START = datetime(2026, 6, 1, tzinfo=UTC)
LINE = AnsweredLine("1", Coding(CPT, "97110"), NPI, LineAnswer.PAID, charged=Decimal(40), key="k" * 64, day="d" * 64)


async def stored(count: int, lines: int) -> MemoryDocuments:
    documents = MemoryDocuments()
    for number in range(count):
        bill = Bill(
            id=f"claim-{number:02}",
            response=f"response-{number:02}",
            payer="payer",
            owner="owner",
            biller=NPI,
            patient="patient",
            received=START + timedelta(minutes=number),
            lines=(LINE,) * lines,
        )
        await documents.commit(bill_write(None, bill))
    return documents


async def test_every_page_of_long_bills_is_short_and_all_bills_are_read() -> None:
    documents, read, sizes = await stored(12, 2_000), list[str](), list[int]()
    position: Position | None = None
    while True:
        page, position = await bills_of_payer(documents, "payer", "2026", "2027", position)
        read += [each.bill.id for each in page]
        sizes.append(sum(each.document.size for each in page[:-1]))
        if position is None:
            break
    assert read == [f"claim-{number:02}" for number in range(12)]
    assert max(sizes) <= ROOM
    assert len(sizes) > 2


async def test_the_risk_reads_only_the_newest_of_many_long_bills() -> None:
    documents = await stored(12, 2_000)
    bills = await bills_about(documents, "payer", ["owner"], ("97110", NPI), START)
    assert [bill.id for bill in bills] == [f"claim-{number:02}" for number in range(11, 11 - len(bills), -1)]
    assert len(bills) < 4


async def test_the_risk_reads_all_of_a_few_short_bills() -> None:
    assert len(await bills_about(await stored(12, 5), "payer", ["owner"], ("97110", NPI), START)) == 12
