"""A valid request for each route that shows or changes patient data."""

from __future__ import annotations

from typing import Any

import httpx
from msgspec import Struct

from app.fhir.json import write
from tests.api.asking.attaching import note, parameters
from tests.api.asking.evidenced import with_evidence
from tests.api.imported.importing import reported
from tests.api.members.test_master_data_api import BODIES, created, numbered
from tests.api.reading import answered
from tests.api.reviewing import clock_change, pended, ruling
from tests.support.sample_bills import billing_claim
from tests.support.samples import RENDERING, coverage, inquiry_bundle, request_bundle
from tests.support.server import Server
from tests.support.subscribing import create, subscription

Json = dict[str, Any]

READERS = {"AuditEvent": "auditor"}
"""The demo client that reads a type; a reviewer reads the others."""


OF_PATHS = {"release": "taken", "schedule": "talk", "conclude": "talk"}
"""By operation, the Task that it needs."""

OF_TASKS = {
    "assign": {"name": "owner", "valueString": "case-reviewer"},
    "schedule": {"name": "start", "valueDateTime": "2026-12-01T15:00:00Z"},
    "conclude": {"name": "outcome", "valueCode": "upheld"},
}
"""By operation on a Task, its parameter."""


_YEAR = [{"name": "periodStart", "valueDate": "2026-01-01"}, {"name": "periodEnd", "valueDate": "2026-12-31"}]
PERIODS = {
    "metrics": _YEAR,
    "metrics-requests": [*_YEAR, {"name": "figure", "valueCode": "standard-denied"}],
    "denials": _YEAR,
    "denial-risk": [
        {"name": "payer", "valueId": "sample-payer"},
        {"name": "service", "valueCode": "97110"},
        {"name": "provider", "valueString": RENDERING},
    ],
    "denials-claims": [*_YEAR, {"name": "figure", "valueCode": "linked"}],
}
"""By operation on figures, its parameters."""


class Filled(Struct, frozen=True):
    """A server with one member, one pended request, a Subscription, and the id of a resource of each type."""

    server: Server
    ids: dict[str, str]

    async def send(self, path: str, method: str, *, token: bool = True, id_: str | None = None) -> httpx.Response:
        """Send a valid request to a route; with `id_`, for a resource of that id."""
        type_ = path.split("/")[1]
        client, body, headers = await self._parts(path, method, type_)
        of_path = OF_PATHS.get(path.rpartition("$")[2], type_)
        url = path.replace("{id:fhirid}", id_ or self.ids.get(of_path, "")).replace("{version:fhirid}", "1")
        if method == "GET" and url.rpartition("$")[2] in PERIODS:
            rows = (list(row.values()) for row in PERIODS[url.rpartition("$")[2]])
            url = f"{url}?{'&'.join(f'{name}={value}' for name, value in rows)}"
        sent = self.server.headers(client, **headers)
        if path.endswith("_search"):
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        if not token:
            del sent["Authorization"]
        content = "" if body is None else write(body)
        return await self.server.http.request(method, f"/fhir{url}", content=content, headers=sent)

    async def _parts(self, path: str, method: str, type_: str) -> tuple[str, Json | None, dict[str, str]]:
        of_provider = self._of_provider(path)
        if of_provider is not None:
            return "ehr-a", of_provider, {}
        if type_ == "ClaimResponse" and "$" in path:
            return self._of_payer(path.rpartition("$")[2], method)
        if type_ == "Subscription":
            return "ehr-a", self._subscribing(path, method), {}
        if type_ == "Task" and "$" in path:
            parameter = OF_TASKS.get(path.rpartition("$")[2])
            body = {"resourceType": "Parameters"} | ({"parameter": [parameter]} if parameter else {})
            return "reviewer", body, {"If-Match": 'W/"2"' if path.endswith("$release") else 'W/"1"'}
        if (method, path) == ("POST", "/Claim"):
            return "biller", billing_claim(number=None), {}
        if method == "PUT" or (method == "POST" and "_" not in path):
            of_url = {"id": self.ids[type_]} if method == "PUT" else {}
            return "admin", self._master(type_, new=method == "POST") | of_url, {"If-Match": 'W/"1"'}
        return READERS.get(type_, "reviewer"), None, {}

    def _of_provider(self, path: str) -> Json | None:
        """Return the body of a provider's operation; None for other paths."""
        if path == "/Claim/$submit":
            return request_bundle(identifier="another request")
        if path == "/Claim/$inquire":
            return inquiry_bundle()
        if path.endswith("$authorization-summary"):
            return {"resourceType": "Parameters"}
        if path.endswith("$auth-for-claim"):
            return {"resourceType": "Parameters", "parameter": service_asked()}
        return parameters(self.ids["control number"], note()) if path == "/$submit-attachment" else None

    def _of_payer(self, code: str, method: str) -> tuple[str, Json | None, dict[str, str]]:
        if code == "import":
            return "admin", reported(), {}
        if code == "legal-hold":
            return "admin", _act(code), {"If-Match": 'W/"1"'}
        if code in PERIODS:
            period = {"resourceType": "Parameters", "parameter": PERIODS[code]}
            client = "biller" if code == "denial-risk" else "reviewer"
            return client, period if method == "POST" else None, {}
        if code in ("evidence", "units-remaining"):
            return "reviewer", {"resourceType": "Parameters"} if method == "POST" else None, {}
        return "reviewer", _act(code), {"If-Match": 'W/"1"'}

    def _subscribing(self, path: str, method: str) -> Json | None:
        if path.endswith("$events"):
            return {"resourceType": "Parameters"} if method == "POST" else None
        if method in ("PUT", "POST") and not path.endswith("_search"):
            return subscription(**({"id": self.ids["Subscription"]} if method == "PUT" else {}))
        return None

    def _master(self, type_: str, *, new: bool) -> Json:
        if type_ == "Patient":
            return numbered("M900" if new else "M001")
        if type_ == "Coverage":
            payor = [{"reference": "Organization/sample-payer"}]
            return coverage("M001") | {"beneficiary": {"reference": f"Patient/{self.ids['Patient']}"}, "payor": payor}
        return BODIES[type_]


def service_asked() -> list[Json]:
    """Return the parameters of a question about the number of a claim."""
    return [{"name": "code", "valueCode": "97110"}, {"name": "date", "valueDate": "2026-12-15"}]


def _act(code: str) -> Json:
    """Return the body of an operation on a ClaimResponse."""
    if code == "decide":
        return {"resourceType": "Parameters", "parameter": [ruling(2)]}
    if code == "legal-hold":
        rows = [{"name": "hold", "valueBoolean": True}, {"name": "reason", "valueString": "A suit is announced."}]
        return {"resourceType": "Parameters", "parameter": rows}
    if code == "request-peer-to-peer":
        return {"resourceType": "Parameters", "parameter": [{"name": "contact", "valueString": "1-800-555-0142"}]}
    return clock_change(code)


async def filled(server: Server) -> Filled:
    """Fill a server: a member with a coverage, a provider, and a pended request."""
    ids = {type_: str((await created(server, BODIES[type_]))["id"]) for type_ in ("Organization", "Practitioner")}
    response = str(answered(await server.post("/Claim/$submit", with_evidence()))["id"])
    ids["ClaimResponse"] = ids["ExplanationOfBenefit"] = ids["Task"] = response
    claim_response = (await server.get(f"/ClaimResponse/{response}", "reviewer")).json()
    listed = (await server.get(f"/ClaimResponse/{response}/$evidence", "reviewer")).json()["entry"]
    ids |= {row["resource"]["resourceType"]: row["resource"]["id"] for row in listed}
    ids["Binary"] = f"{ids['DocumentReference']}.0"
    ids["taken"] = await pended(server, identifier="taken")
    await server.post(
        f"/Task/{ids['taken']}/$take", {"resourceType": "Parameters"}, "reviewer", **{"If-Match": 'W/"1"'}
    )
    spoken = await pended(server, identifier="spoken")
    path = f"/ClaimResponse/{spoken}/$request-peer-to-peer"
    ids["talk"] = (await server.post(path, _act("request-peer-to-peer"), "reviewer", **{"If-Match": "*"})).json()["id"]
    ids["Claim"] = claim_response["request"]["reference"].removeprefix("Claim/")
    ids["control number"] = claim_response["contained"][0]["identifier"][0]["value"]
    ids["Patient"] = claim_response["patient"]["reference"].removeprefix("Patient/")
    ids["Coverage"] = (await server.get("/Coverage", "reviewer")).json()["entry"][0]["resource"]["id"]
    ids["AuditEvent"] = (await server.get("/AuditEvent?_count=1", "auditor")).json()["entry"][0]["resource"]["id"]
    ids["Subscription"] = str((await create(server)).json()["id"])
    return Filled(server, ids)
