"""Questions of apps and billers about the authorizations of a patient, and the answers as Parameters.

May import: what `pas` may import.
Start with `write_summary`.
"""
