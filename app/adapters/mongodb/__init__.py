"""Store documents in MongoDB, on a replica set or a sharded cluster.

The only folder that knows the driver, so that the driver can be replaced here.
May import: what `adapters` may import.
Start with `store`.
"""
