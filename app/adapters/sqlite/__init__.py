"""Store documents in one SQLite file: the default store.

One writer thread groups the commits. Reads run on connections of their own, and long searches on threads.
May import: what `adapters` may import.
Start with `store`, then `writer`.
"""
