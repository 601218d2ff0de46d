"""How people and apps follow an authorization: its units, and the next step of an item.

May import: what `domain` may import.
Start with `item_units`.
"""
