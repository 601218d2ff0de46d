"""The codes that a policy names: sets of codes, ranges, and an index to find the sets of a service.

May import: what `policy` may import.
Start with `code_sets`.
"""
