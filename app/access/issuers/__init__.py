"""Describe the external issuers of tokens that the operator trusts, and read the claims of their tokens.

May import: what `access` may import.
Start with `trusted_issuer`, then `claims`.
"""
