"""The steps of every operation: read, let the business decide, commit once, answer. Workflows are async.

May import: `records` and the rooms below it.
Start with `call` and `system`, then `requests/submit`; `changes` writes every commit.
"""
