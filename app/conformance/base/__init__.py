"""Know the types and elements of R4 4.0.1, from a table that is tested against `fhir.resources`.

May import: what `conformance` may import.
Start with `table`; `special_types` lists the types that it does not describe.
"""
