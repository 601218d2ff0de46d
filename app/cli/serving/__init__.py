"""`preauth serve`: bind the port, build the server, play the demo if requested, and serve until a signal.

May import: what `cli` may import.
Start with `serve`.
"""
