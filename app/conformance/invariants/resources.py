# ruff: noqa: E501 - FHIRPath stands here as it is published
"""The invariants of the R4 resources that a request, its answer or its supporting information may hold."""

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
        "A contact has a name, a way to reach them, or an organization.",
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
        "An organization's address is not a home.",
        _not_home,
        ("Organization.address",),
    ),
    Invariant(
        "org-3",
        "where(use = 'home').empty()",
        "An organization is not reached at a home.",
        _not_home,
        ("Organization.telecom",),
    ),
    Invariant(
        "inv-1",
        "lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn",
        "lastModified is not before authoredOn.",
        _changed_after_written,
        ("Task",),
    ),
    Invariant(
        "nor-1",
        "oralDiet.exists() or supplement.exists() or enteralFormula.exists()",
        "A nutrition order has a diet, a supplement or a formula.",
        any_of("oralDiet", "supplement", "enteralFormula"),
    ),
    Invariant(
        "prr-1",
        "orderDetail.empty() or code.exists()",
        "orderDetail is accepted together with code.",
        needs("orderDetail", "code"),
        ("ServiceRequest",),
    ),
    Invariant(
        "qrs-1",
        "(answer.exists() and item.exists()).not()",
        "Either answer or item is accepted.",
        excludes("answer", "item"),
        ("QuestionnaireResponseItem",),
    ),
    Invariant(
        "obs-3",
        "low.exists() or high.exists() or text.exists()",
        "A reference range has a low end, a high end or a text.",
        any_of("low", "high", "text"),
        ("ObservationReferenceRange",),
    ),
    Invariant(
        "obs-6",
        "dataAbsentReason.empty() or value.empty()",
        "Either a value or the reason of its absence is accepted.",
        _value_or_reason,
        ("Observation",),
    ),
    Invariant(
        "obs-7",
        "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()",
        "A component with the code of the observation itself is accepted only where the observation has no value.",
        _component_codes,
        ("Observation",),
    ),
    Invariant(
        "con-1",
        "summary.exists() or assessment.exists()",
        "A stage has a summary or an assessment.",
        any_of("summary", "assessment"),
        ("ConditionStage",),
    ),
    Invariant(
        "con-2",
        "code.exists() or detail.exists()",
        "Evidence has a code or a detail.",
        any_of("code", "detail"),
        ("ConditionEvidence",),
    ),
    Invariant(
        "con-4",
        "abatement.empty() or clinicalStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-clinical' and (code='resolved' or code='remission' or code='inactive')).exists()",
        "A condition that abated is resolved, in remission or inactive.",
        _ended,
        ("Condition",),
    ),
    Invariant(
        "con-5",
        "verificationStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and code='entered-in-error').empty() or clinicalStatus.empty()",
        "A condition entered in error has no clinicalStatus.",
        _no_status_in_error,
        ("Condition",),
    ),
    Invariant(
        "ait-1",
        "verificationStatus.coding.where(system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification' and code = 'entered-in-error').exists() or clinicalStatus.exists()",
        "clinicalStatus is required unless the allergy was entered in error.",
        _allergy_status,
        ("AllergyIntolerance",),
    ),
    Invariant(
        "ait-2",
        "verificationStatus.coding.where(system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification' and code = 'entered-in-error').empty() or clinicalStatus.empty()",
        "An allergy entered in error has no clinicalStatus.",
        _no_allergy_status_in_error,
        ("AllergyIntolerance",),
    ),
    Invariant(
        "imm-1",
        "documentType.exists() or reference.exists()",
        "Education has a documentType or a reference.",
        any_of("documentType", "reference"),
        ("ImmunizationEducation",),
    ),
    Invariant(
        "cpl-3",
        "detail.empty() or reference.empty()",
        "Either detail or reference is accepted.",
        excludes("detail", "reference"),
        ("CarePlanActivity",),
    ),
    Invariant(
        "sev-1",
        "name.empty() or query.empty()",
        "Either name or query is accepted.",
        excludes("name", "query"),
        ("AuditEventEntity",),
    ),
    Invariant(
        "lst-1",
        "emptyReason.empty() or entry.empty()",
        "Either entries or the reason of their absence is accepted.",
        excludes("emptyReason", "entry"),
        ("List",),
    ),
    Invariant(
        "lst-2",
        "mode = 'changes' or entry.deleted.empty()",
        "A deleted entry is accepted in a list of changes only.",
        lambda value: (
            value.get("mode") == "changes" or not any(there(one, "deleted") for one in value.get("entry", ()))
        ),
        ("List",),
    ),
    Invariant(
        "lst-3",
        "mode = 'working' or entry.date.empty()",
        "An entry's date is accepted in a working list only.",
        lambda value: value.get("mode") == "working" or not any(there(one, "date") for one in value.get("entry", ())),
        ("List",),
    ),
    Invariant(
        "cmp-1",
        "text.exists() or entry.exists() or section.exists()",
        "A section has text, entries or sections.",
        any_of("text", "entry", "section"),
        ("CompositionSection",),
    ),
    Invariant(
        "cmp-2",
        "emptyReason.empty() or entry.empty()",
        "Either entries or the reason of their absence is accepted.",
        excludes("emptyReason", "entry"),
        ("CompositionSection",),
    ),
)
