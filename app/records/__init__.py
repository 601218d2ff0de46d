"""Typed shelves over the store: authorizations, members, resources, trail. Written once for every database.

Reads of served resources take the caller's `Reach`; the modules of the payer's own reads say so.
May import: `bills` and the rooms below it.
Start with `kinds`, which lists the kinds of documents and their terms, then `resources`.
"""
