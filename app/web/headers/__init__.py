"""Parse the headers that clients send: media types, preferences and other lists.

May import: what `web` may import.
Start with `media_types`.
"""
