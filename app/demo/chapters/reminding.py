"""Chapter "Remind": a second server, whose clock is two months ahead, reminds the EHR of an authorization that ends."""

from __future__ import annotations

from datetime import timedelta

from app.codes import EXPIRING_TOPIC
from app.demo.listener import answer_in, status_of
from app.demo.messages import COURSE_OF_TREATMENT, subscription
from app.demo.scene import Scene, UnexpectedAnswer, expect
from app.demo.step import Shown

A_MONTH_BEFORE = COURSE_OF_TREATMENT - timedelta(days=29)
"""The time from today until the reminder is due."""


def subscribed(scene: Scene) -> Shown:
    """Subscribe to reminders of authorizations that end soon."""
    body = subscription(scene.endpoint, EXPIRING_TOPIC)
    scene.remembered["reminders"] = scene.post("ehr-a", "/Subscription", body, status=201)
    return Shown("subscribed", "", "Thirty days before an authorization ends")


def reminded(scene: Scene) -> Shown:
    """Wait for the reminder of the authorization with units left, and unsubscribe."""
    authorization = scene.answer("modify")
    with scene.later(A_MONTH_BEFORE):
        event = scene.mailbox.event(authorization.id)
    if event is None:
        raise UnexpectedAnswer("a reminder of the end: expected one, got none")
    expect("the topic", EXPIRING_TOPIC, status_of(event)["topic"]["valueCanonical"])
    end = answer_in(event)["preAuthPeriod"]["end"]
    scene.delete("ehr-a", f"/Subscription/{scene.remembered['reminders'].body['id']}")
    return Shown("found", authorization.number, f"It ends on {end}")
