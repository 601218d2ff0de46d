"""An update of a request: what it does to each item, what stays granted, and which number counts.

May import: what `domain` may import.
Start with `plan`, then `item_change` and `settled`.
"""
