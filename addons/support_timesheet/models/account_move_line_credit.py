from odoo import fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """A line of a credit note knows which corrections it gave back until an invoice took the credit note back (D13)."""

    _inherit = "account.move.line"

    freed_corrections = fields.Json(
        readonly=True,
        copy=False,
        help="Technical: ledger entries of corrections that were due again when the credit note was taken back: "
        "those that it gave back itself, and those that it settled by giving back the whole invoice.",
    )

    def _remember_corrections(self):
        """Keep what these lines give back: it is about to be due again."""
        for line in self.filtered("overage_entry_ids"):
            settled = line.overage_entry_ids.filtered("is_given_back")
            line.freed_corrections = {"given": (line.overage_entry_ids - settled).ids, "settled": settled.ids}

    def _recall_corrections(self):
        """Give back again what was due in the meantime; never beside another bill that gives it back.

        What the whole credit note settles is found anew (`account.move._settle_corrections`).
        """
        ledger = self.env["support.package.entry"]
        for line in self.filtered("freed_corrections"):
            given = ledger.browse(line.freed_corrections["given"])
            line._check_corrections_are_there(given)
            line._check_corrections_are_due(given | ledger.browse(line.freed_corrections["settled"]).exists())
            line.freed_corrections = False
            given.invoice_line_id = line

    def _check_corrections_are_there(self, entries):
        if entries.exists() != entries:
            raise UserError(
                self.env._(
                    "The correction that credit note %(refund)s gave back was withdrawn after an invoice had taken the "
                    "credit note back. Leave that invoice posted: otherwise the client has its money back for nothing. "
                    "To give the money back, correct the work again and use “Give Back Now” on the correction.",
                    refund=self.move_id.display_name,
                )
            )

    def _check_corrections_are_due(self, entries):
        billed = entries.filtered("invoice_line_id")[:1]
        if billed:
            raise UserError(
                self.env._(
                    "“%(work)s” was given back by credit note %(refund)s, and %(other)s gives it back now: without the "
                    "invoice that took the credit note back, the client would get it twice. Delete its line from "
                    "%(other)s, or cancel %(other)s, and try again.",
                    work=billed.line_id.name,
                    refund=self.move_id.display_name,
                    other=billed.invoice_id.display_name,
                )
            )
