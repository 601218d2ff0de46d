"""The rows of SMART: codes, sessions, refresh families, launches and bad logins. Secrets are kept as hashes only.

May import: what `records` may import.
Start with `shelf`, then `kinds`.
"""
