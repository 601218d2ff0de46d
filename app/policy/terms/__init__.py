"""The payer's terms beside its rules: of reviews, of reminders, and for the time that records stay.

May import: what `policy` may import.
Start with `reviewing`.
"""
