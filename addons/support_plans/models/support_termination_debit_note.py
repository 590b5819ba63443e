from odoo import fields, models
from odoo.fields import Command


class SupportTermination(models.Model):
    """The debit note for a handling fee outside VAT: made with the correction, and gone with it (D14)."""

    _inherit = "support.termination"

    debit_note_id = fields.Many2one("account.move", readonly=True, copy=False, ondelete="restrict")

    def _check_debit_note_account(self):
        for termination in self.filtered(lambda t: t.set_off or t.fee_tax_treatment == "outside_vat"):
            termination.company_id._get_debit_note_account()

    def _create_debit_note(self):
        """Create and post the debit note for a fee outside VAT (D14): no invoice, so KSeF does not get it."""
        company, currency = self.company_id, self.currency_id
        amount = currency._convert(self.set_off, company.currency_id, company, fields.Date.context_today(self))
        client_env = self.with_context(lang=self.contract_id._get_client_lang()).env
        corrections = ", ".join(self._get_corrections().mapped("name"))
        text = client_env._(
            "Handling fee for the early end of %(agreement)s, set off against %(corrections)s",
            agreement=self.contract_id.name,
            corrections=corrections,
        )
        # Who owes it is who gets the correction, also when that is another payer: only then they are set off
        receivable = self._get_corrections().line_ids.filtered(lambda x: x.account_type == "asset_receivable")[:1]
        common = {"partner_id": receivable.partner_id.id, "currency_id": currency.id, "name": text}
        note = (
            self.env["account.move"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": company._get_debit_note_journal().id,
                    "date": fields.Date.context_today(self),
                    "ref": text,
                    "partner_id": receivable.partner_id.id,
                    "support_termination_id": self.id,
                    "line_ids": [
                        Command.create(
                            {
                                **common,
                                "account_id": receivable.account_id.id,
                                "amount_currency": self.set_off,
                                "balance": amount,
                                "date_maturity": self.refund_due_on,
                            }
                        ),
                        Command.create(
                            {
                                **common,
                                "account_id": company._get_debit_note_account().id,
                                "amount_currency": -self.set_off,
                                "balance": -amount,
                            }
                        ),
                    ],
                }
            )
        )
        note.action_post()
        self._write_own({"debit_note_id": note.id})

    def _reverse_debit_notes(self):
        """Reverse the debit notes of corrections that are not issued any more; the entries stay, and cancel out."""
        for termination in self.filtered("debit_note_id"):
            note = termination.debit_note_id
            note.line_ids.remove_move_reconcile()
            values = {
                "date": fields.Date.context_today(self),
                "ref": self.env._("Reversal of %(note)s", note=note.name),
            }
            note._reverse_moves([values], cancel=True)
            termination._write_own({"debit_note_id": False})
