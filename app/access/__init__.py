"""Decide who may do what: scopes, roles, tokens and the reach of each read. Pure functions and tables.

A `Grant` describes the caller. A `Reach` narrows every read to the documents that the caller may see.
May import: `domain`, `ports` and the rooms below them.
Start with `grant`, then `reach`.
"""
