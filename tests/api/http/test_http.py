"""HTTP for FHIR: paths, methods, media types, sizes and headers; every refusal has one OperationOutcome."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.fhir.json import write
from tests.api.reading import issues, sample
from tests.support.samples import patient, request_bundle
from tests.support.server import Server, serving

BASES = ["/fhir", "/2.2.1/fhir", "/2.0.1/fhir"]
WRITERS = {"/Claim/$submit": "ehr-a", "/Claim/$inquire": "ehr-a", "/Claim": "ehr-a", "/Patient": "admin"}
"""Where bodies are taken, and a client that may send one."""


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/fhir",
        "/fhir/",
        "/fhir/Observation",
        "/fhir/Observation/1",
        "/fhir/claim/1",
        "/fhir/Claim/",
        "/fhir/Claim/a_b",
        "/fhir/Claim/" + "a" * 65,
        "/fhir/_history",
        "/fhir/$submit",
        "/fhir/Claim/$everything",
        "/fhir/Claim/1/$submit",
        "/2.1.0/fhir/metadata",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_other_paths_are_not_found(server: Server, path: str, method: str) -> None:
    answer = await server.http.request(method, path, headers=server.headers("ehr-a"))
    assert answer.status_code == 404
    assert issues(answer)[0]["code"] == "not-found"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/Claim/$submit", {"POST"}),
        ("PUT", "/Claim/$submit", {"POST"}),
        ("DELETE", "/Claim/$inquire", {"POST"}),
        ("GET", "/ClaimResponse/1/$decide", {"POST"}),
        ("POST", "/metadata", {"GET", "HEAD"}),
        ("DELETE", "/Claim", {"GET", "HEAD", "POST"}),
        ("PUT", "/Claim/1", {"GET", "HEAD"}),
        ("POST", "/ClaimResponse", {"GET", "HEAD"}),
        ("PATCH", "/Patient/1", {"GET", "HEAD", "PUT"}),
        ("DELETE", "/Patient/1", {"GET", "HEAD", "PUT"}),
        ("PUT", "/Patient", {"GET", "HEAD", "POST"}),
        ("PUT", "/Patient/1/_history/1", {"GET", "HEAD"}),
    ],
)
async def test_a_path_lists_its_methods(server: Server, method: str, path: str, allow: set[str]) -> None:
    answer = await server.http.request(method, "/fhir" + path, headers=server.headers("admin"))
    assert answer.status_code == 405
    assert {one.strip() for one in answer.headers["allow"].split(",")} == allow
    assert issues(answer)[0]["code"] == "not-supported"


@pytest.mark.acceptance("C42")
@pytest.mark.parametrize("path", WRITERS)
@pytest.mark.parametrize(
    "media_type", ["application/fhir+xml", "text/plain", "text/json", "application/xml", "", "json"]
)
@pytest.mark.requirement("pas-2.2.1/spec-11")
async def test_the_server_rejects_a_body_that_is_not_json(server: Server, path: str, media_type: str) -> None:
    answer = await server.post(path, "<Bundle/>", WRITERS[path], **{"Content-Type": media_type})
    assert answer.status_code == 415
    assert "application/fhir+json" in issues(answer)[0]["details"]["text"]


@pytest.mark.parametrize(
    "media_type",
    ["application/fhir+json", "application/json", "Application/FHIR+JSON; charset=utf-8; fhirVersion=4.0"],
)
@pytest.mark.requirement("pas-2.2.1/spec-11")
@pytest.mark.requirement("pas-2.2.1/capability-json")
async def test_the_server_reads_each_media_type_of_json(server: Server, media_type: str) -> None:
    answer = await server.post("/Claim/$submit", sample("request-approve"), **{"Content-Type": media_type})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/fhir+json"


@pytest.mark.acceptance("C42")
@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "us-ascii", "", "utf-8x"])
async def test_a_body_in_another_charset_is_refused(server: Server, charset: str) -> None:
    json, form = "application/fhir+json", "application/x-www-form-urlencoded"
    for path, media_type, content in (("/Claim/$submit", json, b"{}"), ("/Claim/_search", form, b"status=active")):
        answer = await server.post(path, content, **{"Content-Type": f"{media_type}; charset={charset}"})
        assert (answer.status_code, issues(answer)[0]["code"]) == (415, "not-supported")
        assert "must be utf-8" in issues(answer)[0]["details"]["text"]


@pytest.mark.acceptance("C42")
@pytest.mark.parametrize("path", ["/Claim/$submit", "/Claim/_search"])
async def test_a_body_with_two_media_types_is_refused(server: Server, path: str) -> None:
    json, form = "application/fhir+json", "application/x-www-form-urlencoded"
    login = ("Authorization", server.headers("ehr-a")["Authorization"])
    for first, second in ((json, form), (form, json), (json, "text/html")):
        headers = [login, ("Content-Type", first), ("Content-Type", second)]
        assert (await server.http.post(f"/fhir{path}", content=b"{}", headers=headers)).status_code == 415


@pytest.mark.acceptance("C42")
async def test_a_compressed_body_is_refused(server: Server) -> None:
    answer = await server.post("/Claim/$submit", b"\x1f\x8b", **{"Content-Encoding": "gzip"})
    assert answer.status_code == 415
    assert issues(answer)


@pytest.mark.parametrize("accept", ["application/fhir+xml", "text/html", "application/fhir+xml, text/turtle"])
async def test_a_client_that_does_not_accept_json_gets_an_error(server: Server, accept: str) -> None:
    for path in ("/metadata", "/Claim", "/Claim/1"):
        assert (await server.get(path, Accept=accept)).status_code == 406
    refused = await server.post("/Claim/$submit", sample("request-approve"), Accept=accept)
    assert refused.status_code == 406
    assert issues(refused)[0]["code"] == "not-supported"


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/fhir+xml;q=0.9, application/fhir+json;q=0.1", "application/*"]
)
async def test_a_client_that_accepts_json_among_other_types_gets_json(server: Server, accept: str) -> None:
    assert (await server.get("/metadata", Accept=accept)).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status"),
    [("json", 200), ("application/fhir%2Bjson", 200), ("application/fhir+json", 200), ("xml", 406), ("ttl", 406)],
)
async def test_format_in_the_query_counts_before_the_header(server: Server, asked: str, status: int) -> None:
    answer = await server.get(f"/metadata?_format={asked}", Accept="application/fhir+xml")
    assert answer.status_code == status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"Bundle"',
        b"null",
        b"1",
        b'{"resourceType":"Bundle","resourceType":"Bundle"}',
        b'{"resourceType":"Bundle","total":NaN}',
        b'{"resourceType":"Bundle","id":"\xff"}',
        b'{"resourceType":"Bundle","id":"\\ud800"}',
        b'{"a":' * 1000 + b"1" + b"}" * 1000,
    ],
)
@pytest.mark.parametrize("path", WRITERS)
@pytest.mark.requirement("pas-2.2.1/spec-35")
@pytest.mark.requirement("pas-2.2.1/spec-38")
@pytest.mark.requirement("pas-2.2.1/spec-39")
async def test_a_body_that_cannot_be_parsed_is_a_bad_request(server: Server, path: str, body: bytes) -> None:
    answer = await server.post(path, body, WRITERS[path])
    assert answer.status_code == 400
    assert issues(answer)


@pytest.mark.parametrize("path", ["/Claim/$submit", "/Claim/$inquire"])
@pytest.mark.requirement("pas-2.2.1/spec-35")
async def test_the_server_rejects_a_bundle_without_entries_with_one_outcome(server: Server, path: str) -> None:
    answer = await server.post(path, {**request_bundle(), "entry": []})
    assert answer.status_code == 422
    assert issues(answer)


@pytest.mark.parametrize("path", WRITERS)
@pytest.mark.parametrize("type_", ["Observation", "Organization", ["Claim"], None, {}, 1])
async def test_another_resource_than_expected_is_a_bad_request(server: Server, path: str, type_: object) -> None:
    answer = await server.post(path, {**patient(), "resourceType": type_}, WRITERS[path])
    assert answer.status_code == 400
    assert issues(answer)


@pytest.mark.parametrize("path", ["/Claim/$submit", "/Claim/$inquire", "/Claim"])
async def test_a_patient_is_a_bad_request_where_another_resource_is_expected(server: Server, path: str) -> None:
    answer = await server.post(path, patient(), WRITERS[path])
    assert answer.status_code == 400
    assert issues(answer)
    assert (await server.post("/Patient", patient(), WRITERS["/Patient"])).status_code == 201


@pytest.mark.acceptance("C37")
async def test_a_body_that_is_too_large_is_refused_with_and_without_a_length(tmp_path: Path) -> None:
    async with serving(tmp_path, max_body_bytes=4096) as server:

        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(5):
                yield b" " * 1024

        declared = await server.post("/Claim/$submit", b" " * 4097)
        streamed = await server.http.post("/fhir/Claim/$submit", content=chunks(), headers=server.headers("ehr-a"))
        assert declared.status_code == streamed.status_code == 413
        assert issues(declared) == issues(streamed)
        assert "4096" in issues(declared)[0]["details"]["text"]
        assert (await server.post("/Claim/$submit", b" " * 4096)).status_code == 400


@pytest.mark.parametrize("path", ["/metadata", "/Claim", "/Claim/1", "/nowhere"])
async def test_every_answer_has_a_request_id_and_is_not_for_caches(server: Server, path: str) -> None:
    answer = await server.get(path)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.headers["x-request-id"]) == 36
    assert "server" not in answer.headers


@pytest.mark.parametrize("base", BASES)
@pytest.mark.requirement("pas-2.2.1/conf-1")
async def test_each_edition_has_its_own_base(server: Server, base: str) -> None:
    statement = (await server.http.get(f"{base}/metadata")).json()
    version = base.split("/")[1] if base != "/fhir" else "2.2.1"
    assert statement["implementationGuide"][0].endswith(f"|{version}")
    assert statement["implementation"]["url"] == f"http://preauth.test{base}"


@pytest.mark.acceptance("H79")
async def test_the_host_header_does_not_change_a_url(server: Server) -> None:
    hostile = {"Host": "evil.example.org", "X-Forwarded-Host": "evil.example.org"}
    answers = [
        await server.post("/Claim/$submit", request_bundle(), **hostile),
        await server.get("/Claim", **hostile),
        await server.get("/metadata", **hostile),
        await server.get("/Claim/", **hostile),
    ]
    assert not any("evil" in write(dict(answer.headers)) + answer.text for answer in answers)
