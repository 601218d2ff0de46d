"""The figures of a payer's decisions, counted from the log of its acts on requests.

May import: what `domain` may import.
Start with `figures`, then `counted`.
"""
