"""Call other servers: every connection goes through a guard that checks the addresses of the host.

Only this room makes HTTP requests. It follows no redirect and reads no proxy or certificate variable but OpenSSL's.
May import: what `adapters` may import.
Start with `http`, then `guard`.
"""
