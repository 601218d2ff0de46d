"""A claim for each row of reasons.yaml, with the facts under which it gets the reason of the row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from app.codes import CPT, HCPCS, ICD_10_CM, NDC, PLACE_OF_SERVICE, REVENUE
from app.domain.adjudication.repeats import Earlier
from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization
from app.domain.billing import BilledLine, BillingClaim, EarlierPayers
from app.domain.covered import CoverageTerms, Covered
from app.domain.datatypes import Coding, Period
from app.domain.decision import Reason, ReviewAction
from app.domain.parts.authorization_type import AuthorizationType
from app.domain.parts.billing_terms import BillingTerms, Filing
from app.domain.parts.claim_fault import ClaimFault
from app.domain.parts.line_plan import Emergency, LinePlan, PlanDenial, ReferralTerms
from app.domain.parts.matching_terms import MatchingTerms, Modes, ObservationRate
from app.domain.parts.period_cap import CapPeriod, PeriodCap
from app.domain.request import Party
from app.domain.requirement import Need, Requirement
from app.domain.span import Span
from app.domain.units import Unit
from tests.support.billing_samples import (
    AU2,
    MALFORMED,
    NEVER_ISSUED,
    A,
    B,
    authorization,
    claim,
    item,
    line,
)


def covered(*periods: Period) -> Covered:
    return Covered(coverages=tuple(CoverageTerms(period=period) for period in periods))


def on(**terms: Any) -> Callable[[BilledLine], LinePlan]:
    """Return the plan that has these terms for every line."""
    return lambda _: LinePlan(**terms)


def referral(**fields: Any) -> Authorization:
    return authorization(item(type=AuthorizationType.REFERRAL, **fields))


def denied_for(key: str, **fields: Any) -> Authorization:
    """Return an authorization whose only item was denied for a reason."""
    denied = item(action=ReviewAction.NOT_CERTIFIED, **fields)
    reason = Reason(key, None, "T")
    return authorization(replace(denied, decision=replace(denied.decision, reason=reason)))


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
    K.NETWORK_OUTSIDE: (claim(), AU, {"plan": on(outside=PlanDenial(K.NETWORK_OUTSIDE, "Rule."))}),
    K.NETWORK_NOT_PREFERRED: (claim(), AU, {"plan": on(outside=PlanDenial(K.NETWORK_NOT_PREFERRED, "Rule."))}),
    K.REFERRAL_ABSENT: (claim(), AU, {"plan": on(referral=ReferralTerms("Rule."))}),
    K.REFERRAL_BY_OTHER: (
        claim(),
        referral(),
        {"plan": on(referral=ReferralTerms("Rule.", frozenset({B}))), "terms": BillingTerms(referrals=True)},
    ),
    K.REFERRAL_USED_UP: (
        claim(),
        referral(used="12"),
        {"plan": on(referral=ReferralTerms("Rule.")), "terms": BillingTerms(referrals=True)},
    ),
    K.NOT_EMERGENT: (claim(number=None), AU, {"plan": on(emergency=Emergency.NOT_EMERGENT)}),
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
    K.REQUEST_LATE: (claim(), denied_for("late-request"), {}),
    K.ADMISSION_LATE: (claim(), denied_for("late-request", request_type="AR"), {}),
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
    K.DAYS_EXCEED_DATES: (
        claim(line(services=(), revenue=Coding(REVENUE, "0120"), unit=Unit(code="DA"))),
        authorization(
            item(services=(), revenue=Coding(REVENUE, "0120"), unit=Unit(code="DA")), claim_type=Coding("", "")
        ),
        {},
    ),
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
