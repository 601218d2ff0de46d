"""Answer no request for patient data without its AuditEvent.

May import: what `web` may import.
Start with `audited`, then `acts`.
"""
