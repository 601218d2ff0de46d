"""The payer's records of billing claims.

May import: what `records` may import.
Start with `bills`.
"""
