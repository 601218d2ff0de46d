"""The public metrics of CMS follow from the log of decisions, and each figure leads to its requests."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

import pytest

from app.codes import HCPCS
from app.conformance.capability import definitions
from app.domain.metrics.figures import FIGURES, Kind
from app.domain.metrics.scope import Exclusion
from tests.api.metrics.figures import YEAR, behind, counts, report, score, share
from tests.api.reading import administration_number, answered, issues
from tests.api.reviewing import clock_change, decide, pended, ruling
from tests.api.types.test_appeals import appeal_of, denied
from tests.api.updating import submitted
from tests.support.samples import request_bundle, request_item
from tests.support.server import Server


async def approved(server: Server, identifier: str) -> str:
    return str(answered(await server.post("/Claim/$submit", request_bundle(identifier=identifier)))["id"])


async def test_each_figure_counts_its_requests_and_lists_them(server: Server) -> None:
    first = await approved(server, "approved")
    second = await pended(server, identifier="waits")
    third = (await denied(server, identifier="denied"))["id"]
    both = [request_item(1), request_item(2, code="72148", quantity=2)]
    partly = await pended(server, identifier="partly", items=both)
    await decide(server, partly, ruling(2, action="deny", reason="not-medically-necessary"))
    year = await report(server)
    assert share(year, "standard-approved") == (1, 3)
    assert share(year, "standard-partly-approved") == (1, 3)
    assert share(year, "standard-denied") == (1, 3)
    assert share(year, "standard-denied-or-partly") == (2, 3)
    assert share(year, "standard-pending") == (1, 4)
    assert score(year, "standard-denied-or-partly") == 66.67
    assert counts(year, "lines") == {"approved": 2, "partly-approved": 0, "denied": 2}
    assert await behind(server, "standard-approved") == [first]
    assert await behind(server, "standard-pending") == [second]
    assert await behind(server, "standard-denied") == [third]
    assert set(await behind(server, "standard-denied", part="denominator")) == {first, third, partly}


async def test_the_time_of_a_decision_counts_from_the_receipt_to_the_determination(server: Server) -> None:
    slow = await pended(server, identifier="slow")
    await approved(server, "at once")
    server.clock.move(hours=3)
    quick = await pended(server, identifier="quick")
    server.clock.move(hours=1)
    await decide(server, slow, ruling())
    await decide(server, quick, ruling())
    year = await report(server)
    assert score(year, "standard-time-median") == 1
    assert score(year, "standard-time-mean") == 1.67
    assert share(year, "decided-at-once") == (1, 3)


async def test_an_expedited_request_is_in_no_figure_of_standard_requests(server: Server) -> None:
    urgent = await pended(server, identifier="urgent")
    await server.post(
        f"/ClaimResponse/{urgent}/$set-urgency", clock_change("set-urgency"), "reviewer", **{"If-Match": "*"}
    )
    await decide(server, urgent, ruling())
    year = await report(server)
    assert share(year, "expedited-approved") == (1, 1)
    assert share(year, "standard-approved") == (0, 0)


async def test_an_extended_request_that_was_approved_counts_among_all_decided_requests(server: Server) -> None:
    extended = await pended(server, identifier="extended")
    await server.post(f"/ClaimResponse/{extended}/$extend", clock_change("extend"), "reviewer", **{"If-Match": "*"})
    await approved(server, "other")
    server.clock.move(days=9)
    await decide(server, extended, ruling())
    year = await report(server)
    assert share(year, "extended-approved") == (1, 2)
    assert share(year, "standard-late") == (0, 2)
    assert await behind(server, "extended-approved") == [extended]


async def test_an_appeal_counts_with_the_request_that_was_denied(server: Server) -> None:
    first = await denied(server)
    await denied(server, identifier="not appealed")
    appeal = await submitted(server, appeal_of(administration_number(first)))
    assert share(await report(server), "standard-appeals-approved") == (0, 1)
    await decide(server, appeal["id"], ruling(), client="physician")
    year = await report(server)
    assert share(year, "standard-approved-after-appeal") == (1, 2)
    assert share(year, "standard-appeals-approved") == (1, 1)
    assert counts(year, "excluded")["appeal"] == 1
    assert await behind(server, "standard-approved-after-appeal") == [first["id"]]
    assert await behind(server, "appeal") == [appeal["id"]]


async def test_drugs_and_refused_requests_do_not_count_and_are_disclosed(server: Server) -> None:
    await server.post(
        "/Claim/$submit", request_bundle(identifier="drug", items=[request_item(code="J1745", system=HCPCS)])
    )
    await submitted(server, appeal_of("PA000000000"))
    year = await report(server)
    excluded = counts(year, "excluded")
    assert {reason: count for reason, count in excluded.items() if count} == {"drug": 1, "refused": 1}
    assert share(year, "standard-pending") == (0, 0)
    assert set(excluded) == set(Exclusion)


async def test_the_same_report_can_be_made_again_after_more_decisions(server: Server) -> None:
    waiting = await pended(server, identifier="waiting")
    server.clock.move(hours=1)
    moment = "2026-01-01T16:00:00Z"
    before = await report(server, asOf=moment)
    server.clock.move(hours=1)
    await decide(server, waiting, ruling())
    assert await report(server, asOf=moment) == before
    assert share(await report(server), "standard-approved") == (1, 1)


async def test_the_day_of_the_determination_may_put_a_request_into_the_period(server: Server) -> None:
    waiting = await pended(server, identifier="waiting")
    server.clock.move(days=5)
    await decide(server, waiting, ruling())
    february = {"periodStart": "2026-01-02", "periodEnd": "2026-02-28"}
    assert share(await report(server, **february), "standard-approved") == (0, 0)
    by_decision = await report(server, **february, **{"counted-by": "determined"})
    assert share(by_decision, "standard-approved") == (1, 1)
    assert await behind(server, "standard-approved", **february, **{"counted-by": "determined"}) == [waiting]


async def test_a_period_has_the_days_of_the_payer_s_calendar(server: Server) -> None:
    server.clock.move(hours=13)
    late_in_the_evening = await pended(server, identifier="evening")
    first_day = {"periodStart": "2026-01-01", "periodEnd": "2026-01-01"}
    assert await behind(server, "standard-pending", **first_day) == [late_in_the_evening]


async def test_csv_and_json_have_the_same_counts(server: Server) -> None:
    await approved(server, "approved")
    table = base64.b64decode((await report(server, output="csv"))["data"]).decode()
    assert "standard-approved,Standard requests approved in full,1,1,100.0,," in table.splitlines()
    figures = json.loads(base64.b64decode((await report(server, output="json"))["data"]))["figures"]
    [figure] = [row for row in figures if row["figure"] == "standard-approved"]
    assert (figure["numerator"], figure["denominator"], figure["percent"]) == (1, 1, 100.0)
    listed = base64.b64decode((await report(server, output="list-csv"))["data"]).decode()
    assert 'required,"cpt, hcpcs",72148,' in listed


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"periodStart": "2026"}, "`periodStart` must be a day"),
        ({"periodEnd": "2025-12-31"}, "`periodEnd` must not be before"),
        ({"asOf": "soon"}, "`asOf` must be a dateTime"),
        ({"counted-by": "billed"}, "`counted-by` must be received or determined."),
        ({"output": "pdf"}, "`output` must be"),
        ({"figure": "denied"}, "The parameters must be"),
    ],
)
async def test_a_parameter_of_another_form_is_refused(server: Server, given: dict[str, str], named: str) -> None:
    query = "&".join(f"{name}={value}" for name, value in {**YEAR, **given}.items())
    refused = await server.get(f"/ClaimResponse/$metrics?{query}", "reviewer")
    assert refused.status_code == 400
    assert issues(refused)[0]["details"]["text"].startswith(named)


@pytest.mark.parametrize(("client", "status"), [("ehr-a", 403), ("biller", 403), ("auditor", 200), ("admin", 200)])
async def test_only_the_staff_of_a_payer_reads_its_figures(server: Server, client: str, status: int) -> None:
    for operation in ("$metrics", "$metrics-requests"):
        more = "&figure=standard-denied" if operation == "$metrics-requests" else ""
        answer = await server.get(
            f"/ClaimResponse/{operation}?periodStart=2026-01-01&periodEnd=2026-12-31{more}", client
        )
        assert answer.status_code == status


async def test_the_figures_of_another_payer_are_refused(server: Server) -> None:
    answer = await server.get(
        "/ClaimResponse/$metrics?periodStart=2026-01-01&periodEnd=2026-12-31&payer=second-payer", "reviewer"
    )
    assert answer.status_code == 403


async def test_the_report_is_valid_and_has_the_groups_of_its_measure(server: Server) -> None:
    await approved(server, "approved")
    year = await report(server)
    [measure] = [row for row in definitions("2.2.1") if row["id"] == "prior-authorization-decisions"]
    named = [group["code"]["coding"][0]["code"] for group in measure["group"]]
    assert year["measure"] == measure["url"]
    assert [group["code"]["coding"][0]["code"] for group in year["group"]] == [*named, "excluded", "lines"]
    expected = [(row.key,) if row.kind is Kind.SHARE else (f"{row.key}-mean", f"{row.key}-median") for row in FIGURES]
    assert named == [key for keys in expected for key in keys]
    [codes] = [row for row in definitions("2.2.1") if row["id"] == "decision-metric"]
    populations = {row["code"]["coding"][0]["code"] for group in year["group"] for row in group["population"]}
    known = {row["code"] for row in codes["concept"]} | {"numerator", "denominator"}
    assert {*named, *populations} <= known
    checked = await server.post(
        "/Bundle/$validate",
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"fullUrl": "urn:uuid:0b2a1a5e-64a4-4ad6-9b0a-5f1d4f2e7a11", "resource": year}],
        },
    )
    assert [issue["severity"] for issue in checked.json()["issue"] if issue["severity"] == "error"] == []


async def test_members_of_two_programs_are_in_two_reports(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(identifier="with a plan", plan="GOLD"))
    assert share(await report(server, program="medicare-advantage"), "standard-approved") == (1, 1)
    assert share(await report(server, program="chip"), "standard-approved") == (0, 0)
    refused = await server.get(f"/ClaimResponse/$metrics?{urlencode({**YEAR, 'program': 'medicare'})}", "reviewer")
    assert issues(refused)[0]["details"]["text"].startswith("`program` must be medicare-advantage,")
