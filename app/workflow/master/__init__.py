"""Maintain the payer's master data: members, coverage, organizations and practitioners.

May import: what `workflow` may import.
Start with `maintain`.
"""
