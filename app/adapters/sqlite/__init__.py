"""Store documents in one SQLite file: the default store.

One connection writes: statements run on the event loop, and one thread commits them in groups. Reads and short
searches run on the event loop, too; long searches run on threads.
May import: what `adapters` may import.
Start with `store`, then `writer`.
"""
