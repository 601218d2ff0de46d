"""Chapter "Correct": the biller replaces a denied claim, and voids the claim that was paid."""

from __future__ import annotations

from decimal import Decimal

from app.demo.answers import BillingClaimAnswer
from app.demo.messages import Json, bill, corrected, elsewhere, repeated
from app.demo.scene import Scene, expect
from app.demo.step import Shown

AT_HOME, OFFICE, VOID = "BILL-6", "BILL-7", "BILL-8"


def wrong_place(scene: Scene) -> Shown:
    """Bill at home what is authorized for an office."""
    authorization = scene.answer("modify")
    claim = elsewhere(_bill(scene, AT_HOME))
    answer = _submitted(scene, claim)
    expect("the adjustment", "CO-284 M77", answer.codes)
    return Shown(answer.decision, authorization.number, f"{answer.codes}: {answer.reason}")


def replaced(scene: Scene) -> Shown:
    """Replace the denied claim by the same one with the right place."""
    authorization = scene.answer("modify")
    claim = corrected(_bill(scene, OFFICE), "7", AT_HOME)
    answer = _submitted(scene, claim)
    expect("the units paid", Decimal(3), answer.paid)
    return Shown(answer.decision, authorization.number, f"{_left(scene)} units left")


def voided(scene: Scene) -> Shown:
    """Void the claim that was paid, so that its units come back."""
    number, before = scene.answer("modify").number, _left(scene)
    claim = corrected(_bill(scene, VOID), "8", OFFICE)
    _submitted(scene, claim)
    expect("the units that came back", Decimal(3), _left(scene) - before)
    return Shown("voided", number, f"{_left(scene)} units left")


def another_number(scene: Scene) -> Shown:
    """Bill with the number of another member; the answer is that for an unknown number."""
    claim = _bill(scene, "BILL-9")
    claim["patient"]["identifier"]["value"] = "M002"
    claim["insurance"][0]["coverage"]["identifier"]["value"] = "M002"
    answer = _submitted(scene, claim)
    expect("the adjustment", "CO-197 M62", answer.codes)
    return Shown(answer.decision, "", f"{answer.codes}: {answer.reason}")


def _bill(scene: Scene, name: str) -> Json:
    """Bill three units of a service that was given again on the day."""
    authorization = scene.answer("modify")
    return repeated(bill(name, 3, authorization.begins, authorization.number))


def _submitted(scene: Scene, claim: Json) -> BillingClaimAnswer:
    return BillingClaimAnswer(scene.post("biller", "/Claim/$submit", claim).body)


def _left(scene: Scene) -> Decimal:
    """Return the units left of the only item, as the operation of the server tells them."""
    found = scene.get("biller", f"/ClaimResponse/{scene.answer('modify').id}/$units-remaining").body
    [item] = [parameter["part"] for parameter in found["parameter"] if parameter["name"] == "item"]
    [left] = [part["valueQuantity"]["value"] for part in item if part["name"] == "remaining"]
    return Decimal(str(left))
