"""Find the registered client behind a token, and build the caller's grant from it.

May import: what `workflow` may import.
Start with `registry`, then `grants`.
"""
