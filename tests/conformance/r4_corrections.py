"""Where R4 is not what the R4B models say: each table begins with its reason (http://hl7.org/fhir/R4B/diff.html)."""

from __future__ import annotations

NOT_R4 = (
    "AdministrableProductDefinition",
    "Citation",
    "ClinicalUseDefinition",
    "CodeableReference",
    "Evidence",
    "Ingredient",
    "ManufacturedItemDefinition",
    "MedicinalProductDefinition",
    "NutritionProduct",
    "PackagedProductDefinition",
    "RatioRange",
    "RegulatedAuthorization",
    "SubscriptionStatus",
    "SubscriptionTopic",
    "SubstanceDefinition",
)
"""Types, and the beginnings of their backbone types, that came with R4B or were written anew in it."""

_R4B_VALUES = ("CodeableReference", "RatioRange")

REMOVED_CHOICES: dict[str, tuple[str, ...]] = {
    "Extension.value[x]": _R4B_VALUES,
    "ElementDefinition.defaultValue[x]": _R4B_VALUES,
    "ElementDefinition.fixed[x]": _R4B_VALUES,
    "ElementDefinition.pattern[x]": _R4B_VALUES,
    "ElementDefinitionExample.value[x]": _R4B_VALUES,
    "ActivityDefinition.subject[x]": ("canonical",),
    "PlanDefinition.subject[x]": ("canonical",),
    "PlanDefinitionAction.subject[x]": ("canonical",),
}
"""Types that R4B added to a choice."""

ADDED_CHOICES: dict[str, tuple[str, ...]] = {
    "Extension.value[x]": ("Meta",),
    "ElementDefinition.defaultValue[x]": ("Meta",),
    "ElementDefinition.fixed[x]": ("Meta",),
    "ElementDefinition.pattern[x]": ("Meta",),
    "ElementDefinitionExample.value[x]": ("Meta",),
}
"""Types that R4B took out of a choice."""

OTHER_ELEMENTS: dict[str, str] = {
    "ActivityDefinition.product[x]": "0..1 CodeableConcept Reference(Medication|Substance)",
    "DiagnosticReport.subject": "0..1 Reference(Device|Group|Location|Patient)",
    "GroupMember.entity": "1..1 Reference(Device|Group|Medication|Patient|Practitioner|PractitionerRole|Substance)",
    "MarketingStatus.country": "1..1 CodeableConcept",
    "MarketingStatus.dateRange": "1..1 Period",
    "Observation.subject": "0..1 Reference(Device|Group|Location|Patient)",
}
"""Elements whose targets or cardinality R4B widened."""

_OBSERVATION_STATUS = "registered preliminary final amended corrected cancelled entered-in-error unknown"
_ENCOUNTER_STATUS = "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown"

CODES: dict[str, str] = {
    "AuditEvent.action": "C R U D E",
    "AuditEvent.outcome": "0 4 8 12",
    "AuditEventAgentNetwork.type": "1 2 3 4 5",
    "DetectedIssue.status": _OBSERVATION_STATUS,
    "DeviceUdiCarrier.entryType": "barcode rfid manual card self-reported unknown",
    "DeviceUseStatement.status": "active completed entered-in-error intended stopped on-hold",
    "DiagnosticReport.status": (
        "registered partial preliminary final amended corrected appended cancelled entered-in-error unknown"
    ),
    "Encounter.status": _ENCOUNTER_STATUS,
    "EncounterStatusHistory.status": _ENCOUNTER_STATUS,
    "Observation.status": _OBSERVATION_STATUS,
    "OperationOutcomeIssue.code": (
        "invalid structure required value invariant security login unknown expired forbidden suppressed processing"
        " not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly"
        " business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational"
    ),
    "Quantity.comparator": "< <= >= >",
    "QuestionnaireItem.type": (
        "group display question boolean decimal integer date dateTime time string text url choice open-choice"
        " attachment reference quantity"
    ),
    "RiskAssessment.status": _OBSERVATION_STATUS,
    "StructureMapGroupRuleTarget.transform": (
        "create copy truncate escape cast append translate reference dateOp uuid pointer evaluate cc c qty id cp"
    ),
    "SupplyRequest.status": "draft active suspended cancelled completed entered-in-error unknown",
    "Task.status": (
        "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed"
        " entered-in-error"
    ),
    "TimingRepeat.when": (
        "MORN MORN.early MORN.late NOON AFT AFT.early AFT.late EVE EVE.early EVE.late NIGHT PHS HS WAKE"
        " C CM CD CV AC ACM ACD ACV PC PCM PCD PCV"
    ),
}
"""Codes of required bindings that the models cut short or leave out."""

SIMPLE_QUANTITIES = frozenset(
    {
        "ActivityDefinition.quantity",
        "CarePlanActivityDetail.dailyAmount",
        "CarePlanActivityDetail.quantity",
        "ClaimItem.quantity",
        "ClaimItemDetail.quantity",
        "ClaimItemDetailSubDetail.quantity",
        "ClaimResponseAddItem.quantity",
        "ClaimResponseAddItemDetail.quantity",
        "ClaimResponseAddItemDetailSubDetail.quantity",
        "ContractTermAssetValuedItem.quantity",
        "CoverageCostToBeneficiary.value[x]",
        "CoverageEligibilityRequestItem.quantity",
        "Dosage.maxDosePerAdministration",
        "Dosage.maxDosePerLifetime",
        "DosageDoseAndRate.dose[x]",
        "DosageDoseAndRate.rate[x]",
        "ExplanationOfBenefitAddItem.quantity",
        "ExplanationOfBenefitAddItemDetail.quantity",
        "ExplanationOfBenefitAddItemDetailSubDetail.quantity",
        "ExplanationOfBenefitItem.quantity",
        "ExplanationOfBenefitItemDetail.quantity",
        "ExplanationOfBenefitItemDetailSubDetail.quantity",
        "Immunization.doseQuantity",
        "MedicationAdministrationDosage.dose",
        "MedicationAdministrationDosage.rate[x]",
        "MedicationDispense.daysSupply",
        "MedicationDispense.quantity",
        "MedicationKnowledge.amount",
        "MedicationKnowledgeAdministrationGuidelinesPatientCharacteristics.characteristic[x]",
        "MedicationKnowledgeDrugCharacteristic.value[x]",
        "MedicationKnowledgeKinetics.areaUnderCurve",
        "MedicationKnowledgeKinetics.lethalDose50",
        "MedicationKnowledgePackaging.quantity",
        "MedicationKnowledgeRegulatoryMaxDispense.quantity",
        "MedicationRequestDispenseRequest.quantity",
        "MedicationRequestDispenseRequestInitialFill.quantity",
        "NutritionOrderEnteralFormula.caloricDensity",
        "NutritionOrderEnteralFormula.maxVolumeToDeliver",
        "NutritionOrderEnteralFormulaAdministration.quantity",
        "NutritionOrderEnteralFormulaAdministration.rate[x]",
        "NutritionOrderOralDietNutrient.amount",
        "NutritionOrderSupplement.quantity",
        "ObservationReferenceRange.high",
        "ObservationReferenceRange.low",
        "Range.high",
        "Range.low",
        "SampledData.origin",
        "SpecimenCollection.quantity",
        "SpecimenContainer.capacity",
        "SpecimenContainer.specimenQuantity",
        "SpecimenDefinitionTypeTestedContainer.capacity",
        "SpecimenDefinitionTypeTestedContainer.minimumVolume[x]",
        "SubstanceInstance.quantity",
        "SupplyDeliverySuppliedItem.quantity",
        "VisionPrescriptionLensSpecification.duration",
    }
)
"""Elements that R4 gives the type SimpleQuantity, a Quantity without comparator, which the models do not tell."""
