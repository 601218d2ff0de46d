"""FHIR search and history: parameters, values, terms, includes and subsets. It builds queries and runs none.

May import: `policy` and the rooms below it.
Start with `parameters`, a row for each parameter, then `parsing`.
"""
