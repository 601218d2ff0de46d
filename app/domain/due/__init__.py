"""The acts that are due on an authorization without a call, and the clock of its decision.

May import: what `domain` may import.
Start with `acts`.
"""
