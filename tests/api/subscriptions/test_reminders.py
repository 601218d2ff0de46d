"""Subscribers are reminded once that an authorization ends soon, and that few of its units are left."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.codes import EXPIRING_TOPIC, OUR_BASE, PAS_TOPIC, UNITS_LOW_TOPIC
from app.domain.authorization import Authorization
from app.records import authorizations
from app.subscriptions.topics import TOPICS
from app.workflow.due.perform import perform_due
from tests.api.reading import answered
from tests.api.reviewing import decide, pended, ruling
from tests.api.trail import events
from tests.api.updating import THERAPY, cancelled, sent, submitted, update_of
from tests.support.samples import billed_line, billing_claim, request_bundle, request_item
from tests.support.server import Server
from tests.support.subscribing import Endpoint, create, subscribed, work

LEAD = timedelta(days=30)


async def record(server: Server, response: str) -> Authorization:
    stored = await authorizations.by_id(server.system.documents, response)
    assert stored is not None
    return stored.authorization


async def end_of(server: Server, response: str) -> date:
    """Return the last day of the only grant."""
    [end] = {item.granted.period.end for item in (await record(server, response)).items if item.granted}
    assert end is not None
    return end


def midnight(day: date) -> datetime:
    """Return the start of a day of the payer, which is in New York."""
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


async def reminded(server: Server, moment: datetime) -> None:
    """Move the clock, and let all workers work."""
    server.clock.instant = moment
    while await perform_due(server.system):
        pass
    await work(server)


async def approved(server: Server, end: str = "2027-02-20", **changes: Any) -> str:
    """Submit a request that is pended, and certify it until `end`; return the id of the ClaimResponse."""
    response = await pended(server, **changes)
    answer = await decide(server, response, ruling(end=end), **{"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    return response


@pytest.mark.scenario("S-71")
async def test_a_reminder_comes_once_a_month_before_the_end(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server, criteria=EXPIRING_TOPIC)
    response = await approved(server)
    day = midnight(await end_of(server, response) - LEAD)
    await reminded(server, day - timedelta(seconds=1))
    assert endpoint.events == []
    await reminded(server, day)
    [event] = endpoint.events
    assert (event.status["topic"], event.answer["id"]) == (EXPIRING_TOPIC, response)
    for days in (1, 20, 200):
        await reminded(server, day + timedelta(days=days))
    assert len(endpoint.events) == 1
    assert [row["action"] for row in events(server, response)][-1] == "expiring"


async def test_the_topic_of_pas_gets_no_reminder(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server, criteria=PAS_TOPIC)
    response = await approved(server)
    await work(server)
    results = len(endpoint.events)
    await reminded(server, midnight(await end_of(server, response) - LEAD))
    assert (results, len(endpoint.events)) == (1, 1)


async def test_a_grant_that_is_shorter_than_a_month_has_no_reminder(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server, criteria=EXPIRING_TOPIC)
    await approved(server, end="2026-12-20")
    await reminded(server, datetime(2026, 12, 19, tzinfo=UTC))
    assert endpoint.events == []


async def test_a_reminder_that_comes_after_the_end_is_not_sent(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server, criteria=EXPIRING_TOPIC)
    response = await approved(server)
    await reminded(server, midnight(await end_of(server, response) + timedelta(days=1)))
    assert endpoint.events == []
    assert len((await record(server, response)).done) == 1


async def test_the_reminder_of_a_cancelled_authorization_is_not_sent(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server, criteria=EXPIRING_TOPIC)
    request = sent([THERAPY])
    response = (await submitted(server, request))["id"]
    end = await end_of(server, response)
    await submitted(server, update_of(request, [cancelled(THERAPY)]))
    await reminded(server, midnight(end - LEAD))
    assert endpoint.events == []


async def test_each_subscriber_gets_reminders_of_its_own_requests_only(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server, client="ehr-b", criteria=EXPIRING_TOPIC)
    response = await approved(server)
    await reminded(server, midnight(await end_of(server, response) - LEAD))
    assert endpoint.events == []


async def bill(server: Server, number: str, quantity: int, claim: str) -> None:
    line = billed_line(1, quantity=quantity, day=f"2026-12-1{claim}")
    body = billing_claim(number=number, lines=[line], control_number=claim)
    answer = await server.post("/Claim/$submit", body, "biller")
    assert answer.status_code == 200, answer.text


async def test_a_bill_that_leaves_few_units_sends_one_reminder(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server, criteria=UNITS_LOW_TOPIC)
    response = answered(await server.post("/Claim/$submit", request_bundle(items=[request_item(quantity=10)])))
    number = response["preAuthRef"]
    await bill(server, number, 7, "1")
    await work(server)
    assert endpoint.events == []
    await bill(server, number, 1, "2")
    await bill(server, number, 1, "3")
    await bill(server, number, 1, "4")
    await work(server)
    [event] = endpoint.events
    assert (event.status["topic"], event.answer["id"]) == (UNITS_LOW_TOPIC, response["id"])


async def test_an_authorization_without_units_left_has_no_reminder_of_its_end(
    server: Server, endpoint: Endpoint
) -> None:
    await subscribed(server, criteria=EXPIRING_TOPIC)
    response = answered(await server.post("/Claim/$submit", request_bundle(items=[request_item(quantity=10)])))
    end = await end_of(server, response["id"])
    await bill(server, response["preAuthRef"], 10, "1")
    await reminded(server, midnight(end - LEAD))
    assert endpoint.events == []


@pytest.mark.parametrize("topic", [EXPIRING_TOPIC, UNITS_LOW_TOPIC])
async def test_a_filter_to_a_foreign_organization_is_refused(server: Server, topic: str) -> None:
    refused = await create(server, "org-identifier=1444444446", criteria=topic)
    assert refused.status_code == 403


async def test_an_unknown_topic_is_refused_with_the_supported_ones(server: Server) -> None:
    refused = await create(server, criteria=f"{OUR_BASE}SubscriptionTopic/reminder")
    assert refused.status_code == 422
    assert all(topic in refused.text for topic in TOPICS)


def test_each_topic_of_ours_is_published() -> None:
    files = Path(__file__).parents[3].glob("capability/topics/SubscriptionTopic-*.json")
    published = {json.loads(file.read_text())["url"] for file in files}
    assert published == set(TOPICS) - {PAS_TOPIC}
