# ruff: noqa: E501 - the FHIRPath is as published
"""The invariants of R4 resources that appear in requests, answers and supporting information."""

from __future__ import annotations

from typing import Any

from app.codes import ALLERGY_VERIFICATION, CONDITION_CLINICAL, CONDITION_VERIFICATION
from app.conformance.invariants.invariant import Invariant, any_of, chosen, coded, codings, excludes, needs, there
from app.fhir.instants import interval

_ERROR = "entered-in-error"
_ENDED = {"resolved", "remission", "inactive"}


def _not_home(value: Any) -> bool:
    return bool(value.get("use") != "home")


def _changed_after_written(value: Any) -> bool:
    written, changed = value.get("authoredOn"), value.get("lastModified")
    return written is None or changed is None or bool(interval(written)[0] < interval(changed)[1])


def _value_or_reason(value: Any) -> bool:
    return not (there(value, "dataAbsentReason") and chosen(value, "value"))


def _component_codes(value: Any) -> bool:
    if not chosen(value, "value"):
        return True
    own = {(one.get("system"), one.get("code")) for one in codings(value, "code")}
    parts = {
        (one.get("system"), one.get("code")) for part in value.get("component", ()) for one in codings(part, "code")
    }
    return not own & parts


def _ended(value: Any) -> bool:
    return not chosen(value, "abatement") or bool(coded(value, "clinicalStatus", CONDITION_CLINICAL) & _ENDED)


def _no_status_in_error(value: Any) -> bool:
    return _ERROR not in coded(value, "verificationStatus", CONDITION_VERIFICATION) or "clinicalStatus" not in value


def _allergy_status(value: Any) -> bool:
    return _ERROR in coded(value, "verificationStatus", ALLERGY_VERIFICATION) or "clinicalStatus" in value


def _no_allergy_status_in_error(value: Any) -> bool:
    return _ERROR not in coded(value, "verificationStatus", ALLERGY_VERIFICATION) or "clinicalStatus" not in value


RESOURCES = (
    Invariant(
        "pat-1",
        "name.exists() or telecom.exists() or address.exists() or organization.exists()",
        "A contact must have a name, a telecom, an address or an organization.",
        any_of("name", "telecom", "address", "organization"),
        ("PatientContact",),
    ),
    Invariant(
        "org-1",
        "(identifier.count() + name.count()) > 0",
        "An identifier or a name is required.",
        lambda value: "identifier" in value or there(value, "name"),
        ("Organization",),
    ),
    Invariant(
        "org-2",
        "where(use = 'home').empty()",
        "An organization's address must not have the use home.",
        _not_home,
        ("Organization.address",),
    ),
    Invariant(
        "org-3",
        "where(use = 'home').empty()",
        "An organization's telecom must not have the use home.",
        _not_home,
        ("Organization.telecom",),
    ),
    Invariant(
        "inv-1",
        "lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn",
        "`lastModified` must not be before `authoredOn`.",
        _changed_after_written,
        ("Task",),
    ),
    Invariant(
        "nor-1",
        "oralDiet.exists() or supplement.exists() or enteralFormula.exists()",
        "A nutrition order must have a diet, a supplement or a formula.",
        any_of("oralDiet", "supplement", "enteralFormula"),
    ),
    Invariant(
        "prr-1",
        "orderDetail.empty() or code.exists()",
        "`orderDetail` must come with `code`.",
        needs("orderDetail", "code"),
        ("ServiceRequest",),
    ),
    Invariant(
        "qrs-1",
        "(answer.exists() and item.exists()).not()",
        "Only one of `answer` and `item` is allowed.",
        excludes("answer", "item"),
        ("QuestionnaireResponseItem",),
    ),
    Invariant(
        "obs-3",
        "low.exists() or high.exists() or text.exists()",
        "A reference range must have `low`, `high` or `text`.",
        any_of("low", "high", "text"),
        ("ObservationReferenceRange",),
    ),
    Invariant(
        "obs-6",
        "dataAbsentReason.empty() or value.empty()",
        "Only one of `value[x]` and `dataAbsentReason` is allowed.",
        _value_or_reason,
        ("Observation",),
    ),
    Invariant(
        "obs-7",
        "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()",
        "An observation with a value must not have a component with its own code.",
        _component_codes,
        ("Observation",),
    ),
    Invariant(
        "con-1",
        "summary.exists() or assessment.exists()",
        "A stage must have a summary or an assessment.",
        any_of("summary", "assessment"),
        ("ConditionStage",),
    ),
    Invariant(
        "con-2",
        "code.exists() or detail.exists()",
        "Evidence must have a code or a detail.",
        any_of("code", "detail"),
        ("ConditionEvidence",),
    ),
    Invariant(
        "con-4",
        "abatement.empty() or clinicalStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-clinical' and (code='resolved' or code='remission' or code='inactive')).exists()",
        "A condition that abated must be resolved, in remission or inactive.",
        _ended,
        ("Condition",),
    ),
    Invariant(
        "con-5",
        "verificationStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and code='entered-in-error').empty() or clinicalStatus.empty()",
        "A condition entered in error must not have a `clinicalStatus`.",
        _no_status_in_error,
        ("Condition",),
    ),
    Invariant(
        "ait-1",
        "verificationStatus.coding.where(system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification' and code = 'entered-in-error').exists() or clinicalStatus.exists()",
        "`clinicalStatus` is required unless the allergy was entered in error.",
        _allergy_status,
        ("AllergyIntolerance",),
    ),
    Invariant(
        "ait-2",
        "verificationStatus.coding.where(system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification' and code = 'entered-in-error').empty() or clinicalStatus.empty()",
        "An allergy entered in error must not have a `clinicalStatus`.",
        _no_allergy_status_in_error,
        ("AllergyIntolerance",),
    ),
    Invariant(
        "imm-1",
        "documentType.exists() or reference.exists()",
        "Education must have a documentType or a reference.",
        any_of("documentType", "reference"),
        ("ImmunizationEducation",),
    ),
    Invariant(
        "cpl-3",
        "detail.empty() or reference.empty()",
        "Only one of `detail` and `reference` is allowed.",
        excludes("detail", "reference"),
        ("CarePlanActivity",),
    ),
    Invariant(
        "sev-1",
        "name.empty() or query.empty()",
        "Only one of `name` and `query` is allowed.",
        excludes("name", "query"),
        ("AuditEventEntity",),
    ),
    Invariant(
        "lst-1",
        "emptyReason.empty() or entry.empty()",
        "Only one of `entry` and `emptyReason` is allowed.",
        excludes("emptyReason", "entry"),
        ("List",),
    ),
    Invariant(
        "lst-2",
        "mode = 'changes' or entry.deleted.empty()",
        "`entry.deleted` is allowed only in a list of changes.",
        lambda value: (
            value.get("mode") == "changes" or not any(there(one, "deleted") for one in value.get("entry", ()))
        ),
        ("List",),
    ),
    Invariant(
        "lst-3",
        "mode = 'working' or entry.date.empty()",
        "`entry.date` is allowed only in a working list.",
        lambda value: value.get("mode") == "working" or not any(there(one, "date") for one in value.get("entry", ())),
        ("List",),
    ),
    Invariant(
        "cmp-1",
        "text.exists() or entry.exists() or section.exists()",
        "A section must have text, entries or sections.",
        any_of("text", "entry", "section"),
        ("CompositionSection",),
    ),
    Invariant(
        "cmp-2",
        "emptyReason.empty() or entry.empty()",
        "Only one of `entry` and `emptyReason` is allowed.",
        excludes("emptyReason", "entry"),
        ("CompositionSection",),
    ),
)
