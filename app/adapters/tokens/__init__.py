"""Sign and verify tokens: the server's own keys and tokens, other issuers' tokens, and the keys that they publish.

May import: what `adapters` may import, and joserfc.
Start with `own_tokens`, then `key_ring`; `published` keeps the documents of other parties.
"""
