"""`preauth token` and `preauth launch`: tokens and launches for trying out a demo, signed with its key.

May import: what `cli` may import.
Start with `token`.
"""
