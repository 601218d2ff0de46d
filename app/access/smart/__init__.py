"""Decide about OAuth requests: client assertions, keys, secrets, scopes and failed attempts. Pure functions.

May import: what `access` may import, and joserfc.
Start with `assertion`; `oauth_error` has the one exception of this room.
"""
