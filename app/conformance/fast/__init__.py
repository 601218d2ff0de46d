"""The fast pass: answer "valid" or "not sure", without a list of issues.

A test compares its verdict with that of the diagnosing pass, so a new check belongs in both.
May import: what `conformance` may import, except `diagnose`.
Start with `verdict`.
"""
