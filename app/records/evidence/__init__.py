"""Documents that came apart from their request: their content, and those whose request is not known yet.

May import: what `records` may import.
Start with `contents`, then `held`.
"""
