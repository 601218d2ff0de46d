"""Read and write the parts that requests, inquiries and billing claims share: parties, items, datatypes.

May import: what `pas` may import.
Start with `read_item`.
"""
