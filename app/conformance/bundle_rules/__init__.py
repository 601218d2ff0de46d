"""Apply the rules on PAS Bundles and Claims that no profile can express.

A rule reads several resources at once: the frame of the Bundle, its references, its sequence numbers.
May import: what `conformance` may import.
Start with `rules`, then `frame`.
"""
