"""Values that a request and its authorization share.

May import: what `domain` may import.
Start with `statements`.
"""
