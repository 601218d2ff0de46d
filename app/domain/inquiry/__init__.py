"""Inquiries by example: their criteria, and the authorizations that match them.

May import: what `domain` may import.
Start with `criteria`, then `matching`.
"""
