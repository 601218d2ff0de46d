"""Rows about the installation itself: the mode that the store carries.

May import: what `records` may import.
Start with `mode`.
"""
