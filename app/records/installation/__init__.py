"""The installation itself: the mode that the store carries, and the people that a demo made.

May import: what `records` may import.
Start with `mode`.
"""
