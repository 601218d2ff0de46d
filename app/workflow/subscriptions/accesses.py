"""The actors and accesses of AuditEvents about Subscriptions and deliveries."""

from __future__ import annotations

from datetime import datetime

from app.access.grant import Role
from app.audit.access import Access, Actor, Interaction, Origin
from app.fhir.instants import sortable
from app.records.subscriptions.notifications import Notification
from app.subscriptions.channel import Channel
from app.workflow.audit.payers import payers_concerned
from app.workflow.system import System


def access_to(system: System, interaction: Interaction, reference: str) -> Access:
    """Return the access of a client to its Subscription, which belongs to no payer and to no patient."""
    return Access(interaction=interaction, payers=payers_concerned(system.payers), resources=(reference,))


def subscriber(channel: Channel, now: datetime) -> Actor:
    """Return the client of a channel as the actor of its deliveries."""
    return Actor(sortable(now), channel.client, None, Role.PROVIDER, origin=Origin(base=channel.base))


def delivery_of(notification: Notification) -> Access:
    """Return the access of a subscriber that gets an answer with a notification."""
    resources = (f"ClaimResponse/{notification.authorization}", f"Subscription/{notification.subscription}")
    return Access(
        interaction=Interaction.READ,
        payers=(notification.payer,),
        patient=notification.patient,
        resources=resources,
    )
