"""The time limits of decisions, by program and state.

May import: what `policy` may import.
Start with `clocks`, then `programs`.
"""
