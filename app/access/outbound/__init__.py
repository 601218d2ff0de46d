"""Decide which addresses the server may call: URLs, origins, IP addresses and headers. Pure rules.

A notification or a fetch of keys obeys them; `adapters/outbound` applies the rule of addresses to each connection.
May import: what `access` may import.
Start with `endpoint`.
"""
