"""The figures of a payer's decisions, counted for its staff.

May import: what `workflow` may import.
Start with `evaluate`, then `count`.
"""
