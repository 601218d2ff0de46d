"""The rows of access: registered organizations, clients and users, and rate limits. They belong to no FHIR type.

May import: what `records` may import.
Start with `registry`.
"""
