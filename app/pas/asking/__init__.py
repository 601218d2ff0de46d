"""Write the requests for documents in an answer: CommunicationRequests, and the Task that names them.

May import: what `pas` may import.
Start with `write_asking`.
"""
