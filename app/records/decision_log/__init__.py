"""The log of decisions: the events of the trail about requests, by receipt, by determination and by request.

May import: what `records` may import.
Start with `log`, then `terms`.
"""
