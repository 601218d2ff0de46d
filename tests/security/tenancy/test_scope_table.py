"""The table of scopes that operations and interactions need, granular scopes, and the limits of patients."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.access.reach import OWNER, PATIENT, PAYER
from app.ports import Insert
from app.records.resources import row
from tests.api.reading import resources
from tests.security.tenancy.parties import OF_A, Json, submitted
from tests.support.samples import inquiry_bundle, request_bundle
from tests.support.server import Server


def scoped(server: Server, client: str, *scopes: str) -> None:
    """Give the next tokens of a client these scopes."""
    server.clients = {**server.clients, client: replace(server.clients[client], scopes=scopes)}


@pytest.mark.acceptance("B27")
@pytest.mark.parametrize(
    ("operation", "scopes", "status"),
    [
        ("submit", "system/Claim.c system/ClaimResponse.r", 200),
        ("submit", "user/Claim.c user/ClaimResponse.r", 200),
        ("submit", "system/Claim.write system/ClaimResponse.read", 200),
        ("submit", "system/*.write system/*.read", 200),
        ("submit", "system/*.*", 200),
        ("submit", "system/Claim.c", 403),
        ("submit", "system/ClaimResponse.r", 403),
        ("submit", "system/Claim.ruds system/ClaimResponse.r", 403),
        ("submit", "system/Claim.c system/ClaimResponse.cuds", 403),
        ("submit", "system/*.read", 403),
        ("submit", "system/*.write", 403),
        ("submit", "patient/*.cruds", 403),
        ("submit", "system/Claim.c system/ClaimResponse.r?status=active", 403),
        ("submit", "system/Claim.c patient/ClaimResponse.r", 403),
        ("inquire", "system/Claim.s system/ClaimResponse.r", 200),
        ("inquire", "system/Claim.read system/ClaimResponse.read", 200),
        ("inquire", "system/*.read", 200),
        ("inquire", "system/Claim.crud system/ClaimResponse.r", 403),
        ("inquire", "system/Claim.s", 403),
        ("inquire", "system/Claim.s?status=active system/ClaimResponse.r", 403),
        ("inquire", "patient/*.rs", 403),
    ],
)
async def test_an_operation_needs_all_of_its_scopes(server: Server, operation: str, scopes: str, status: int) -> None:
    body = request_bundle(requestor=OF_A) if operation == "submit" else inquiry_bundle(requestor=OF_A)
    scoped(server, "ehr-a", *scopes.split())
    answer = await server.post(f"/Claim/${operation}", body)
    assert answer.status_code == status
    assert ("insufficient_scope" in answer.headers.get("www-authenticate", "")) is (status == 403)


async def two_answers(server: Server) -> tuple[Json, Json]:
    """Store an active ClaimResponse, and a cancelled one of the same request."""
    active = (await server.get(f"/ClaimResponse/{(await submitted(server, 'ehr-a', requestor=OF_A))['id']}")).json()
    cancelled = active | {"id": "cancelled-1", "status": "cancelled", "meta": {}}
    patient = active["patient"]["reference"].removeprefix("Patient/")
    access = ((PAYER, "sample-payer"), (OWNER, "org-a"), (PATIENT, patient))
    await server.system.documents.commit(Insert(row(cancelled, access=access, now=server.clock.now())))
    return active, cancelled


@pytest.mark.acceptance("B28")
@pytest.mark.parametrize(("client", "context"), [("ehr-a", "system"), ("patient-1", "patient"), ("reviewer", "user")])
async def test_a_granular_scope_hides_other_resources_on_every_way(server: Server, client: str, context: str) -> None:
    active, cancelled = await two_answers(server)
    assert (await server.get("/ClaimResponse/cancelled-1", client)).status_code == 200
    scoped(server, client, f"{context}/ClaimResponse.rs?status=active", f"{context}/Claim.rs", f"{context}/Patient.rs")
    assert (await server.get(f"/ClaimResponse/{active['id']}", client)).status_code == 200
    for below in ("", "/_history", "/_history/1"):
        hidden = await server.get(f"/ClaimResponse/{cancelled['id']}{below}", client)
        assert hidden.status_code == 404
    for path in (
        "/ClaimResponse?_total=accurate",
        "/ClaimResponse?_id=cancelled-1",
        "/ClaimResponse?status=cancelled",
        "/ClaimResponse/_history",
        "/Claim?_revinclude=ClaimResponse:request",
    ):
        bundle = (await server.get(path, client)).json()
        assert cancelled["id"] not in {one["id"] for one in resources(bundle)}, path
        assert bundle.get("total", 1) == 1
    included = resources((await server.get("/Claim?_revinclude=ClaimResponse:request", client)).json())
    assert active["id"] in {one["id"] for one in included}


@pytest.mark.acceptance("B29")
async def test_a_patient_uses_no_operation_and_sees_no_other_patient(server: Server) -> None:
    await submitted(server, "ehr-a", requestor=OF_A, member="M001")
    await submitted(server, "ehr-a", requestor=OF_A, member="M002", identifier="P2")
    for client in ("patient-1", "patient-2"):
        scoped(server, client, "patient/*.cruds")
        for body in (request_bundle(), inquiry_bundle()):
            for operation in ("submit", "inquire"):
                assert (await server.post(f"/Claim/${operation}", body, client)).status_code == 403
    for type_ in ("Claim", "ClaimResponse", "Coverage", "Patient"):
        [theirs] = resources((await server.get(f"/{type_}", "patient-2")).json())
        for below in ("", "/_history", "/_history/1"):
            assert (await server.get(f"/{type_}/{theirs['id']}{below}", "patient-1")).status_code == 404
    for type_ in ("Subscription", "Task", "Bundle", "Binary"):
        for path in (f"/{type_}", f"/{type_}/1"):
            assert (await server.get(path, "patient-1")).status_code in (403, 404, 405)
