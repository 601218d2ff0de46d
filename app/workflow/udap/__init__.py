"""Register the members of a UDAP community as clients, and check for which organization they ask for tokens.

May import: what `workflow` may import.
Start with `register_client`, then `certified`.
"""
