"""Check the codes of a service line: their shapes, one service a line, and the faults that deny a billed line.

May import: what `domain` may import.
Start with `line_faults`.
"""
