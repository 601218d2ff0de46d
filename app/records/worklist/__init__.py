"""The payer's worklist: its Tasks, and the rows of earlier builds.

May import: what `records` may import.
Start with `tasks`.
"""
