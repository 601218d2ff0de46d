"""The facts of a service line that the conditions of rules compare, the same for a request and for a bill.

May import: what `policy` may import.
Start with `line_facts`, then `gather`.
"""
