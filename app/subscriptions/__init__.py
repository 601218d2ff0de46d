"""Subscriptions by the R5 Backport for R4: read a Subscription, decide what is due on its channel, write notifications.

http://hl7.org/fhir/uv/subscriptions-backport/STU1.1/. Pure: no I/O, no clock.
May import: `policy` and the rooms below it.
Start with `read_subscription`, then `channel`.
"""
