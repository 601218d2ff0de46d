"""The URLs of the definitions that reports name."""

from __future__ import annotations

from app.codes import OUR_BASE

MEASURE_POPULATION = "http://terminology.hl7.org/CodeSystem/measure-population"

DECISION_MEASURE = f"{OUR_BASE}Measure/prior-authorization-decisions"
DECISION_METRIC = f"{OUR_BASE}CodeSystem/decision-metric"
"""Our Measure of a payer's decisions, and the codes of its figures."""

COUNTED_BY = f"{OUR_BASE}StructureDefinition/counted-by"
COUNTED_PROGRAM = f"{OUR_BASE}StructureDefinition/counted-program"
"""Our extensions on a report: the day that puts a request into the period, and the program whose members count."""

BILLING_MEASURE = f"{OUR_BASE}Measure/billing-denials"
BILLING_METRIC = f"{OUR_BASE}CodeSystem/billing-metric"
"""Our Measure of the answers to billing claims, and the codes of its figures."""
