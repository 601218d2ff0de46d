"""Chapters "Correct" and "Expire": the biller previews, replaces and voids a claim, and bills too late."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from app.demo.answers import BillingClaimAnswer
from app.demo.messages import (
    COURSE_OF_TREATMENT,
    Json,
    bill,
    corrected,
    decided_by_phone,
    elsewhere,
    preview,
    repeated,
)
from app.demo.scene import Scene, expect
from app.demo.step import Shown

AT_HOME, OFFICE, FEWER, VOID = "BILL-6", "BILL-7", "BILL-8", "BILL-9"
EXPIRED = "TEL-DEMO-1"


def dry_run(scene: Scene) -> Shown:
    """Preview a bill at home under an authorization for an office; the server stores nothing."""
    number, before = scene.answer("modify").number, _left(scene)
    answer = _submitted(scene, preview(elsewhere(_bill(scene, AT_HOME, 3))))
    expect("the adjustment", "CO-284 M77", answer.codes)
    expect("the units left", before, _left(scene))
    return Shown(answer.decision, number, f"dry run, {answer.codes}: {answer.reason}")


def paid(scene: Scene) -> Shown:
    """Bill with the right place."""
    answer = _submitted(scene, _bill(scene, OFFICE, 3))
    expect("the units paid", Decimal(3), answer.paid)
    return Shown(answer.decision, scene.answer("modify").number, f"{_left(scene)} units left")


def replaced(scene: Scene) -> Shown:
    """Replace the paid claim by one for fewer units; the payer takes back the difference."""
    number, before = scene.answer("modify").number, _left(scene)
    answer = _submitted(scene, corrected(_bill(scene, FEWER, 2), "7", OFFICE))
    expect("the units paid", Decimal(2), answer.paid)
    after = _left(scene)
    expect("the units that came back", Decimal(1), after - before)
    return Shown(answer.decision, number, f"{after} units left")


def voided(scene: Scene) -> Shown:
    """Void the claim that was paid, so that all its units come back."""
    number, before = scene.answer("modify").number, _left(scene)
    _submitted(scene, corrected(_bill(scene, VOID, 2), "8", FEWER))
    after = _left(scene)
    expect("the units that came back", Decimal(2), after - before)
    return Shown("voided", number, f"{after} units left")


def reported(scene: Scene) -> Shown:
    """Record a decision that the payer made by phone; its period has ended."""
    yesterday = scene.today - timedelta(days=1)
    body = decided_by_phone(EXPIRED, scene.today - COURSE_OF_TREATMENT, yesterday)
    scene.post("admin", "/ClaimResponse/$import", body, status=201)
    return Shown("recorded", EXPIRED, f"6 units until {yesterday}")


def expired(scene: Scene) -> Shown:
    """Bill a service of today under the authorization that ended yesterday."""
    claim = repeated(bill("BILL-10", 1, scene.answer("modify").begins, EXPIRED))
    answer = _submitted(scene, claim)
    expect("the adjustment", "CO-302", answer.codes.split()[0])
    return Shown(answer.decision, EXPIRED, f"{answer.codes}: {answer.reason}")


def another_number(scene: Scene) -> Shown:
    """Bill with the number of another member; the answer is that for an unknown number."""
    claim = _bill(scene, "BILL-11", 3)
    claim["patient"]["identifier"]["value"] = "M002"
    claim["insurance"][0]["coverage"]["identifier"]["value"] = "M002"
    answer = _submitted(scene, claim)
    expect("the adjustment", "CO-197 M62", answer.codes)
    return Shown(answer.decision, "", f"{answer.codes}: {answer.reason}")


def _bill(scene: Scene, name: str, units: int) -> Json:
    """Bill units of a service that was given again on the day."""
    authorization = scene.answer("modify")
    return repeated(bill(name, units, authorization.begins, authorization.number))


def _submitted(scene: Scene, claim: Json) -> BillingClaimAnswer:
    return BillingClaimAnswer(scene.post("biller", "/Claim/$submit", claim).body)


def _left(scene: Scene) -> Decimal:
    """Return the units left of the only item, as the operation of the server tells them."""
    found = scene.get("biller", f"/ClaimResponse/{scene.answer('modify').id}/$units-remaining").body
    [item] = [parameter["part"] for parameter in found["parameter"] if parameter["name"] == "item"]
    [left] = [part["valueQuantity"]["value"] for part in item if part["name"] == "remaining"]
    return Decimal(str(left))
