"""The cache of registered clients: fresh within 30 seconds, bounded, and without a read while it is warm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from app.access.grant import Role
from app.access.registry import Client, Organization, Previous, User
from app.access.verifier import Claimed
from app.adapters.memory import MemoryDocuments
from app.ports import Document
from app.records.access.registry import add_row, change_row
from app.records.kinds import TERM_TABLE
from app.workflow.registry import registry as module
from app.workflow.registry.registry import FRESH_FOR, Registry

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CLIENT = Client(id="ehr", role=Role.PROVIDER, scopes=("system/*.rs",), organizations=("org-a", "org-b"))
USER = User(id="dana", role=Role.PROVIDER, organizations=("org-b", "org-c"))


class Counting(MemoryDocuments):
    reads = 0

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002
        self.reads += 1
        return await super().get(kind, id)


@pytest.fixture
async def store() -> Counting:
    documents = Counting()
    await documents.start(TERM_TABLE)
    for name in ("org-a", "org-b", "org-c"):
        await add_row(documents, Organization(id=name, npis=(f"npi of {name}",)))
    await add_row(documents, CLIENT)
    await add_row(documents, USER)
    documents.reads = 0
    return documents


async def test_a_warm_registry_reads_nothing(store: Counting) -> None:
    registry = Registry(store)
    first = await registry.principal("ehr", "", NOW)
    cold = store.reads
    assert await registry.principal("ehr", "", NOW + FRESH_FOR - timedelta(seconds=1)) == first
    assert store.reads == cold == 3


async def test_a_disabled_client_is_unknown_after_thirty_seconds(store: Counting) -> None:
    registry = Registry(store)
    assert await registry.principal("ehr", "", NOW) is not None
    await change_row(store, Client, "ehr", lambda row: replace(row, disabled=True))
    assert await registry.principal("ehr", "", NOW + FRESH_FOR) is None


async def test_a_clock_that_went_back_makes_no_row_last_longer(store: Counting) -> None:
    registry = Registry(store)
    assert await registry.principal("ehr", "", NOW) is not None
    await change_row(store, Client, "ehr", lambda row: replace(row, disabled=True))
    assert await registry.principal("ehr", "", NOW - timedelta(hours=1)) is None


async def test_a_disabled_organization_is_left_out(store: Counting) -> None:
    await change_row(store, Organization, "org-a", lambda row: replace(row, disabled=True))
    principal = await Registry(store).principal("ehr", "", NOW)
    assert principal is not None
    assert principal.organizations == ("org-b",)
    assert principal.npis == {"npi of org-b"}


async def test_a_user_acts_for_the_organizations_of_the_client_only(store: Counting) -> None:
    principal = await Registry(store).principal("ehr", "dana", NOW)
    assert principal is not None
    assert principal.organizations == ("org-b",)


async def test_a_disabled_user_is_unknown(store: Counting) -> None:
    await change_row(store, User, "dana", lambda row: replace(row, disabled=True))
    assert await Registry(store).principal("ehr", "dana", NOW) is None


async def test_two_issuers_may_use_the_same_client_id(store: Counting) -> None:
    await add_row(store, replace(CLIENT, issuer="https://login.example", organizations=("org-c",)))
    registry = Registry(store)
    own = await registry.principal("ehr", "", NOW)
    external = await registry.claimant("ehr", "https://login.example", Claimed(), NOW)
    assert (own and own.organizations, external and external.organizations) == (("org-a", "org-b"), ("org-c",))
    assert await registry.claimant("ehr", "https://other.example", Claimed(), NOW) is None


async def test_a_client_of_an_external_issuer_is_unknown_to_this_server(store: Counting) -> None:
    external = replace(CLIENT, id="x", issuer="https://login.example")
    await add_row(store, external)
    assert await Registry(store).principal(external.key, "", NOW) is None


async def test_secrets_and_keys_before_a_rotation_are_valid_until_its_end(store: Counting) -> None:
    previous = Previous(until=NOW.timestamp() + 60, secrets=("old",), jwks={"keys": [{"kid": "old"}]})
    new = {"secrets": ("new",), "jwks": {"keys": [{"kid": "new"}]}}
    await change_row(store, Client, "ehr", lambda row: replace(row, previous=previous, **new))
    registry = Registry(store)
    during = await registry.principal("ehr", "", NOW)
    after = await registry.principal("ehr", "", NOW + timedelta(seconds=60))
    assert during is not None
    assert (during.client.secrets, during.client.jwks) == (("new", "old"), {"keys": [{"kid": "new"}, {"kid": "old"}]})
    assert after is not None
    assert (after.client.secrets, after.client.jwks) == (("new",), {"keys": [{"kid": "new"}]})


async def test_unknown_clients_are_not_kept(store: Counting) -> None:
    registry = Registry(store)
    assert await registry.principal("stranger", "", NOW) is None
    assert not registry._kept


async def test_the_registry_is_bounded(store: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    registry = Registry(store)
    for name in ("one", "two", "three"):
        await add_row(store, replace(CLIENT, id=name))
        assert await registry.principal(name, "", NOW) is not None
        assert len(registry._kept) <= 2
