"""The rows of notifications: events that wait, channels with their counters, and numbered notifications.

No interaction serves these rows, and no Reach limits them: a channel has the secrets of its endpoint.
May import: what `records` may import.
Start with `topic_events`, then `channels`.
"""
