"""The figures of answers to billing claims: denials by service, provider, attribute and code; first pass; rework.

May import: what `domain` may import.
Start with `tally`, then `figures`.
"""
