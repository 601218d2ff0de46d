"""The block `billing` of a policy: the payer's terms of bills.

May import: what `policy` may import.
Start with `billing`.
"""
