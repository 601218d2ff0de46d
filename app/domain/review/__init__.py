"""Decide on requested services: the reasons of a review, and a reviewer's rulings on pended items.

May import: what `domain` may import.
Start with `decide`.
"""
