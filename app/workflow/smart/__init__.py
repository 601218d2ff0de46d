"""Sign users in for clients, give tokens and revoke them: each flow over the store.

May import: what `workflow` may import.
Start with `sign_in`, then `consent`; `grant_types` has the ways to a token.
"""
