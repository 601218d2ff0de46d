"""Apps and billers ask about the authorizations of a patient.

May import: what `workflow` may import.
Start with `summary`.
"""
