"""The registered organizations, clients and users, in every store."""

from __future__ import annotations

from msgspec.structs import replace

from app.access.grant import Role
from app.access.registry import Client, Organization, People, Source, User
from app.ports import Documents
from app.records.access.registry import add_row, all_rows, change_row, find, find_organizations, remove_row
from app.records.access.synchronize import Synchronized, synchronize

ORGANIZATION = Organization(id="org", npis=("1234567893",))
CLIENT = Client(id="ehr", role=Role.PROVIDER, scopes=("system/*.rs",), organizations=("org",))
USER = User(id="dana@clinic.example", role=Role.PROVIDER, organizations=("org",))
PEOPLE = People(organizations=(ORGANIZATION,), clients=(CLIENT,), users=(USER,))


async def test_a_start_adds_changes_and_disables_the_rows_of_its_source(store: Documents) -> None:
    assert await synchronize(store, PEOPLE, Source.FILE) == Synchronized(added=3)
    assert await synchronize(store, PEOPLE, Source.FILE) == Synchronized()
    renamed = replace(CLIENT, name="EHR")
    assert await synchronize(store, People(clients=(renamed,)), Source.FILE) == Synchronized(changed=1, disabled=2)
    assert await find(store, Client, "ehr") == replace(renamed, source=Source.FILE)
    [user] = await all_rows(store, User)
    assert user.disabled


async def test_a_row_that_returns_to_its_source_is_enabled_again(store: Documents) -> None:
    await synchronize(store, PEOPLE, Source.FILE)
    await synchronize(store, People(), Source.FILE)
    assert await find_organizations(store, ["org"]) == []
    await synchronize(store, PEOPLE, Source.FILE)
    assert [organization.id for organization in await find_organizations(store, ["org"])] == ["org"]


async def test_more_rows_than_a_page_are_listed_sorted(store: Documents) -> None:
    organizations = tuple(Organization(id=f"org-{number:03}") for number in range(620))
    await synchronize(store, People(organizations=organizations), Source.FILE)
    assert [row.id for row in await all_rows(store, Organization)] == [row.id for row in organizations]


async def test_a_taken_key_is_not_given_to_a_second_row(store: Documents) -> None:
    assert await add_row(store, CLIENT)
    assert not await add_row(store, replace(CLIENT, name="other"))
    assert await add_row(store, replace(CLIENT, issuer="https://login.example"))
    assert [row.name for row in await all_rows(store, Client)] == ["", ""]


async def test_a_change_replaces_the_row_and_a_removal_ends_it(store: Documents) -> None:
    await add_row(store, CLIENT)
    changed = await change_row(store, Client, "ehr", lambda row: replace(row, disabled=True))
    assert changed == await find(store, Client, "ehr") == replace(CLIENT, disabled=True)
    await remove_row(store, Client, "ehr")
    assert await find(store, Client, "ehr") is None
    assert await change_row(store, Client, "ehr", lambda row: row) is None
