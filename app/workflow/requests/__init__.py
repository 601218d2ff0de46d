"""The life of a prior authorization request: submit, inquire, decide; and at a start, Tasks for earlier worklist rows.

May import: what `workflow` may import.
Start with `submit`.
"""
