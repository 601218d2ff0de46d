"""Name the desk that takes documents, and find those that came before their request.

May import: what `workflow` may import, but no room that answers requests.
Start with `announced`.
"""
