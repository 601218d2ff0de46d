"""Decisions that a payer made outside of FHIR, and that its administrator imports."""
