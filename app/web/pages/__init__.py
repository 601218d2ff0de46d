"""Show the pages for people, the API reference and the OpenAPI document. `static`, `templates` and `vendor` are files.

May import: what `web` may import.
Start with `document`, which describes the same rows that the routes are made of.
"""
