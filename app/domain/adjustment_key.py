"""The keys of the adjudication reasons. Each key has a row in reasons.yaml."""

from __future__ import annotations

from enum import StrEnum


class NextAction(StrEnum):
    """The step that may get the amount paid: a new claim, a late request, an appeal, more units or days, a call."""

    RESUBMIT = "resubmit"
    RETRO_REQUEST = "retro-request"
    APPEAL = "appeal"
    EXTENSION = "extension"
    CONTACT = "contact"
    NONE = "none"


class AdjustmentKey(StrEnum):
    """Why an amount is not paid. The row of this name in reasons.yaml has the text and the codes for the biller."""

    PAYER_UNKNOWN = "payer-unknown"
    MEMBER_UNKNOWN = "member-unknown"
    PREDETERMINED = "predetermined"
    CLAIM_REPEATED = "claim-repeated"
    ORIGINAL_UNKNOWN = "original-unknown"
    ORIGINAL_REPLACED = "original-replaced"
    ORIGINAL_VOIDED = "original-voided"
    ORIGINAL_DENIED = "original-denied"

    COVERAGE_NONE = "coverage-none"
    COVERAGE_NOT_STARTED = "coverage-not-started"
    COVERAGE_ENDED = "coverage-ended"
    COVERAGE_LAPSED = "coverage-lapsed"

    SERVICE_REPEATED = "service-repeated"
    SERVICE_IN_FUTURE = "service-in-future"

    FILED_LATE = "filed-late"
    PRIMARY_ANSWER_MISSING = "primary-answer-missing"
    PRIMARY_PAYMENT = "primary-payment"

    NETWORK_OUTSIDE = "network-outside"
    NETWORK_NOT_PREFERRED = "network-not-preferred"
    REFERRAL_ABSENT = "referral-absent"
    REFERRAL_BY_OTHER = "referral-by-other"
    REFERRAL_USED_UP = "referral-used-up"
    NOT_EMERGENT = "not-emergent"

    SEVERAL_SERVICES = "several-services"
    PROCEDURE_INVALID = "procedure-invalid"
    HCPCS_INVALID = "hcpcs-invalid"
    DRUG_INVALID = "drug-invalid"
    REVENUE_INVALID = "revenue-invalid"
    MODIFIER_INVALID = "modifier-invalid"
    PLACE_INVALID = "place-invalid"
    DIAGNOSIS_INVALID = "diagnosis-invalid"

    NUMBER_NONE_ON_FILE = "number-none-on-file"
    NUMBER_OMITTED = "number-omitted"
    NUMBER_MALFORMED = "number-malformed"
    NUMBER_UNKNOWN = "number-unknown"
    NUMBER_OF_REQUEST = "number-of-request"

    SERVICE_EXCLUDED = "service-excluded"

    REQUEST_DENIED = "request-denied"
    REQUEST_LATE = "request-late"
    ADMISSION_LATE = "admission-late"
    REQUEST_PENDING = "request-pending"
    LEVEL_OF_CARE_PAID_DOWN = "level-of-care-paid-down"
    LEVEL_OF_CARE_DIFFERS = "level-of-care-differs"
    REQUEST_AWAITED = "request-awaited"
    PROCEDURE_DIFFERS = "procedure-differs"
    MODIFIER_DIFFERS = "modifier-differs"
    COMPONENT_DIFFERS = "component-differs"
    RENDERING_PROVIDER_DIFFERS = "rendering-provider-differs"
    BILLING_PROVIDER_DIFFERS = "billing-provider-differs"
    BILLING_PROVIDER_MISSING = "billing-provider-missing"
    FACILITY_DIFFERS = "facility-differs"
    FACILITY_MISSING = "facility-missing"
    PLACE_DIFFERS = "place-differs"
    PLACE_MISSING = "place-missing"
    DIAGNOSIS_DIFFERS = "diagnosis-differs"
    DIAGNOSIS_MISSING = "diagnosis-missing"
    SERVICE_DATE_MISSING = "service-date-missing"
    BEFORE_PERIOD = "before-period"
    AFTER_PERIOD = "after-period"
    QUANTITY_UNUSABLE = "quantity-unusable"
    DAYS_EXCEED_DATES = "days-exceed-dates"
    UNIT_DIFFERS = "unit-differs"

    UNITS_EXCEEDED = "units-exceeded"
    UNITS_USED_UP = "units-used-up"
    PERIOD_USED_UP = "period-used-up"
