"""The life of a request: the states of its items, and the steps between them.

May import: what `domain` may import.
Start with `states`.
"""
