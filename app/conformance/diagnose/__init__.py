"""The diagnosing pass: list every issue of a body, each with its place. It runs only after the fast pass fails.

May import: what `conformance` may import, except `fast`.
Start with `diagnose`.
"""
