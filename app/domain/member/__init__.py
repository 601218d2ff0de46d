"""The member: its number among those that a client sends, its names, and whether a client contradicts its record.

May import: what `domain` may import.
Start with `identity`.
"""
