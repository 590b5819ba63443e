"""What the tests of tickets share. There are no tests here."""

from odoo import fields

from .common import CONSULTANT, SupportCommon


class TicketCommon(SupportCommon):
    """A team with a leader and a consultant, stages, channels and a client on START since January."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = "Europe/Warsaw"
        cls.leader = cls.create_support_user("leader", CONSULTANT, tz="Europe/Warsaw", email="l@firm.example")
        cls.consultant = cls.create_support_user("consultant_a", CONSULTANT, tz="Europe/Warsaw", email="c@firm.example")
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Support",
                "user_id": cls.leader.id,
                "user_ids": [fields.Command.set((cls.leader | cls.consultant).ids)],
                "company_id": cls.env.company.id,
            }
        )
        for name in ("new", "in_progress", "awaiting", "done"):
            setattr(cls, f"stage_{name}", cls.env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}"))
        for name, kind in (("panel", "web"), ("email", "email"), ("phone", "phone"), ("other", "other")):
            setattr(cls, f"channel_{name}", cls.env.ref(f"helpdesk_mgmt.helpdesk_ticket_channel_{kind}"))
        cls.agreement = cls.create_agreement(cls.plan_start, cls.client, "2026-01-01")

    @classmethod
    def create_ticket(cls, **values):
        """Create a ticket of the client's person that came by e-mail; `values` override."""
        return cls.env["helpdesk.ticket"].create(cls.prepare_ticket(**values))

    @classmethod
    def prepare_ticket(cls, **values):
        return {
            "name": "Printer does not print",
            "description": "<p>Please help.</p>",
            "partner_id": cls.client_contact.id,
            "channel_id": cls.channel_email.id,
            "team_id": cls.team.id,
            "request_kind": "question",
            **values,
        }

    def assertMoment(self, value, expected):
        """Compare a stored naive UTC moment with "YYYY-MM-DD HH:MM" in Warsaw."""
        shown = fields.Datetime.context_timestamp(self.env.user.with_context(tz="Europe/Warsaw"), value)
        self.assertEqual(shown.strftime("%Y-%m-%d %H:%M"), expected)
