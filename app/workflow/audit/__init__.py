"""Record each access to patient data, seal the records, and verify them.

May import: what `workflow` may import.
Start with `log`, then `seal`.
"""
