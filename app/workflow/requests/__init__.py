"""The life of a prior authorization request: submit, inquire, decide.

May import: what `workflow` may import.
Start with `submit`.
"""
