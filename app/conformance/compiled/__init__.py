"""Compile R4 and the profiles into shapes: the checks for every value, made once.

May import: what `conformance` may import.
Start with `shape`, then `library`.
"""
