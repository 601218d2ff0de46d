"""Read the decisions of the payer's staff from Parameters: rulings, changes of a clock, and imports.

May import: what `pas` may import.
Start with `read_decision`.
"""
