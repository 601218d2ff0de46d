"""Test cases of a policy: facts of a service line with the expected decision, and a runner.

May import: what `policy` may import.
Start with `cases`.
"""
