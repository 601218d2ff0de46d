"""`preauth client`, `organization` and `user`: register, list, disable and remove who may call, in the server's store.

May import: what `cli` may import.
Start with `client`; `common` has the commands that all three share.
"""
