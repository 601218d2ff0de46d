"""The rows of reasons.yaml: a claim reaches each row, and an invalid row is refused."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.codes import CPT, HCPCS, ICD_10_CM, NDC, PLACE_OF_SERVICE, REVENUE
from app.domain.adjudication.claim_fault import ClaimFault
from app.domain.adjudication.repeats import Earlier
from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization
from app.domain.billing import BillingClaim, EarlierPayers
from app.domain.covered import CoverageTerms, Covered
from app.domain.datatypes import Coding, Period
from app.domain.decision import ReviewAction
from app.domain.parts.billing_terms import BillingTerms, Filing
from app.domain.parts.matching_terms import MatchingTerms, Modes, ObservationRate
from app.domain.parts.period_cap import CapPeriod, PeriodCap
from app.domain.request import Party
from app.domain.requirement import Need, Requirement
from app.domain.span import Span
from app.domain.units import Unit
from app.policy.adjustment_reasons import parse_adjudication_reasons
from app.policy.loading import SHIPPED_POLICIES
from app.policy.yaml.text import YamlRefused
from tests.support.billing_samples import (
    AU2,
    MALFORMED,
    NEVER_ISSUED,
    REASONS,
    A,
    B,
    authorization,
    claim,
    item,
    line,
    only,
)


def covered(*periods: Period) -> Covered:
    return Covered(coverages=tuple(CoverageTerms(period=period) for period in periods))


K = AdjustmentKey
AU = authorization()
C = "1444444446"
BACK, LEG = Coding(ICD_10_CM, "M54.50"), Coding(ICD_10_CM, "M54.16")
OBSERVATION = Coding(REVENUE, "0762")
PAY_DOWN = ObservationRate(reference="Manual 8", first=date.min, last=date.max, rate=Decimal("2.50"))
STRICT = {"terms": BillingTerms(matching=MatchingTerms(Modes(diagnosis="strict")))}
REACHED: dict[AdjustmentKey, tuple[BillingClaim, Authorization, dict[str, Any]]] = {
    K.PAYER_UNKNOWN: (claim(), AU, {"payer_known": False}),
    K.MEMBER_UNKNOWN: (claim(), AU, {"patient": None}),
    K.COVERAGE_NONE: (claim(), AU, {"covered": Covered()}),
    K.COVERAGE_NOT_STARTED: (claim(), AU, {"covered": covered(Period(date(2026, 1, 16), None))}),
    K.COVERAGE_ENDED: (claim(), AU, {"covered": covered(Period(None, date(2026, 1, 14)))}),
    K.COVERAGE_LAPSED: (
        claim(),
        AU,
        {"covered": covered(Period(None, date(2026, 1, 14)), Period(date(2026, 1, 16), None))},
    ),
    K.SERVICE_REPEATED: (claim(), AU, {"services": {"1": "key"}, "paid_before": {"key": Earlier("1", own=True)}}),
    K.SERVICE_IN_FUTURE: (claim(line(day="2026-06-02")), AU, {}),
    K.FILED_LATE: (claim(), AU, {"terms": BillingTerms(filing=Filing(Span(0, 30), Span(0, 90), "Manual 3"))}),
    K.PRIMARY_ANSWER_MISSING: (claim(earlier_payers=EarlierPayers(1)), AU, {}),
    K.PRIMARY_PAYMENT: (claim(earlier_payers=EarlierPayers(1, {"1": Decimal(40)})), AU, {}),
    K.SEVERAL_SERVICES: (claim(line(services=(Coding(CPT, "97110"), Coding(CPT, "27447")))), AU, {}),
    K.PROCEDURE_INVALID: (claim(line(services=(Coding(CPT, "27447-RT"),), modifiers=("RTL",))), AU, {}),
    K.HCPCS_INVALID: (claim(line(services=(Coding(HCPCS, "J1745JW"),))), AU, {}),
    K.DRUG_INVALID: (claim(line(services=(Coding(CPT, "97110"), Coding(NDC, "777-3105")))), AU, {}),
    K.REVENUE_INVALID: (claim(line(revenue=Coding(REVENUE, "120"))), AU, {}),
    K.MODIFIER_INVALID: (claim(line(modifiers=("RTL",))), AU, {}),
    K.PLACE_INVALID: (claim(line(place=Coding(PLACE_OF_SERVICE, "office"))), AU, {}),
    K.DIAGNOSIS_INVALID: (claim(line(diagnoses=(Coding(ICD_10_CM, "low back pain"),))), AU, {}),
    K.NUMBER_NONE_ON_FILE: (claim(line("72148"), number=None), AU, {}),
    K.NUMBER_OMITTED: (claim(number=None), AU, {}),
    K.NUMBER_MALFORMED: (claim(number=MALFORMED), AU, {}),
    K.NUMBER_UNKNOWN: (claim(number=NEVER_ISSUED), AU, {}),
    K.SERVICE_EXCLUDED: (claim(number=None), AU, {"requirement": lambda _: Requirement(Need.EXCLUDED)}),
    K.NUMBER_OF_REQUEST: (
        claim(number=AU2),
        AU,
        {"authorizations": {AU2: authorization(administration_number=AU2)}},
    ),
    K.REQUEST_DENIED: (claim(), authorization(item(action=ReviewAction.NOT_CERTIFIED)), {}),
    K.REQUEST_PENDING: (
        claim(),
        authorization(item(action=ReviewAction.PENDED)),
        {"terms": BillingTerms(pending="deny")},
    ),
    K.REQUEST_AWAITED: (claim(), authorization(item(action=ReviewAction.PENDED)), {}),
    K.LEVEL_OF_CARE_PAID_DOWN: (
        claim(line(revenue=OBSERVATION, services=())),
        authorization(item(services=(), revenue=Coding(REVENUE, "0120")), claim_type=Coding("", "")),
        {"terms": BillingTerms(matching=MatchingTerms(tolerances=(PAY_DOWN,)))},
    ),
    K.LEVEL_OF_CARE_DIFFERS: (claim(type_of_bill="0131"), authorization(item(request_type="AR")), {}),
    K.PROCEDURE_DIFFERS: (claim(line("97140")), AU, {}),
    K.MODIFIER_DIFFERS: (claim(line(modifiers=("RR",))), AU, {}),
    K.COMPONENT_DIFFERS: (claim(line(modifiers=("TC",))), AU, {}),
    K.RENDERING_PROVIDER_DIFFERS: (claim(line(providers=(B,))), AU, {}),
    K.BILLING_PROVIDER_DIFFERS: (claim(provider=Party(npi=A, tax_id="98-7654321")), AU, {}),
    K.BILLING_PROVIDER_MISSING: (claim(provider=Party(npi=B)), AU, {}),
    K.FACILITY_DIFFERS: (claim(line(facility=B)), authorization(item(facility=A)), {}),
    K.FACILITY_MISSING: (claim(provider=Party(npi=B, tax_id="123456789")), authorization(item(facility=C)), {}),
    K.PLACE_MISSING: (claim(line(place=None)), AU, {}),
    K.PLACE_DIFFERS: (claim(line(place=Coding("", "12"))), AU, {}),
    K.DIAGNOSIS_DIFFERS: (claim(line(diagnoses=(BACK,))), authorization(item(diagnoses=(LEG,))), STRICT),
    K.DIAGNOSIS_MISSING: (claim(), authorization(item(diagnoses=(LEG,))), STRICT),
    K.SERVICE_DATE_MISSING: (claim(line(serviced=Period())), AU, {}),
    K.BEFORE_PERIOD: (claim(line(day="2025-12-31")), AU, {}),
    K.AFTER_PERIOD: (claim(line(day="2026-04-01")), AU, {}),
    K.QUANTITY_UNUSABLE: (claim(line(units="1e15")), AU, {}),
    K.UNIT_DIFFERS: (claim(line(unit=Unit(code="DA"))), authorization(item(unit=Unit(code="UN"))), {}),
    K.UNITS_EXCEEDED: (claim(line(units="13")), AU, {}),
    K.UNITS_USED_UP: (claim(), authorization(item(used="12")), {}),
    K.PERIOD_USED_UP: (claim(), authorization(item(granted={"cap": PeriodCap(Decimal(1), CapPeriod.DAY)})), {}),
    **{
        key: (claim(), AU, {"fault": ClaimFault(key)})
        for key in (
            K.CLAIM_REPEATED,
            K.ORIGINAL_UNKNOWN,
            K.ORIGINAL_REPLACED,
            K.ORIGINAL_VOIDED,
            K.ORIGINAL_DENIED,
        )
    },
}


def test_every_row_is_reached_and_every_reason_has_a_row() -> None:
    assert set(REACHED) == set(AdjustmentKey)
    assert set(REASONS) == set(AdjustmentKey)


@pytest.mark.parametrize("key", AdjustmentKey)
def test_a_reason_is_reached_by_a_bill(key: AdjustmentKey) -> None:
    billed, known, given = REACHED[key]
    result = only(billed, known, **given)
    assert result.reason == REASONS[key]
    assert result.notes[0] == f"{REASONS[key].text} {REASONS[key].next_step}"


@pytest.mark.parametrize("key", AdjustmentKey)
def test_no_two_reasons_have_equal_texts(key: AdjustmentKey) -> None:
    assert [row.key for row in REASONS.values() if row.text == REASONS[key].text] == [key]


TEXT = (SHIPPED_POLICIES / "reasons.yaml").read_text(encoding="utf-8")
AFTER_PERIOD = "  after-period:\n    group: CO\n"


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(YamlRefused) as refusal:
        parse_adjudication_reasons(text, "reasons.yaml")
    return refusal.value.problems


def changed(row: str, key: str, value: str) -> str:
    """Return the shipped text with one value replaced; an empty value removes the key."""
    start = TEXT.index(f"\n  {row}:\n")
    found = re.compile(rf"^    {key}: .*\n", re.MULTILINE).search(TEXT, start)
    assert found is not None
    return TEXT[: found.start()] + (f"    {key}: {value}\n" if value else "") + TEXT[found.end() :]


def place(row: str, key: str = "") -> str:
    """Return the file and the line of a row of the shipped text, or of a key of the row."""
    lines = TEXT.splitlines()
    at = lines.index(f"  {row}:")
    if key:
        at = next(number for number in range(at, len(lines)) if lines[number].startswith(f"    {key}:"))
    return f"reasons.yaml:{at + 1}:"


@pytest.mark.parametrize(
    ("row", "key", "value", "why"),
    [
        ("after-period", "carc", '"15"', "must not be CARC 15, which is deactivated"),
        ("after-period", "carc", "302", "must be in quotes"),
        ("after-period", "carc", '"3020"', "must be a CARC: up to three digits"),
        ("after-period", "carc", '"18"', "must not be CARC 18 unless `group` is OA"),
        ("after-period", "carc", '"133"', "must not be CARC 133 unless `group` is OA"),
        ("after-period", "carc", '"85"', "must not be CARC 85 unless `group` is PR"),
        ("after-period", "remarks", '["N41"]', "must not have RARC N41, which is deactivated"),
        ("after-period", "remarks", '["M78"]', "must not have RARC M78, which is deactivated"),
        ("after-period", "remarks", '["N351", "N351"]', "must not list a RARC twice"),
        ("after-period", "remarks", '["X1"]', "must be RARCs: "),
        ("after-period", "remarks", "[351]", "must be in quotes"),
        ("number-omitted", "remarks", "[]", "must have a RARC that is not an alert, because CARC 16 needs one"),
        ("number-omitted", "remarks", '["N210"]', "must have a RARC that is not an alert, because CARC 16 needs one"),
        ("after-period", "group", "XX", "`group`"),
        ("after-period", "text", '" "', "`text`"),
        ("after-period", "action", "call", "must be 'resubmit', 'retro-request', 'appeal'"),
    ],
)
def test_an_invalid_code_is_refused_with_its_line(row: str, key: str, value: str, why: str) -> None:
    (problem,) = refused(changed(row, key, value))
    assert problem.startswith(place(row, key))
    assert why in problem


@pytest.mark.parametrize("key", ["group", "carc", "remarks", "text", "action", "next-step"])
def test_a_row_without_one_of_its_keys_is_refused(key: str) -> None:
    (problem,) = refused(changed("after-period", key, ""))
    assert problem == f"{place('after-period')} `{key}` is required."


def test_an_unknown_key_is_refused_with_its_line() -> None:
    (problem,) = refused(TEXT.replace(AFTER_PERIOD, AFTER_PERIOD.replace("    group", "    deadline: P30D\n    group")))
    known = "Known keys: group, carc, remarks, text, action, next-step."
    assert problem == f"{place('after-period', 'group')} `deadline` is an unknown key. {known}"


def test_a_missing_row_and_an_unknown_row_are_refused() -> None:
    missing, unknown = refused(TEXT.replace("  after-period:\n", "  much-after-period:\n"))
    line = TEXT.splitlines().index("adjudication:") + 1
    assert missing == f"reasons.yaml:{line}: the row `after-period` is required."
    assert unknown == f"{place('after-period')} `much-after-period` is an unknown adjudication reason."


def test_a_text_without_the_section_is_refused() -> None:
    assert refused("review: {}\n") == tuple(f"reasons.yaml:1: the row `{key}` is required." for key in AdjustmentKey)


def test_a_payers_own_text_gives_only_the_rows_that_it_changes() -> None:
    row = 'after-period: {group: CO, carc: "302", remarks: [], text: Too late., action: none, next-step: Call us.}'
    reasons = parse_adjudication_reasons(f"adjudication:\n  {row}\n", "reasons.yaml", REASONS)
    assert reasons["after-period"].text == "Too late."
    assert {key: value for key, value in reasons.items() if key != "after-period"} == {
        key: value for key, value in REASONS.items() if key != "after-period"
    }


def test_a_code_with_its_required_group_is_valid() -> None:
    text = changed("after-period", "carc", '"133"').replace(
        "  after-period:\n    group: CO", "  after-period:\n    group: OA"
    )
    assert parse_adjudication_reasons(text, "reasons.yaml")["after-period"].group == "OA"
