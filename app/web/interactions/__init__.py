"""Serve FHIR's own interactions: read, vread, create, update, search, history and the definitions.

May import: what `web` may import.
Start with `resources`.
"""
