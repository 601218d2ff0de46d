"""The views of an authorization: its ClaimResponse, and the ExplanationOfBenefit that is made from it.

May import: what `records` may import.
Start with `responses`.
"""
