"""The block `types` of a policy: what the payer says about a type of review, beside its rules.

May import: what `policy` may import.
Start with `terms`.
"""
