"""Translate PAS messages: FHIR Bundles in, authorization requests and inquiries for `domain` out, and back.

Modules named `read_…` read FHIR JSON; modules named `write_…` write it. No I/O. The editions differ in one table.
May import: `policy` and the rooms below it.
Start with `edition`, then `requests`.
"""
