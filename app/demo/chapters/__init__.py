"""The steps of the story, a file for each chapter or part of one.

May import: what `demo` may import, but not `story`.
Start with `requesting`.
"""
