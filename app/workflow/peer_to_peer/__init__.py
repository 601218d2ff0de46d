"""A talk between clinicians about a request, from its request to its outcome.

May import: what `workflow` may import.
Start with `request`.
"""
