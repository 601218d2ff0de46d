"""Define the kinds of checks on one value: cardinality, binding, pattern, slicing and so on, a file each.

Both passes of the engine use these rules.
May import: what `conformance` may import.
Start with `rule`, then any kind, such as `pattern`.
"""
