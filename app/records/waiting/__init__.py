"""Rows that wait for a worker, among them those of acts that are due.

May import: what `records` may import.
Start with `rows`, then `due`.
"""
