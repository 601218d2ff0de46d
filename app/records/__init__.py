"""Typed shelves over the store: authorizations, members, resources, trail. Written once for every database.

Every read takes the caller's `Reach`.
May import: `bills` and the rooms below it.
Start with `kinds`, which lists the kinds of documents and their terms, then `resources`.
"""
