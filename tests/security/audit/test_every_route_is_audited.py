"""Each access to patient data leaves one AuditEvent: the test walks the routes of the server."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from app.audit.access import Interaction
from app.conformance.admission import base_validator
from app.conformance.strictness import Level
from app.web.audit.acts import Act, act_of
from app.web.interactions.routes import ROUTES
from tests.security.audit.requests import filled
from tests.security.audit.trail import Trail, client_of, references
from tests.support.server import Server

Route = tuple[str, str]

ALL = [(path, method) for path, method, _ in ROUTES]
AUDITED = [route for route in ALL if act_of(*route) is not None]
WITH_ID = [route for route in AUDITED if "{id" in route[0]]

SAFE = re.compile(
    r"/metadata|/(StructureDefinition|ValueSet|CodeSystem|SearchParameter|OperationDefinition|Measure)(/.*)?|/\w+/\$validate"
    r"|/Subscription(/{id:fhirid})?/\$status"
)
"""The routes that show no data of a payer: capabilities, definitions, checks of a body, and counts of events."""


def names(routes: list[Route]) -> Iterator[str]:
    return (f"{method} {path}" for path, method in routes)


def test_a_route_without_audit_shows_no_patient_data() -> None:
    unaudited = [route for route in ALL if act_of(*route) is None and not SAFE.fullmatch(route[0])]
    assert {path.split("/")[1] for path, _ in unaudited} == {"Organization", "Practitioner"}
    assert {method for path, method in unaudited if not path.endswith("_search")} == {"GET"}


def test_a_route_of_a_new_type_is_audited_and_a_route_of_another_shape_refused() -> None:
    assert act_of("/Task/{id:fhirid}", "GET") == Act(Interaction.READ, "Task")
    with pytest.raises(KeyError):
        act_of("/Task/{id:fhirid}/everything", "GET")


@pytest.mark.acceptance("G72", "G73")
@pytest.mark.parametrize(("path", "method"), AUDITED, ids=names(AUDITED))
async def test_a_request_leaves_one_event_of_its_client_and_interaction(server: Server, path: str, method: str) -> None:
    world = await filled(server)
    trail = await Trail(server).start()
    answer = await world.send(path, method)
    assert answer.status_code in (200, 201, 204), answer.text
    [event] = await trail.events()
    act = act_of(path, method)
    assert act is not None
    assert event["subtype"][0]["code"] == act.interaction
    assert event["outcome"] == "0"
    assert client_of(event) in {"ehr-a", "biller", "reviewer", "admin", "auditor"}
    assert event["entity"][0]["what"]["identifier"]["value"] == answer.headers["x-request-id"]
    assert base_validator().validate(event, level=Level.STRICT) == ()
    figures = act.operation.startswith(("$metrics", "$denial"))
    of_patient = not figures and act.type not in {"AuditEvent", "Organization", "Practitioner", "Subscription"}
    patients = {one.partition("/_history")[0] for one in references(event) if one.startswith("Patient/")}
    assert len(patients) == of_patient


@pytest.mark.acceptance("G72")
@pytest.mark.parametrize(("path", "method"), AUDITED, ids=names(AUDITED))
async def test_a_request_without_a_token_leaves_one_event_of_a_denied_access(
    server: Server, path: str, method: str
) -> None:
    world = await filled(server)
    trail = await Trail(server).start()
    assert (await world.send(path, method, token=False)).status_code == 401
    [event] = await trail.events()
    assert (event["outcome"], event["outcomeDesc"], client_of(event)) == ("8", "HTTP 401", None)
    assert base_validator().validate(event, level=Level.STRICT) == ()


@pytest.mark.acceptance("G72")
@pytest.mark.parametrize(("path", "method"), WITH_ID, ids=names(WITH_ID))
async def test_a_request_for_an_unknown_resource_leaves_one_event_that_names_it(
    server: Server, path: str, method: str
) -> None:
    world = await filled(server)
    trail = await Trail(server).start()
    world.ids[path.split("/")[1]] = "no-such-id"
    assert (await world.send(path, method, id_="no-such-id")).status_code == 404
    [event] = await trail.events()
    assert (event["outcome"], event["outcomeDesc"]) == ("4", "HTTP 404")
    assert references(event)[0].startswith(f"{path.split('/')[1]}/no-such-id")
