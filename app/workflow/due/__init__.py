"""The clocks of decisions, and the server's own acts on authorizations when they are due. No act decides about an item.

May import: what `workflow` may import.
Start with `perform`, then `acts` and `change_clock`.
"""
