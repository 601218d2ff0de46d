"""The business, without FHIR and without I/O: requests, authorizations, billing claims and the ledger.

Values are frozen Structs; functions are pure.
May import: `fhir` and the rooms below it.
Start with `authorization`, then `adjudication.adjudicate`.
"""
