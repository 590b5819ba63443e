"""What the tests of time and package hours share. There are no tests here.

``TimeCommon``: light, without accounting (like ``TicketCommon``). ``TimeInvoicingCommon``: with a chart
of accounts and 23 % VAT. Both give ``cls.consultant`` with an employee, ``cls.agreement`` (START since
2026-01-01 for ``cls.client``), ``cls.ticket``, ``cls.kinds`` (code -> kind of work) and
``cls.create_work()``.
"""

from odoo import Command

from odoo.addons.support_plans.tests.common import CONSULTANT, SupportInvoicingCommon
from odoo.addons.support_plans.tests.ticket_common import TicketCommon


class TimeSetup:
    """The public helpers; mixed into the two base classes below."""

    @classmethod
    def _setup_time(cls):
        cls.kinds = {kind.code: kind for kind in cls.env["support.work.type"].search([])}
        cls.employee = cls.create_employee(cls.consultant)

    @classmethod
    def create_employee(cls, user):
        """Create the employee of a user: core keeps time only of employees."""
        return (
            cls.env["hr.employee"]
            .sudo()
            .create({"name": user.name, "user_id": user.id, "company_id": user.company_id.id, "hourly_cost": 60})
        )

    @classmethod
    def prepare_work(cls, minutes, kind="REMOTE", date="2026-06-15", **values):
        """Return the values of a work on the ticket; `values` override."""
        return {
            "name": "Mended the printer",
            "ticket_id": cls.ticket.id,
            "work_type_id": cls.kinds[kind].id,
            "date": date,
            "unit_amount": minutes / 60,
            "employee_id": cls.employee.id,
            **values,
        }

    @classmethod
    def create_work(cls, minutes, kind="REMOTE", date="2026-06-15", **values):
        """Log minutes of one kind of work."""
        return cls.env["account.analytic.line"].create(cls.prepare_work(minutes, kind, date, **values))

    def get_ledger(self, works):
        """Return [(minutes, origin of the package or None)] of works, in the order of the ledger."""
        return [(entry.minutes, entry.package_id.origin or None) for entry in works.entry_ids.sorted("id")]

    def assertLedgerIsSound(self):
        """Minutes in = minutes allocated, for every work and every package."""
        ledger = self.env["support.package.entry"]
        self.assertFalse(ledger._find_broken_works())
        self.assertFalse(ledger._find_broken_packages())


class TimeCommon(TimeSetup, TicketCommon):
    """Time on tickets, without accounting data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_time()
        cls.ticket = cls.create_ticket()


class TimeInvoicingCommon(TimeSetup, SupportInvoicingCommon):
    """Time and invoices: START since January for the client, VAT 23 % on hours and packages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consultant = cls.create_support_user("consultant_t", CONSULTANT, tz="Europe/Warsaw")
        cls._setup_time()
        products = cls.env.ref("support_timesheet.product_support_hour") | cls.env.ref(
            "support_timesheet.product_support_package"
        )
        products.taxes_id = [Command.set(cls.vat_23.ids)]
        cls.agreement = cls.create_agreement(cls.plan_start, cls.client, "2026-01-01")
        cls.ticket = cls.create_time_ticket(cls.client_contact)

    @classmethod
    def create_time_ticket(cls, person, **values):
        """Create a ticket of a person that came by e-mail."""
        return cls.env["helpdesk.ticket"].create(
            {
                "name": "Printer does not print",
                "description": "<p>Please help.</p>",
                "partner_id": person.id,
                "channel_id": cls.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email").id,
                "request_kind": "question",
                **values,
            }
        )
