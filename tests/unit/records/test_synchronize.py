"""What a start leaves of the rows that commands changed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.access.grant import Role
from app.access.registry import Client, People, Previous, Source, User
from app.adapters.memory import MemoryDocuments
from app.records.access.registry import add_row, change_row, find
from app.records.access.synchronize import Synchronized, synchronize
from app.records.kinds import TERM_TABLE

CLIENT = Client(id="ehr", role=Role.PROVIDER, scopes=("system/*.rs",))
USER = User(id="dana", role=Role.PROVIDER)
PEOPLE = People(clients=(CLIENT,), users=(USER,))


@pytest.fixture
async def store() -> MemoryDocuments:
    documents = MemoryDocuments()
    await documents.start(TERM_TABLE)
    return documents


async def test_a_client_that_a_command_disabled_stays_disabled(store: MemoryDocuments) -> None:
    await synchronize(store, PEOPLE, Source.FILE)
    await change_row(store, Client, "ehr", lambda row: replace(row, disabled=True, locked=True))
    assert await synchronize(store, PEOPLE, Source.FILE) == Synchronized()
    assert (await client_of(store)).disabled


async def test_keys_and_passwords_of_commands_stay_if_the_file_leaves_them_out(store: MemoryDocuments) -> None:
    await synchronize(store, PEOPLE, Source.FILE)
    previous = Previous(until=1.0, secrets=("old",))
    given = {"secrets": ("new",), "previous": previous, "commanded": True}
    await change_row(store, Client, "ehr", lambda row: replace(row, **given))
    await change_row(store, User, "dana", lambda row: replace(row, password="hash", commanded=True))
    renamed = People(clients=(replace(CLIENT, name="EHR"),), users=(replace(USER, name="Dana"),))
    assert await synchronize(store, renamed, Source.FILE) == Synchronized(changed=2)
    assert await client_of(store) == replace(CLIENT, name="EHR", source=Source.FILE, **given)
    user = await find(store, User, "dana")
    assert user == replace(USER, name="Dana", source=Source.FILE, password="hash", commanded=True)


async def test_keys_of_the_file_replace_those_of_commands(store: MemoryDocuments) -> None:
    await synchronize(store, PEOPLE, Source.FILE)
    await change_row(store, Client, "ehr", lambda row: replace(row, secrets=("new",), commanded=True))
    await synchronize(store, People(clients=(replace(CLIENT, secrets=("file",)),)), Source.FILE)
    client = await client_of(store)
    assert (client.secrets, client.commanded) == (("file",), False)


async def test_the_row_of_another_source_is_refused_and_nothing_changes(store: MemoryDocuments) -> None:
    await add_row(store, CLIENT)
    with pytest.raises(RuntimeError, match="client ehr is registered already, by another source \\(command\\)"):
        await synchronize(store, PEOPLE, Source.FILE)
    assert await find(store, User, "dana") is None
    assert await client_of(store) == CLIENT


async def test_rows_of_another_source_stay(store: MemoryDocuments) -> None:
    await add_row(store, CLIENT)
    assert await synchronize(store, People(), Source.FILE) == Synchronized()
    assert await client_of(store) == CLIENT


async def client_of(store: MemoryDocuments) -> Client:
    client = await find(store, Client, "ehr")
    assert client is not None
    return client
