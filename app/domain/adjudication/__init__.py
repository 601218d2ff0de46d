"""Answer a billing claim, line by line, from the authorizations that the payer has on file.

May import: what `domain` may import.
Start with `adjudicate`.
"""
