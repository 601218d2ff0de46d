"""Decide about clients that register by UDAP: their signed statements and the organizations that they act for.

https://hl7.org/fhir/us/udap-security/. May import: what `access` may import.
Start with `community`, then `statement`.
"""
