"""The PDex ExplanationOfBenefit of a request, made from its stored ClaimResponse and Claim.

May import: what `pas` may import.
Start with `write_benefit`.
"""
