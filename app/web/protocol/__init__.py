"""Limit what one connection may send, before and beside the application: bytes, headers, time, connections.

It extends a protocol class inside uvicorn, whose minor version is fixed for that reason.
May import: what `web` may import.
Start with `limits`, then `protocol`.
"""
