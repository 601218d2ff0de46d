"""One archive of a data folder: the database as of one moment, the signing keys, the mode and the root URL.

A server may use the folder meanwhile: SQLite's backup API copies a moment of the database, and no commit waits.
May import: what `adapters` may import.
Start with `archive`.
"""
