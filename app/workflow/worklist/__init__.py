"""The payer's staff shares the work of its worklist.

May import: what `workflow` may import.
Start with `assign`.
"""
