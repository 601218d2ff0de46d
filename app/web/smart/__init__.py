"""OAuth and SMART by HTTP: the pages of a sign-in, and the endpoints for tokens.

May import: what `web` may import.
Start with `sign_in_routes`, then `authorize`; `oauth_routes` has the endpoints for tokens.
"""
