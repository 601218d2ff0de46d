"""Entries of the ledger are read completely, and only those of the authorization."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from app.adapters.memory import MemoryDocuments
from app.domain.billing import Draw
from app.domain.ledger import LedgerEntry, release_of
from app.ports import Conflict
from app.records.ledger import entries_of, entries_of_claim, entry_insert
from app.records.scan import PAGE
from tests.support.billing_samples import entry


def drawn(authorization: str, line: int, units: str = "1") -> LedgerEntry:
    return entry(Draw(authorization, "PA260000013", "1", str(line), Decimal(units), None))


@pytest.mark.parametrize("count", [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE])
async def test_all_entries_of_an_authorization_are_read_page_after_page(count: int) -> None:
    documents = MemoryDocuments()
    entries = [drawn("a", line) for line in range(count)]
    await documents.commit(*map(entry_insert, [*entries, drawn("b", 1)]))

    stored = await entries_of(documents, "a")

    assert sorted(stored, key=lambda one: int(one.line)) == entries


async def test_a_draw_keeps_its_sign_and_its_decimals() -> None:
    documents = MemoryDocuments()
    await documents.commit(entry_insert(drawn("a", 1, "0.125")))

    [stored] = await entries_of(documents, "a")

    assert (stored.kind, stored.units) == ("draw", Decimal("-0.125"))


async def test_an_entry_of_an_earlier_build_without_a_sign_is_a_draw() -> None:
    documents = MemoryDocuments()
    unsigned = replace(drawn("a", 1), units=Decimal(4))
    await documents.commit(entry_insert(unsigned))

    [stored] = await entries_of(documents, "a")

    assert stored == replace(unsigned, units=Decimal(-4))


async def test_a_line_of_a_claim_cannot_draw_twice_on_an_item() -> None:
    documents = MemoryDocuments()
    await documents.commit(entry_insert(drawn("a", 1)))

    with pytest.raises(Conflict):
        await documents.commit(entry_insert(drawn("a", 1)))


async def test_a_release_keeps_its_sign_and_is_read_with_its_claim() -> None:
    documents = MemoryDocuments()
    draws = [drawn("a", 1), drawn("b", 2)]
    releases = release_of(draws, draws[0].created, "biller")
    await documents.commit(*map(entry_insert, [*draws, *releases]))

    stored = await entries_of_claim(documents, "bill")

    assert sorted(stored, key=lambda one: one.id) == sorted([*draws, *releases], key=lambda one: one.id)


async def test_the_store_accepts_one_of_two_releases_of_a_draw() -> None:
    documents = MemoryDocuments()
    [first] = release_of([drawn("a", 1)], drawn("a", 1).created, "biller")
    await documents.commit(entry_insert(first))

    with pytest.raises(Conflict):
        await documents.commit(entry_insert(replace(first, actor="another biller")))
