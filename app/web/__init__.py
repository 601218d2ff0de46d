"""Serve HTTP: routes, tokens, headers, errors and pages. No decision of the business is made here.

May import: `operations` and the rooms below it.
Start with `router`, then `interactions/operations`.
"""
