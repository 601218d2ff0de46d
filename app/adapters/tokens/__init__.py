"""Verify tokens, and fetch the keys that other parties publish.

May import: what `adapters` may import, and joserfc.
Start with `published`, the cache of fetched documents.
"""
