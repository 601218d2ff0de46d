"""Chapter "Bill": the biller sends claims with and without an authorization number."""

from __future__ import annotations

from decimal import Decimal

from app.demo.answers import BillingClaimAnswer, RequestAnswer
from app.demo.messages import Json, bill, excluded_bill, repeated
from app.demo.scene import Scene, expect
from app.demo.step import Shown


def paid(scene: Scene) -> Shown:
    """Bill four of the twelve units, with the authorization number."""
    authorization = scene.answer("approve")
    answer = _billed(scene, "BILL-1", 4, authorization, authorization.number)
    _expect_units(answer, paid=4, left=8)
    return Shown(answer.decision, authorization.number, "8 of 12 units left")


def over_the_limit(scene: Scene) -> Shown:
    """Bill more units than are left; the payer pays the units that are left."""
    authorization = scene.answer("approve")
    answer = _billed(scene, "BILL-2", 10, authorization, authorization.number)
    _expect_units(answer, paid=8, left=0)
    expect("the adjustment", ["CO-198", "N435"], answer.codes.split()[:2])
    return Shown(answer.decision, authorization.number, f"{answer.codes}: {answer.reason}")


def without_number(scene: Scene) -> Shown:
    """Bill without the number of an authorization that matches."""
    answer = _billed(scene, "BILL-3", 2, scene.answer("modify"), "")
    _expect_units(answer, paid=0, left=None)
    expect("the adjustment", "CO-16 M62", answer.codes)
    return Shown(answer.decision, "", f"{answer.codes}: {answer.reason}")


def carelessly_typed(scene: Scene) -> Shown:
    """Bill the same units again, with the number as a person types it from paper."""
    authorization = scene.answer("modify")
    number = authorization.number.lower()
    typed = f"{number[:2]} {number[2:6]}-{number[6:]}"
    answer = _billed(scene, "BILL-4", 2, authorization, typed)
    _expect_units(answer, paid=2, left=10)
    return Shown(answer.decision, authorization.number, f'typed "{typed}"; 10 units left')


def excluded(scene: Scene) -> Shown:
    """Bill an item that no plan covers, without a number; no authorization could make it payable."""
    claim = excluded_bill("BILL-5", scene.answer("approve").begins)
    answer = _answered(scene, claim)
    _expect_units(answer, paid=0, left=None)
    expect("the adjustment", "CO-96", answer.codes.split()[0])
    return Shown(answer.decision, "", f"{answer.codes}: {answer.reason}")


def both_sides(scene: Scene) -> Shown:
    """Search the billing claims and the payer's answers that carry the number."""
    number = scene.answer("approve").number
    claims, responses = (
        sorted(resource["use"] for resource in scene.get("biller", f"/{type_}?pre-auth-ref={number}").resources)
        for type_ in ("Claim", "ClaimResponse")
    )
    expect("the claims with this number", ["claim", "claim"], claims)
    expect("the answers with this number", ["claim", "claim", "preauthorization"], responses)
    return Shown("found", number, "2 claims, their 2 answers, and the authorization")


def _billed(scene: Scene, name: str, units: int, authorization: RequestAnswer, number: str) -> BillingClaimAnswer:
    claim = bill(name, units, authorization.begins, number)
    answer = _answered(scene, claim if name == "BILL-1" else repeated(claim))
    expect("the units billed", units, answer.billed)
    return answer


def _answered(scene: Scene, billing_claim: Json) -> BillingClaimAnswer:
    """Create the billing claim, and search the payer's answer to it."""
    claim = scene.post("biller", "/Claim", billing_claim, status=201).body
    responses = scene.get("biller", f"/ClaimResponse?request=Claim/{claim['id']}").resources
    expect("the number of answers to the claim", 1, len(responses))
    return BillingClaimAnswer(responses[0])


def _expect_units(answer: BillingClaimAnswer, *, paid: int, left: int | None) -> None:
    expect("the units paid", Decimal(paid), answer.paid)
    expect("the units left", None if left is None else Decimal(left), answer.left)
