"""Part of chapter "Review": the EHR subscribes to results, and gets the notification of a decision."""

from __future__ import annotations

from app.demo.answers import RequestAnswer
from app.demo.listener import answer_in, status_of
from app.demo.messages import subscription
from app.demo.scene import Scene, UnexpectedAnswer, expect, expect_some
from app.demo.step import Shown


def subscribed(scene: Scene) -> Shown:
    """Subscribe to the results of the EHR's organization. The handshake follows by itself."""
    scene.remembered["subscription"] = scene.post("ehr-a", "/Subscription", subscription(scene.endpoint), status=201)
    body = scene.remembered["subscription"].body
    expect("the status", "requested", body.get("status"))
    return Shown("subscribed", "", "A listener of the demo takes the notifications")


def notified(scene: Scene) -> Shown:
    """Wait for the notification of the decision, compare its number with the status, and unsubscribe."""
    event = scene.mailbox.event(scene.answer("pend").id)
    if event is None:
        raise UnexpectedAnswer("a notification of the decision: expected one, got none")
    answer = RequestAnswer(answer_in(event))
    expect("the review action", "A1", answer.action)
    expect_some("an authorization number", answer.number)
    id_ = scene.remembered["subscription"].body["id"]
    [status] = scene.get("ehr-a", f"/Subscription/{id_}/$status").resources
    counts = [
        parameter["valueString"]
        for parameter in status["parameter"]
        if parameter["name"] == "events-since-subscription-start"
    ]
    count = status_of(event)["events-since-subscription-start"]["valueString"]
    expect("the number of events", [count], counts)
    scene.delete("ehr-a", f"/Subscription/{id_}")
    return Shown(answer.decision, answer.number, f"event {count}, with the whole answer")
