"""The grant of an external issuer's token: the rights that its claims and the client's record share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from app.access.grant import Grant, InvalidToken, Role
from app.access.registry import Client, Organization
from app.access.verifier import Claimed, Verified
from app.adapters.memory import MemoryDocuments
from app.records.access.registry import Registered, add_row
from app.records.kinds import TERM_TABLE
from app.workflow.registry.grants import grant_of
from app.workflow.registry.registry import Registry

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ISSUER = "https://login.example"
CLIENT = Client(
    id="ehr", issuer=ISSUER, role=Role.PROVIDER, scopes=("system/Claim.crs",), organizations=("org-a", "org-b")
)
STAFF = Client(id="desk", issuer=ISSUER, role=Role.REVIEWER, scopes=("user/*.rus",), payers=("payer-1", "payer-2"))
APP = Client(id="app", issuer=ISSUER, role=Role.PATIENT, scopes=("patient/*.rs",))


def verified(client: str = "ehr", *, patient: str | None = None, issuer: str = ISSUER, **claimed: Any) -> Verified:
    claims = {"role": None, "organizations": frozenset({"org-a"}), "payers": frozenset(), **claimed}
    scopes = frozenset({"system/*.cruds", "user/*.cruds", "patient/*.cruds", "openid"})
    return Verified(
        issuer=issuer,
        client=client,
        subject="subject",
        scopes=scopes,
        token="t",
        patient=patient,
        claimed=Claimed(**claims),
    )


async def granted(token: Verified, *rows: Registered) -> Grant:
    documents = MemoryDocuments()
    await documents.start(TERM_TABLE)
    for name in ("org-a", "org-b", "org-c"):
        await add_row(documents, Organization(id=name, npis=(f"npi of {name}",)))
    for row in rows or (CLIENT, STAFF, APP):
        await add_row(documents, row)
    return await grant_of(documents, Registry(documents), token, NOW)


async def refusal(token: Verified, *rows: Registered) -> str:
    with pytest.raises(InvalidToken) as refused:
        await granted(token, *rows)
    return str(refused.value)


async def test_a_registered_client_has_the_rights_that_both_sides_name() -> None:
    assert await granted(verified(organizations=frozenset({"org-b", "org-c"}))) == Grant(
        client="ehr https://login.example",
        role=Role.PROVIDER,
        organizations=("org-b",),
        npis=frozenset({"npi of org-b"}),
        owners={("npi", "npi of org-b"): "org-b"},
        scopes=frozenset({"system/Claim.crs"}),
        user="subject",
        token="t",
    )


async def test_staff_works_for_the_payers_that_both_sides_name() -> None:
    grant = await granted(verified("desk", payers=frozenset({"payer-2", "payer-3"}), role=Role.REVIEWER))
    assert (grant.role, grant.payers) == (Role.REVIEWER, frozenset({"payer-2"}))


async def test_a_patient_is_the_one_of_the_token() -> None:
    assert (await granted(verified("app", patient="p-1"))).patient == "p-1"


async def test_an_issuer_without_a_claim_for_organizations_leaves_those_of_the_record() -> None:
    grant = await granted(verified(organizations=None, payers=frozenset({"payer-1"})))
    assert grant.organizations == ("org-a", "org-b")


@pytest.mark.acceptance("A3")
@pytest.mark.parametrize(
    "token",
    [
        verified("unknown"),
        verified(issuer="https://other.example"),
        verified(role=Role.REVIEWER),
        verified(organizations=frozenset({"org-c"})),
        verified(organizations=frozenset()),
        verified(organizations=frozenset(), patient="p-1"),
        verified("desk", payers=frozenset({"payer-3"})),
        verified("desk", payers=frozenset()),
        verified("app"),
    ],
)
async def test_a_token_without_a_right_that_its_client_has_is_refused(token: Verified) -> None:
    assert await refusal(token)


@pytest.mark.acceptance("A14")
async def test_a_disabled_client_is_refused_although_its_issuer_vouches_for_it() -> None:
    token = verified(role=Role.PROVIDER, unregistered=True)
    assert "disabled" in await refusal(token, replace(CLIENT, disabled=True))


async def test_a_client_that_stands_for_a_member_needs_a_token_for_this_patient() -> None:
    assert "patient" in await refusal(verified("app", patient="p-1"), replace(APP, member=("payer-1", "M1")))


async def test_a_client_without_a_record_has_the_claims_if_its_issuer_vouches_for_it() -> None:
    claims = frozenset({"org-a", "org-x"})
    assert await granted(verified("new", role=Role.PROVIDER, organizations=claims, unregistered=True)) == Grant(
        client="new https://login.example",
        role=Role.PROVIDER,
        organizations=("org-a",),
        npis=frozenset({"npi of org-a"}),
        owners={("npi", "npi of org-a"): "org-a"},
        scopes=frozenset({"system/*.cruds", "user/*.cruds", "patient/*.cruds"}),
        user="subject",
        token="t",
    )


@pytest.mark.acceptance("A3")
@pytest.mark.parametrize(
    "token",
    [
        verified("new", role=Role.PROVIDER),
        verified("new", unregistered=True),
        verified("new", role=Role.PROVIDER, organizations=frozenset({"org-x"}), unregistered=True),
        verified("new", role=Role.REVIEWER, unregistered=True),
        verified("new", role=Role.PATIENT, unregistered=True),
    ],
)
async def test_a_client_without_a_record_is_refused_without_claims_that_suffice(token: Verified) -> None:
    assert await refusal(token)


async def test_a_client_of_this_server_does_not_lend_its_rights_to_an_issuers_client_of_the_same_id() -> None:
    own = replace(CLIENT, issuer=None)
    assert "not registered" in await refusal(verified(), own)
    grant = await granted(verified(role=Role.PROVIDER, unregistered=True), own)
    assert grant.client == "ehr https://login.example"
