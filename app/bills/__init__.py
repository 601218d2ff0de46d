"""Translate billing claims: FHIR Claims with `use = claim` in, their ClaimResponses out. No I/O.

Billing is not part of PAS, so it has a room of its own. Modules named `read_…` read FHIR JSON into the values
of `domain`; modules named `write_…` write FHIR JSON.
May import: `registry` and the rooms below it.
Start with `read_claim`.
"""
