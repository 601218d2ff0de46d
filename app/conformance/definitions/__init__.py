"""Read profiles, extensions, value sets and code systems, and find them by canonical URL and version.

May import: what `conformance` may import.
Start with `definitions`, then `node`.
"""
