"""Verify certificates of a UDAP community, and sign with the server's own.

May import: what `adapters` may import, joserfc and cryptography.
Start with `statements`, then `trust_anchors`.
"""
