"""A canary runs through the server: its names, numbers, dates, texts and secrets stay out of logs, errors and audit."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.api.reviewing import ruling
from tests.security.audit.trail import stored_events
from tests.support.canary import leaks
from tests.support.logged import logged
from tests.support.samples import billing_claim, inquiry_bundle, request_bundle
from tests.support.server import Server

Json = dict[str, Any]

FAMILY, GIVEN, MEMBER, BORN = "Kanarienvogel", "Tweetilda", "CANARY-4417", "1931-10-07"
DOCUMENT = "the canary has a cough"
SECRET = "canary-s3cret-71"
CANARIES = (FAMILY, GIVEN, MEMBER, BORN, DOCUMENT, base64.b64encode(DOCUMENT.encode()).decode(), SECRET)


def canary(bundle: Json) -> Json:
    """Put the canary's person and document into a Bundle."""
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Patient":
            resource |= {"name": [{"family": FAMILY, "given": [GIVEN]}], "birthDate": BORN}
    [claim] = [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Claim"]
    claim["text"] = {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{DOCUMENT}</div>'}
    return bundle


async def fly(server: Server) -> list[str]:
    """Send the canary along each way in: good and bad bodies, searches, forms, foreign tokens; return the errors."""
    server.is_sent_junk()
    good = canary(request_bundle(member=MEMBER))
    bad = canary(request_bundle(member=MEMBER, identifier="bad"))
    bad["entry"][0]["resource"]["use"] = FAMILY
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answers = [
        await server.post("/Claim/$submit", good),
        await server.post("/Claim/$submit", good),
        await server.post("/Claim/$submit", bad),
        await server.post("/Claim/$inquire", canary(inquiry_bundle(member=MEMBER))),
        await server.post("/Claim", billing_claim(member=MEMBER, number=None), "biller"),
        await server.post(f"/ClaimResponse/{MEMBER}/$decide", {"parameter": [ruling(note=DOCUMENT)]}, "reviewer"),
        await server.post("/Patient", {"resourceType": "Patient", "name": [{"family": 7, "text": FAMILY}]}, "admin"),
        await server.http.post("/fhir/Patient/_search", content=f"family={FAMILY}&x={BORN}", headers=form),
        await server.post("/Patient/_search", f"family={FAMILY}&birthdate=x{BORN}", "reviewer", **form),
        await server.get(f"/Patient?family={FAMILY}&birthdate=x{BORN}", "reviewer"),
        await server.get(f"/Patient/{MEMBER}", "ehr-b"),
        await server.get(f"/Patient?identifier={MEMBER}&access_token={SECRET}", "reviewer", Prefer="handling=lenient"),
        await server.http.get("/fhir/Claim", headers={"Authorization": f"Bearer {SECRET}"}),
        await server.http.get(f"/fhir/{FAMILY}/{MEMBER}?name={GIVEN}"),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    return [answer.text for answer in answers if answer.is_error]


@pytest.mark.acceptance("G71")
async def test_the_canary_is_in_no_log_line_no_error_and_no_audit_record(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    errors = await fly(server)
    lines = [str(line) for line in logged(capsys)]
    events = [document.body.replace(f"Patient/{MEMBER}", "") for document in await stored_events(server)]
    assert len(errors) >= 7
    assert len(lines) >= 14
    assert len(events) >= 8
    for place, texts in {"error": errors, "log": lines, "audit": events}.items():
        assert [(place, value) for value in CANARIES for text in texts if value in text] == []


@pytest.mark.acceptance("G71")
async def test_no_page_of_metrics_or_health_names_a_person(server: Server) -> None:
    await fly(server)
    for path in ("/health", "/health/ready", "/metrics", "/fhir/metadata"):
        text = (await server.http.get(path)).text
        assert [value for value in CANARIES if value in text] == [], path


@pytest.mark.parametrize(
    "text", ["born 1984-05-17", "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJlaHItYSJ9", "-----BEGIN PRIVATE KEY-----"]
)
def test_a_leak_is_noticed(text: str) -> None:
    assert leaks(text) != []
    assert leaks("request 200 /fhir/Claim ehr-a") == []
