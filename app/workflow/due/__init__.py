"""The server's own acts on authorizations, when they are due. None of them decides about an item.

May import: what `workflow` may import.
Start with `perform`, then `acts`.
"""
