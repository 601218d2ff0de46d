"""Adjudicate a billing claim: match it with authorizations, draw units, answer.

May import: what `workflow` may import.
Start with `adjudicate`.
"""
