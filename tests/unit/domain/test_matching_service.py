"""Matching of status, procedure, modifiers and component."""

from __future__ import annotations

from typing import Any

import pytest

from app.codes import CDT, CPT, HCPCS, ICD_10_PCS, NDC, REVENUE
from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import AuthorizedItem
from app.domain.billing import BilledLine
from app.domain.datatypes import Coding
from app.domain.decision import ReviewAction
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.component import Component
from app.domain.matching.mismatch import Mismatch
from app.domain.matching.modifiers import Modifiers
from app.domain.matching.procedure import Procedure
from app.domain.matching.status import Status
from tests.support.billing_samples import authorization, claim, cpt, item, line
from tests.support.matching import exactly

RANGE = {"code": "97110", "service_end": cpt("97140")}


def compared(attribute: Attribute, billed: BilledLine, authorized: AuthorizedItem) -> Mismatch | None:
    return exactly(attribute, Sides(billed, claim(billed), authorized, authorization(authorized)))


@pytest.mark.parametrize("action", [ReviewAction.CERTIFIED, ReviewAction.MODIFIED])
def test_a_certified_or_modified_item_can_be_billed(action: ReviewAction) -> None:
    assert compared(Status(), line(), item(action=action)) is None


@pytest.mark.parametrize(
    ("action", "key"),
    [
        (ReviewAction.NOT_CERTIFIED, AdjustmentKey.REQUEST_DENIED),
        (ReviewAction.CANCELLED, AdjustmentKey.NUMBER_UNKNOWN),
        (ReviewAction.PENDED, AdjustmentKey.REQUEST_PENDING),
    ],
)
def test_a_denied_or_pended_item_cannot_be_billed(action: ReviewAction, key: AdjustmentKey) -> None:
    found = compared(Status(), line(), item(action=action))
    assert found is not None
    assert (found.attribute, found.reason_key) == ("status", key)


@pytest.mark.parametrize(
    ("billed", "authorized"),
    [
        (cpt("97110"), {}),
        (Coding(HCPCS, "97110"), {}),
        (cpt("j1745"), {"services": (Coding(HCPCS, "J1745"),)}),
        (cpt("97110"), {"services": (Coding("urn:local", "PT"), cpt("97110"))}),
        (cpt("97110"), RANGE),
        (cpt("97112"), RANGE),
        (cpt("97140"), RANGE),
        (Coding(HCPCS, "97112"), RANGE),
        (cpt("97110"), {"service_end": Coding("urn:local", "Z")}),
        (cpt("97110"), {"service_end": cpt("00001")}),
        (cpt("97140"), {"granted": {"service": cpt("97140")}}),
    ],
)
def test_a_billed_code_is_the_authorized_one_or_in_its_range(billed: Coding, authorized: dict[str, Any]) -> None:
    assert compared(Procedure(), line(services=(billed,)), item(**authorized)) is None


def test_any_of_a_lines_codes_may_be_the_authorized_one() -> None:
    billed = line(services=(Coding("urn:local", "PT"), cpt("97110")))
    assert compared(Procedure(), billed, item()) is None


@pytest.mark.parametrize(
    ("billed", "authorized", "in_words"),
    [
        (cpt("97140"), {}, "97110"),
        (cpt("97109"), RANGE, "97110 to 97140"),
        (cpt("97141"), RANGE, "97110 to 97140"),
        (cpt("9711T"), RANGE, "97110 to 97140"),
        (cpt("971100"), RANGE, "97110 to 97140"),
        (Coding("urn:local", "97112"), RANGE, "97110 to 97140"),
        (cpt("97112"), {"service_end": Coding("urn:local", "97140")}, "97110 to 97140"),
        (cpt("97110"), {"granted": {"service": cpt("97140")}}, "97140"),
        (cpt("97112"), {**RANGE, "granted": {"service": cpt("97140")}}, "97140"),
        (cpt("97110"), {"services": ()}, "none"),
    ],
)
def test_another_code_is_another_procedure(billed: Coding, authorized: dict[str, Any], in_words: str) -> None:
    found = compared(Procedure(), line(services=(billed,)), item(**authorized))
    assert found == Mismatch("procedure", billed.code, in_words, AdjustmentKey.PROCEDURE_DIFFERS)


@pytest.mark.parametrize(
    ("end", "authorized", "claimed"),
    [
        (cpt("97110"), {}, None),
        (cpt("97140"), {}, "97110 to 97140"),
        (cpt("97140"), RANGE, None),
        (cpt("97141"), RANGE, "97110 to 97141"),
        (Coding("urn:local", "97112"), RANGE, "97110 to 97112"),
    ],
)
def test_a_billed_range_must_be_authorized_with_its_end(
    end: Coding, authorized: dict[str, Any], claimed: str | None
) -> None:
    found = compared(Procedure(), line(service_end=end), item(**authorized))
    assert (found and found.claimed) == claimed


def test_equal_codes_of_different_systems_are_written_with_their_systems() -> None:
    found = compared(Procedure(), line(services=(Coding("urn:local", "97110"),)), item())
    assert found is not None
    assert (found.claimed, found.authorized) == ("97110 of urn:local", f"97110 of {CPT}")


ROOM, DRUG, LOCAL = Coding(REVENUE, "0120"), Coding(NDC, "00777310502"), Coding("urn:local", "PT")


@pytest.mark.parametrize(
    ("billed", "authorized"),
    [
        ({"services": (LOCAL, cpt("27447"))}, {"services": (LOCAL,)}),
        ({"services": (DRUG, cpt("27447"))}, {"services": (DRUG,)}),
        ({"services": (cpt("97110"), Coding(ICD_10_PCS, "0SRC0J9"))}, {}),
        ({"services": (cpt("97110"), Coding(CDT, "D7240"))}, {}),
        ({"services": (cpt("27447"),), "revenue": ROOM}, {"services": (), "revenue": ROOM}),
    ],
)
def test_no_code_of_another_kind_authorizes_a_billed_procedure(
    billed: dict[str, Any], authorized: dict[str, Any]
) -> None:
    found = compared(Procedure(), line(**billed), item(**authorized))
    assert found is not None
    assert found.reason_key is AdjustmentKey.PROCEDURE_DIFFERS


@pytest.mark.parametrize(
    ("billed", "authorized"),
    [
        ({"services": (cpt("97110"), DRUG)}, {}),
        ({"services": (DRUG,)}, {"services": (DRUG, cpt("J1745"))}),
        ({"services": (), "revenue": ROOM}, {"services": (), "revenue": ROOM}),
        ({"services": (LOCAL,), "revenue": ROOM}, {"services": (), "revenue": ROOM}),
    ],
)
def test_other_codes_may_translate_the_service(billed: dict[str, Any], authorized: dict[str, Any]) -> None:
    assert compared(Procedure(), line(**billed), item(**authorized)) is None


def test_the_forms_of_a_drug_code_are_one_code() -> None:
    authorized, billed = Coding(NDC, "0777-3105-02"), Coding(NDC, "00777310502")
    assert compared(Procedure(), line(services=(billed,)), item(services=(authorized,))) is None


@pytest.mark.parametrize(
    ("billed", "authorized"),
    [
        ((), ()),
        (("GP", "59", "95", "KX", "XU"), ()),
        ((), ("GP",)),
        (("RR",), ("RR",)),
        (("rr", "KX"), ("RR",)),
        (("80", "81"), ("81", "80")),
        (("52", "53", "73", "74"), ()),
        (("26",), ()),
    ],
)
def test_modifiers_that_only_inform_do_not_count(billed: tuple[str, ...], authorized: tuple[str, ...]) -> None:
    assert compared(Modifiers(), line(modifiers=billed), item(modifiers=authorized)) is None


@pytest.mark.parametrize(
    ("billed", "authorized", "in_words"),
    [
        (("NU",), ("RR",), ("NU", "RR")),
        (("RR",), (), ("RR", "none")),
        ((), ("UE",), ("none", "UE")),
        (("80", "GP"), ("81",), ("80", "81")),
        (("AS", "82"), ("82",), ("82, AS", "82")),
    ],
)
def test_significant_modifiers_must_be_equal(
    billed: tuple[str, ...], authorized: tuple[str, ...], in_words: tuple[str, str]
) -> None:
    found = compared(Modifiers(), line(modifiers=billed), item(modifiers=authorized))
    assert found == Mismatch("modifiers", *in_words, AdjustmentKey.MODIFIER_DIFFERS)


@pytest.mark.parametrize(("billed", "authorized"), [("26", "26"), ("tc", "TC"), ("GP", "59")])
def test_the_component_that_was_authorized_can_be_billed(billed: str, authorized: str) -> None:
    assert compared(Component(), line(modifiers=(billed,)), item(modifiers=(authorized,))) is None


@pytest.mark.scenario("S-13b")
@pytest.mark.parametrize(
    ("billed", "authorized"), [(("26",), ()), (("TC",), ()), (("26",), ("TC",)), ((), ("26",)), (("26", "TC"), ("26",))]
)
def test_another_component_needs_its_own_authorization(billed: tuple[str, ...], authorized: tuple[str, ...]) -> None:
    found = compared(Component(), line(modifiers=billed), item(modifiers=authorized))
    assert found is not None
    assert (found.attribute, found.reason_key) == ("component", AdjustmentKey.COMPONENT_DIFFERS)
    assert found.claimed != found.authorized


def test_both_components_together_are_named_in_words() -> None:
    found = compared(Component(), line(modifiers=("TC", "26")), item())
    assert found is not None
    assert found.claimed == "the professional component (26) and the technical component (TC)"
    assert found.authorized == "the whole service"


def test_cpt_and_hcpcs_are_two_systems_with_one_meaning() -> None:
    assert CPT != HCPCS
    assert compared(Procedure(), line(), item(services=(Coding(HCPCS, "97110"),))) is None
