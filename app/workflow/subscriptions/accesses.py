"""The actors and accesses of AuditEvents about Subscriptions and deliveries."""

from __future__ import annotations

from datetime import datetime

from app.access.grant import OF_PROVIDERS
from app.audit.access import Access, Actor, Interaction, Origin
from app.fhir.instants import sortable
from app.records.subscriptions.notifications import Notification
from app.subscriptions.channel import Channel
from app.workflow.audit.payers import payers_concerned
from app.workflow.system import System


def access_to(system: System, interaction: Interaction, reference: str) -> Access:
    """Return the access of a client to its Subscription, which belongs to no payer and to no patient."""
    return Access(interaction=interaction, payers=payers_concerned(system.payers), resources=(reference,))


def subscriber(channel: Channel, now: datetime, notification: Notification | None = None) -> Actor:
    """Return the client of a channel as the actor of its deliveries, for the organization that gets a notification."""
    is_of_provider = notification is not None and channel.role in OF_PROVIDERS
    organization = notification.owner if notification is not None and is_of_provider else None
    return Actor(sortable(now), channel.client, organization, channel.role, origin=Origin(base=channel.base))


def delivery_of(notification: Notification) -> Access:
    """Return the access of a subscriber that gets an answer with a notification."""
    resources = (f"ClaimResponse/{notification.authorization}", f"Subscription/{notification.subscription}")
    return Access(
        interaction=Interaction.READ,
        payers=(notification.payer,),
        patient=notification.patient,
        resources=resources,
    )
