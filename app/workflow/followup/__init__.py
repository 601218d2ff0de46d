"""Follow a request after its first answer: attachments, and the evidence that both sides read.

May import: what `workflow` may import.
Start with `attach`, then `evidence`.
"""
