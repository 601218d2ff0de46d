"""Follow a request after its first answer: documents that the payer asks for, and evidence that is read.

May import: what `workflow` may import.
Start with `desk`.
"""
