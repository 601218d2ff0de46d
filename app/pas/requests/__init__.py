"""Read requests and reviewers' rulings, and write the ClaimResponse that answers a request.

May import: what `pas` may import.
Start with `read_request`, then `write_claim_response`.
"""
