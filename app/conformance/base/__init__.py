"""Know the types and elements of R4 4.0.1, from a table that is tested against `fhir.resources`.

May import: what `conformance` may import.
Start with `table`; `corrections` lists where R4 differs from R4B.
"""
