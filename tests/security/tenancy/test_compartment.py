"""A patient sees a document by its own tie only: no payee, no subscriber and no linked Patient shows it."""

from __future__ import annotations

import pytest

from app.access.grant import Role
from app.access.reach import PATIENT, REACH
from app.fhir.json import stored as stored_json
from app.ports import Document
from app.search.parameters import PARAMETERS
from tests.api.reading import answered, resources
from tests.api.refusing import everything
from tests.security.tenancy.parties import OF_A, seen, submitted
from tests.support.samples import billing_claim, coverage, patient, request_bundle
from tests.support.server import Server

TIED_BY = {"Claim": "patient", "ClaimResponse": "patient", "Coverage": "beneficiary", "Patient": "id"}
"""By type, the element that names the patient of a document."""

MADE = {"AuditEvent", "ExplanationOfBenefit"}
"""Types with no such element of their own: an ExplanationOfBenefit is made from a ClaimResponse, which has the tie."""


async def member(server: Server, number: str) -> str:
    """Register a member; return the id of its Patient."""
    return str((await server.post("/Patient", patient(number), "admin")).json()["id"])


async def test_the_tie_of_each_stored_document_is_the_patient_that_the_table_names(server: Server) -> None:
    for number, name in (("M001", "A"), ("M002", "B")):
        granted = await submitted(server, "ehr-a", requestor=OF_A, member=number, identifier=name)
        bill = billing_claim(number=granted["preAuthRef"], billing_provider=OF_A)
        assert (await server.post("/Claim/$submit", bill, "biller")).status_code == 200
    served = [(kind, document) for (kind, _), document in everything(server).items() if kind in TIED_BY]
    assert {kind for kind, _ in served} == set(TIED_BY)
    for kind, document in served:
        assert ties(document) == {named(document, TIED_BY[kind])}, kind


def test_each_served_type_that_a_patient_reaches_has_a_tie_of_the_table() -> None:
    assert {type_ for type_ in PARAMETERS if REACH[type_].get(Role.PATIENT) == PATIENT} - MADE == set(TIED_BY)


def ties(document: Document) -> set[str]:
    return {value for name, value in document.terms if name == PATIENT}


def named(document: Document, element: str) -> str:
    value = stored_json(document.body)[element]
    return str(value if isinstance(value, str) else value["reference"].removeprefix("Patient/"))


@pytest.mark.acceptance("B30")
async def test_a_payee_does_not_see_the_claim_of_another_patient(lenient: Server) -> None:
    first = await member(lenient, "M001")
    await member(lenient, "M002")
    payee = {
        "type": {"coding": [{"code": "other"}]},
        "party": {"reference": f"http://preauth.test/fhir/Patient/{first}"},
    }
    for_second = request_bundle(requestor=OF_A, member="M002", claim={"payee": payee})
    assert answered(await lenient.post("/Claim/$submit", for_second))
    [theirs] = resources((await lenient.get("/Claim", "patient-2")).json())
    assert first in str(theirs["payee"])
    assert theirs["id"] not in await seen(lenient, "patient-1", "Claim")
    assert (await lenient.get(f"/Claim/{theirs['id']}", "patient-1")).status_code == 404


@pytest.mark.acceptance("B30")
async def test_a_subscriber_does_not_see_the_coverage_of_a_dependent(server: Server) -> None:
    first, second = await member(server, "M001"), await member(server, "M002")
    of_dependent = coverage("M002") | {
        "beneficiary": {"reference": f"Patient/{second}"},
        "subscriber": {"reference": f"Patient/{first}"},
        "policyHolder": {"reference": f"Patient/{first}"},
        "payor": [{"reference": "Organization/sample-payer"}],
    }
    stored = await server.post("/Coverage", of_dependent, "admin")
    assert stored.status_code == 201, stored.text
    assert await seen(server, "patient-2", "Coverage") == {stored.json()["id"]}
    assert await seen(server, "patient-1", "Coverage") == set()
    assert (await server.get(f"/Coverage/{stored.json()['id']}", "patient-1")).status_code == 404


@pytest.mark.acceptance("B31")
async def test_a_linked_patient_is_not_seen(server: Server) -> None:
    second = await member(server, "M002")
    linked = patient("M001") | {"link": [{"other": {"reference": f"Patient/{second}"}, "type": "seealso"}]}
    stored = await server.post("/Patient", linked, "admin")
    assert stored.status_code == 201, stored.text
    await submitted(server, "ehr-a", requestor=OF_A, member="M002")
    assert await seen(server, "patient-1", "Patient") == {stored.json()["id"]}
    for type_ in ("Claim", "ClaimResponse", "Coverage"):
        assert await seen(server, "patient-1", type_) == set()
    assert (await server.get(f"/Patient/{second}", "patient-1")).status_code == 404
