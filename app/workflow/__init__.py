"""What happens, step by step: read, ask the business, commit once, answer. Workflows are async and decide nothing.

May import: `records` and the rooms below it.
Start with `system`, which lists the server's parts, then `requests`.
"""
