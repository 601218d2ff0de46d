"""The payer's record of a billing claim: its answer line by line, its links to authorizations, and its later life.

May import: what `domain` may import.
Start with `bill`.
"""
