"""The client's request id is used if it is a UUID or a trace id, which cannot name a person."""

from __future__ import annotations

import pytest

from tests.support.server import Server


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("6f1c2a9e-3b4d-4c5e-8f60-718293a4b5c6", True),
        ("6F1C2A9E-3B4D-4C5E-8F60-718293A4B5C6", True),
        ("6f1c2a9e3b4d4c5e8f60718293a4b5c6", True),
        ("018f4c2e-7b3a-7c11-9d2e-0a1b2c3d4e5f", True),
        ("{6f1c2a9e-3b4d-4c5e-8f60-718293a4b5c6}", False),
        ("6f1c2a9e3b4d-4c5e-8f60-718293a4b5c6", False),
        ("6f1c2a9e3b4d4c5e8f60718293a4b5c", False),
        ("6f1c2a9e3b4d4c5e8f60718293a4b5c60", False),
        ("6f1c2a9e-3b4d-4c5e-8f60-718293a4b5c6-M001", False),
        ("MRN-M001-Alex.Sample", False),
        ("a b", False),
    ],
)
async def test_the_callers_request_id_is_echoed_where_it_is_one(server: Server, sent: str, *, kept: bool) -> None:
    answer = await server.get("/metadata", **{"X-Request-Id": sent})
    assert (answer.headers["x-request-id"] == sent) is kept


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (f"00-{TRACE}-00f067aa0ba902b7-01", True),
        (f"cc-{TRACE}-00f067aa0ba902b7-01", True),
        (f"cc-{TRACE}-00f067aa0ba902b7-01-what-later-versions-add", True),
        (f"00-{TRACE}-00f067aa0ba902b7-01-more", False),
        (f"ff-{TRACE}-00f067aa0ba902b7-01", False),
        (f"00-{TRACE.upper()}-00f067aa0ba902b7-01", False),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", False),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (f"00-{TRACE}-00f067aa0ba902b7", False),
        (f"00-{TRACE}-00f067aa0ba902b7-1", False),
        (f"0-{TRACE}-00f067aa0ba902b7-01", False),
        ("MRN-M001-Alex.Sample", False),
    ],
)
async def test_a_trace_of_w3c_names_the_request_where_it_is_valid(server: Server, sent: str, *, kept: bool) -> None:
    answer = await server.get("/metadata", traceparent=sent)
    assert (answer.headers["x-request-id"] == TRACE) is kept


async def test_of_a_request_id_and_a_trace_the_id_is_taken_and_of_two_traces_neither(server: Server) -> None:
    trace, ticket = f"00-{TRACE}-00f067aa0ba902b7-01", "6f1c2a9e-3b4d-4c5e-8f60-718293a4b5c6"
    both = await server.http.get("/fhir/metadata", headers=[("traceparent", trace), ("X-Request-Id", ticket)])
    bad_id = await server.http.get("/fhir/metadata", headers=[("traceparent", trace), ("X-Request-Id", "M001")])
    two_traces = await server.http.get("/fhir/metadata", headers=[("traceparent", trace), ("traceparent", trace)])
    assert both.headers["x-request-id"] == ticket
    assert bad_id.headers["x-request-id"] == TRACE
    assert two_traces.headers["x-request-id"] != TRACE
