"""Serve FHIR's interactions: operations, read, vread, create, update, search, history and the definitions.

May import: what `web` may import.
Start with `routes`, then `operations` and `resources`.
"""
