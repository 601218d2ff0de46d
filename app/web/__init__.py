"""Serve HTTP: routes, tokens, headers, errors and pages. It makes no decision of the business.

May import: `operations` and the rooms below it.
Start with `router`, then `interactions/operations`.
"""
