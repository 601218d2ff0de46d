"""The types of authorization, and the rules that go with a type.

May import: what `domain` may import.
Start with `typed`.
"""
