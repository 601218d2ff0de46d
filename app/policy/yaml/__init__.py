"""Read YAML strictly: every value knows its line, and every refusal names file and line.

May import: what `policy` may import.
Start with `text`.
"""
