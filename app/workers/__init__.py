"""In by the clock: the server's own work between requests, started and stopped with it.

Safe with several processes on one store: rows are taken by compare-and-set.
May import: `operations` and the rooms below it.
Start with `runner`.
"""
