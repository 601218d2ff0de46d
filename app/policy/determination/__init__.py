"""Find the rule that decides a service line: for a review, for a bill and for the list of services.

May import: what `policy` may import.
Start with `first_rule`.
"""
