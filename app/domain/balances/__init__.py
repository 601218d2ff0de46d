"""Count the units of a grant by days and by periods.

May import: what `domain` may import.
Start with `portions`, then `periods`.
"""
