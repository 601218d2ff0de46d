"""The payer's worklist: a Task for each request with a pended item, from the pend to the decision."""

from __future__ import annotations

import pytest

from app.conformance.admission import base_validator
from app.conformance.strictness import Level
from app.search.parameters import COMMON, PARAMETERS
from app.workflow.due.perform import perform_due
from tests.api.reading import administration_number, answered
from tests.api.reviewing import decide, pended, ruling
from tests.api.updating import MRI, THERAPY, WHOLE, added, cancelled, sent, submitted, update_of
from tests.api.worklist.worklist import act, inputs, listed, task
from tests.support.samples import CPT, billed_line, billing_claim, concept, request_bundle, request_item
from tests.support.server import Server

INJECTION = request_item(3, code="62323", quantity=1)


async def test_a_pended_request_is_a_task_of_the_payer_that_names_its_work(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", request_bundle(items=[MRI, THERAPY])))
    [found] = await listed(server)
    assert found == await task(server, response["id"])
    assert (found["status"], found["intent"], found["priority"]) == ("requested", "order", "routine")
    assert found["focus"] == {"reference": f"ClaimResponse/{response['id']}"}
    assert found["for"]["reference"].startswith("Patient/")
    assert found["insurance"][0]["reference"].startswith("Coverage/")
    assert {"value": administration_number(response)} in found["identifier"]
    assert found["authoredOn"] == found["lastModified"] == "2026-01-01T15:00:00.000Z"
    assert found["restriction"] == {"period": {"end": "2026-01-08T15:00:00.000Z"}}
    assert found["reasonCode"]["text"]
    named = inputs(found)
    assert named["service"] == [MRI["productOrService"]]
    assert named["policy"] == ["sample-payer"]
    assert len(named["rule"]) == len(named["reason"]) == 1
    assert named["document-requested"][0]["coding"][0]["system"] == "http://loinc.org"
    assert base_validator().validate(found, level=Level.STRICT) == ()


async def test_a_request_that_is_decided_at_once_gives_no_task(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(items=[THERAPY]))
    assert await listed(server) == []


@pytest.mark.parametrize(("code", "priority"), [("normal", "routine"), ("stat", "stat")])
async def test_the_priority_of_a_task_follows_the_urgency_of_the_request(
    server: Server, code: str, priority: str
) -> None:
    urgent = concept("http://terminology.hl7.org/CodeSystem/processpriority", code)
    await pended(server, claim={"priority": urgent})
    assert [row["priority"] for row in await listed(server, f"priority={priority}")] == [priority]


async def test_a_decision_on_one_of_two_items_leaves_the_task_open_for_the_other(server: Server) -> None:
    response = await pended(server, items=[request_item(1, "72148", 2), request_item(2, "62323", 1)])
    first = await task(server, response)
    server.clock.move(hours=1)
    await decide(server, response, ruling(1))
    second = await task(server, response)
    assert (second["status"], second["meta"]["versionId"]) == ("requested", "2")
    assert second["restriction"] == first["restriction"]
    assert (second["authoredOn"], second["lastModified"]) == (first["authoredOn"], "2026-01-01T16:00:00.000Z")
    assert inputs(second)["service"] == [concept(CPT, "62323")]


async def test_the_last_decision_completes_the_task_and_its_history_keeps_both_versions(server: Server) -> None:
    response = await pended(server)
    decided = (await decide(server, response, ruling())).json()
    found = await task(server, response)
    assert (found["status"], found["meta"]["versionId"]) == ("completed", "2")
    assert {"value": decided["preAuthRef"]} in found["identifier"]
    assert base_validator().validate(found, level=Level.STRICT) == ()
    assert await listed(server, "status=requested") == []
    assert [row["id"] for row in await listed(server, "status=completed")] == [response]
    past = await server.get(f"/Task/{response}/_history/1", "reviewer")
    assert (past.status_code, past.json()["status"]) == (200, "requested")


@pytest.mark.parametrize("whole", [False, True], ids=["item", "request"])
async def test_a_request_that_its_submitter_withdraws_cancels_the_task(server: Server, whole: bool) -> None:
    request = sent([MRI])
    response = await submitted(server, request)
    withdrawn = (
        update_of(request, None, claim={"extension": [WHOLE]}) if whole else update_of(request, [cancelled(MRI)])
    )
    await submitted(server, withdrawn)
    assert (await task(server, response["id"]))["status"] == "cancelled"


async def test_an_update_that_pends_a_decided_request_opens_its_task_again(server: Server) -> None:
    request = sent([THERAPY, MRI])
    response = (await submitted(server, request))["id"]
    await decide(server, response, ruling(2))
    server.clock.move(days=3)
    await submitted(server, update_of(request, [THERAPY, MRI, added(INJECTION)]))
    found = await task(server, response)
    assert (found["status"], found["authoredOn"]) == ("requested", "2026-01-04T15:00:00.000Z")
    assert found["restriction"] == {"period": {"end": "2026-01-11T15:00:00.000Z"}}
    assert [row["id"] for row in await listed(server, "status=requested&due=ge2026-01-11")] == [response]


async def test_a_request_that_only_an_update_pends_gets_its_first_task(server: Server) -> None:
    request = sent([THERAPY])
    response = (await submitted(server, request))["id"]
    await submitted(server, update_of(request, [THERAPY, added(MRI)]))
    assert (await task(server, response))["meta"]["versionId"] == "1"


async def test_a_bill_for_another_item_does_not_change_the_task(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", request_bundle(items=[THERAPY, MRI])))
    before = await task(server, response["id"])
    bill = billing_claim(number=response["preAuthRef"], lines=[billed_line(1, quantity=4)])
    assert (await server.post("/Claim/$submit", bill, "biller")).status_code == 200
    assert await task(server, response["id"]) == before


async def test_the_worklist_is_searched_by_due_time_number_member_and_requestor(server: Server) -> None:
    first = await pended(server)
    server.clock.move(days=2)
    stat = concept("http://terminology.hl7.org/CodeSystem/processpriority", "stat")
    urgent = await pended(server, identifier="REQ-2", claim={"priority": stat})
    server.clock.move(hours=1)
    last = await pended(server, identifier="REQ-3", member="M002")
    found = await listed(server, "_sort=due")
    assert sorted(row["restriction"]["period"]["end"] for row in found) == [
        row["restriction"]["period"]["end"] for row in found
    ]
    assert [row["id"] for row in found] == [urgent, first, last]
    assert [row["id"] for row in await listed(server, "_sort=-due&status=requested")] == [last, first, urgent]
    assert [row["id"] for row in await listed(server, "due=lt2026-01-09&_sort=due")] == [urgent, first]
    number = found[2]["identifier"][0]["value"]
    npi = found[0]["requester"]["identifier"]["value"]
    assert [row["id"] for row in await listed(server, f"pre-auth-ref={number.lower()}")] == [last]
    assert [row["id"] for row in await listed(server, f"patient={found[2]['for']['reference']}")] == [last]
    assert [row["id"] for row in await listed(server, "patient.identifier=M002")] == [last]
    assert [row["id"] for row in await listed(server, f"focus=ClaimResponse/{first}")] == [first]
    assert len(await listed(server, f"requester:identifier={npi}&code=review")) == 3


FINDS: tuple[tuple[str, str, str], ...] = (
    ("_id", "{id}", "unknown"),
    ("_lastUpdated", "2026-01-01", "2025"),
    ("status", "requested", "completed"),
    ("due", "2026-01-08", "gt2026-01-08"),
    ("priority", "routine", "stat"),
    ("business-status", "due-soon", "breached"),
    ("code", "review", "approve"),
    ("patient", "{patient}", "unknown"),
    ("focus", "{id}", "unknown"),
    ("owner:identifier", "reviewer", "physician"),
    ("requester:identifier", "1987654328", "1444444446"),
    ("pre-auth-ref", "{number}", "1"),
    ("authorization-type", "prior", "appeal"),
    ("item-code", "72148", "97110"),
    ("text", "M001", "M002"),
)


@pytest.mark.parametrize(("name", "value", "other"), FINDS, ids=[name for name, *_ in FINDS])
async def test_a_parameter_finds_the_task_and_another_value_does_not(
    server: Server, name: str, value: str, other: str
) -> None:
    response = await pended(server)
    found = await task(server, response)
    patient = found["for"]["reference"]
    if name == "owner:identifier":
        await act(server, "take", response)
    if name == "business-status":
        server.clock.move(days=6)
        await perform_due(server.system)
    asked = value.format(id=response, patient=patient, number=found["identifier"][0]["value"])
    assert [row["id"] for row in await listed(server, f"{name}={asked}")] == [response]
    assert await listed(server, f"{name}={other}") == []


def test_each_parameter_is_shown() -> None:
    assert {name.partition(":")[0] for name, *_ in FINDS} == {row.name for row in (*PARAMETERS["Task"], *COMMON)}


async def test_the_pages_of_a_sorted_worklist_have_each_task_once(server: Server) -> None:
    ids = []
    for number in range(3):
        ids.append(await pended(server, identifier=f"REQ-{number}"))
        server.clock.move(hours=1)
    seen, url = [], "/Task?_sort=due&_count=1"
    while url:
        page = (await server.get(url, "reviewer")).json()
        seen += [row["resource"]["id"] for row in page["entry"]]
        following = [link["url"] for link in page["link"] if link["relation"] == "next"]
        url = following[0].partition("/fhir")[2] if following else ""
    assert seen == ids


@pytest.mark.parametrize("query", ["due=soon", "_sort=status", "_sort=priority", "due:missing=true", "owner:of=me"])
async def test_a_search_that_the_worklist_does_not_support_is_refused(server: Server, query: str) -> None:
    answer = await server.get(f"/Task?{query}", "reviewer", Prefer="handling=strict")
    assert (answer.status_code, answer.json()["resourceType"]) == (400, "OperationOutcome")


@pytest.mark.parametrize("client", ["ehr-a", "ehr-b", "biller", "patient-1", "reviewer-2"])
async def test_only_the_payers_staff_sees_a_task(server: Server, client: str) -> None:
    response = await pended(server)
    for path in (f"/Task/{response}", f"/Task/{response}/_history/1", f"/Task/{response}/_history"):
        assert (await server.get(path, client)).status_code in (403, 404)
    found = await server.get("/Task", client)
    assert found.status_code == 403 or "entry" not in found.json()


async def test_no_client_writes_a_task(server: Server) -> None:
    response = await pended(server)
    found = await task(server, response)
    assert (await server.put(f"/Task/{response}", found, "admin", **{"If-Match": 'W/"1"'})).status_code == 405
    assert (await server.post("/Task", found, "admin")).status_code == 405


async def test_time_alone_decides_nothing(server: Server) -> None:
    response = await pended(server)
    before = await task(server, response)
    server.clock.move(days=400)
    assert await task(server, response) == before
    assert (await server.get(f"/ClaimResponse/{response}", "reviewer")).json()["meta"]["versionId"] == "1"
