"""Denials are counted by service, provider, attribute and code, and each figure leads to its claims."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

import pytest

from app.codes import CPT
from app.conformance.capability import definitions
from app.domain.denials.figures import BILL_FIGURES
from app.domain.denials.tally import Dimension
from app.records.bills.bills import bill_of_claim, bill_write
from tests.api.bills.life.correcting import correcting, sent
from tests.api.metrics.figures import YEAR, counts, score, share
from tests.api.reading import Json, answered, issues
from tests.support.samples import RENDERING, billed_line, billing_claim, request_bundle
from tests.support.server import Server


async def approved(server: Server) -> str:
    answer = answered(await server.post("/Claim/$submit", request_bundle()))
    return str(answer["preAuthRef"])


async def bill(server: Server, number: str | None, *lines: Json) -> Json:
    """Send a bill, and return its ClaimResponse's and its Claim's ids."""
    answer = await server.post("/Claim", billing_claim(number=number, lines=list(lines) or None), "biller")
    assert answer.status_code == 201, answer.text
    stored = await bill_of_claim(server.system.documents, answer.json()["id"])
    assert stored is not None
    return {"claim": stored.bill.id, "response": stored.bill.response}


async def denials(server: Server, client: str = "reviewer", **given: str) -> Json:
    answer = await server.get(f"/ClaimResponse/$denials?{urlencode({**YEAR, **given})}", client)
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


async def claims(server: Server, figure: str, **given: str) -> list[str]:
    """Return the ids of the ClaimResponses behind a figure."""
    query = urlencode({**YEAR, "figure": figure, **given})
    answer = await server.get(f"/ClaimResponse/$denials-claims?{query}", "auditor")
    assert answer.status_code == 200, answer.text
    rows = [row["part"] for row in answer.json().get("parameter", []) if row["name"] == "claim"]
    return [parts[0]["valueReference"]["reference"].removeprefix("ClaimResponse/") for parts in rows]


def rates(report: Json, dimension: Dimension) -> dict[str, tuple[int, int]]:
    """Return the denied lines and the lines by a dimension."""
    group = report["group"][-1]
    strata = [row["stratum"] for row in group["stratifier"] if row["code"][0]["coding"][0]["code"] == dimension]
    return {
        stratum["value"]["text"]: tuple(population["count"] for population in stratum["population"])
        for stratum in (strata[0] if strata else [])
    }


async def test_denied_lines_are_counted_by_the_facts_of_the_line(server: Server) -> None:
    number = await approved(server)
    await bill(server, number, billed_line(1, quantity=2), billed_line(2, code="97140", quantity=1))
    report = await denials(server)
    assert share(report, "lines-denied") == (1, 2)
    assert rates(report, Dimension.ATTRIBUTE) == {"procedure": (1, 2)}
    assert rates(report, Dimension.CARC) == {"284": (1, 2)}
    assert rates(report, Dimension.REASON) == {"procedure-differs": (1, 2)}
    assert rates(report, Dimension.SERVICE) == {"http://www.ama-assn.org/go/cpt|97140": (1, 1)}
    assert rates(report, Dimension.PROVIDER) == {RENDERING: (1, 2)}


async def test_a_number_that_is_omitted_counts_apart_from_a_missing_authorization(server: Server) -> None:
    number = await approved(server)
    without = await bill(server, None, billed_line(1, code="72148", quantity=1))
    omitted = await bill(server, None, billed_line(1, quantity=3))
    linked = await bill(server, number, billed_line(1, quantity=2))
    report = await denials(server)
    assert share(report, "denied-none-on-file") == (1, 2)
    assert share(report, "denied-number-omitted") == (1, 2)
    assert share(report, "linked") == (1, 3)
    assert await claims(server, "denied-none-on-file") == [without["response"]]
    assert await claims(server, "denied-number-omitted") == [omitted["response"]]
    assert await claims(server, "linked") == [linked["response"]]


async def test_a_claim_passes_at_first_if_its_first_answer_pays_every_line(server: Server) -> None:
    number = await approved(server)
    passed = await bill(server, number, billed_line(1, quantity=2))
    cut = await bill(server, number, billed_line(1, quantity=20, day="2026-12-16"))
    report = await denials(server)
    assert share(report, "first-pass") == (1, 2)
    assert share(report, "lines-cut") == (1, 2)
    assert await claims(server, "first-pass") == [passed["response"]]
    assert await claims(server, "reason", value="units-exceeded") == [cut["response"]]


async def test_a_claim_that_is_answered_again_did_not_pass_at_first(server: Server) -> None:
    paid = await bill(server, await approved(server), billed_line(1, quantity=2))
    stored = await bill_of_claim(server.system.documents, paid["claim"])
    assert stored is not None
    await server.system.documents.commit(bill_write(stored, stored.bill))
    assert share(await denials(server), "first-pass") == (0, 1)


async def test_the_rework_of_a_denied_claim_ends_with_its_replacement(server: Server) -> None:
    number = await approved(server)
    denied = await sent(server, billing_claim(number="PA260000030", lines=[billed_line(quantity=2)]))
    kept = await bill(server, "PA260000021", billed_line(1, quantity=3))
    server.clock.move(hours=36)
    corrected = await sent(
        server, billing_claim(number=number, lines=[billed_line(quantity=2)], **correcting(denied, "7"))
    )
    report = await denials(server)
    assert share(report, "reworked") == (1, 2)
    assert (score(report, "rework-time-mean"), score(report, "rework-time-median")) == (36, 36)
    assert share(report, "first-pass") == (0, 2)
    assert share(report, "lines-denied") == (2, 3)
    assert await claims(server, "reworked") == [denied["id"]]
    assert {denied["id"], kept["response"], corrected["id"]} == {
        *await claims(server, "service", value=f"{CPT}|97110"),
        *await claims(server, "linked"),
    }


async def test_a_voided_claim_passed_at_first_and_its_void_has_no_lines(server: Server) -> None:
    paid = await sent(server, billing_claim(number=await approved(server), lines=[billed_line(quantity=2)]))
    await sent(server, billing_claim(lines=[billed_line(quantity=2)], **correcting(paid, "8")))
    report = await denials(server)
    assert share(report, "first-pass") == (1, 1)
    assert share(report, "lines-denied") == (0, 1)


async def test_csv_and_json_have_the_rates_and_the_unpaid_amount(server: Server) -> None:
    await bill(server, await approved(server), billed_line(1, quantity=2), billed_line(2, code="97140", quantity=1))
    table = base64.b64decode((await denials(server, output="csv"))["data"]).decode().splitlines()
    assert "carc,284,1,0,2,50.0" in table
    assert "unpaid-USD,Amount not paid,40" in table
    written = json.loads(base64.b64decode((await denials(server, output="json"))["data"]))
    assert {"dimension": "carc", "value": "284", "denied": 1, "cut": 0, "lines": 2, "percent": 50.0} in written["rates"]
    assert (written["claims"], written["lines"]) == (1, 2)


@pytest.mark.parametrize(("client", "status"), [("biller", 403), ("ehr-a", 403), ("patient-1", 403), ("auditor", 200)])
async def test_only_the_staff_of_a_payer_reads_its_denials(server: Server, client: str, status: int) -> None:
    for path in ("$denials?", "$denials-claims?figure=linked&"):
        answer = await server.get(f"/ClaimResponse/{path}{urlencode(YEAR)}", client)
        assert answer.status_code == status


async def test_the_claims_of_another_payer_are_in_no_figure(server: Server) -> None:
    await bill(server, await approved(server), billed_line(1, quantity=2))
    assert share(await denials(server, "reviewer-2"), "lines-denied") == (0, 0)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"figure": "denied"}, "`figure` must be lines-denied,"),
        ({"figure": "carc"}, "`value` must be a value of the dimension carc."),
        ({"figure": "linked", "periodEnd": "2025-01-01"}, "`periodEnd` must not be before"),
    ],
)
async def test_a_figure_that_the_report_does_not_have_is_refused(
    server: Server, given: dict[str, str], named: str
) -> None:
    refused = await server.get(f"/ClaimResponse/$denials-claims?{urlencode({**YEAR, **given})}", "reviewer")
    assert refused.status_code == 400
    assert issues(refused)[0]["details"]["text"].startswith(named)


async def test_the_report_has_the_groups_of_its_measure(server: Server) -> None:
    await bill(server, await approved(server), billed_line(1, quantity=2), billed_line(2, code="97140", quantity=1))
    report = await denials(server)
    [measure] = [row for row in definitions("2.2.1") if row["id"] == "billing-denials"]
    named = [group["code"]["coding"][0]["code"] for group in measure["group"]]
    assert report["measure"] == measure["url"]
    assert [group["code"]["coding"][0]["code"] for group in report["group"]] == named
    assert named == [*(row.key for row in BILL_FIGURES), "rework-time-mean", "rework-time-median", "denials"]
    [codes] = [row for row in definitions("2.2.1") if row["id"] == "billing-metric"]
    assert {row["code"] for row in codes["concept"]} == {*named, *Dimension}
    assert counts(report, "lines-denied") == {"numerator": 1, "denominator": 2}
