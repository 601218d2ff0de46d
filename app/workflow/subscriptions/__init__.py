"""Subscriptions of clients: written by the client, turned into notifications, and delivered by the workers.

May import: what `workflow` may import.
Start with `subscribe`, then `fan_out` and `deliver`.
"""
