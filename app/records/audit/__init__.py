"""The shelves of AuditEvents and of the seals that chain them. Rows are inserted and never changed.

May import: what `records` may import.
Start with `events`, then `seals`.
"""
