import babel.dates

from odoo import api, fields, models


class SupportTermination(models.Model):
    """What the register of refunds and the form say about the day and the account of a refund (F10, D7)."""

    _inherit = "support.termination"

    due_note = fields.Char(string="Moved", compute="_compute_due_note")
    account_note = fields.Char(
        compute="_compute_account_note", compute_sudo=True, help="What is wrong with the account, and what to do."
    )
    account_problem = fields.Char(
        compute="_compute_account_note", compute_sudo=True, help="The same in two words, for the register."
    )
    is_early = fields.Boolean(compute="_compute_is_early", help="Ends before the earliest day.")

    @api.depends("refund_plain_due_on", "refund_due_on")
    @api.depends_context("lang")
    def _compute_due_note(self):
        for termination in self:
            plain, due = termination.refund_plain_due_on, termination.refund_due_on
            termination.due_note = (
                self.env._(
                    "%(day)s is no working day",
                    # In the language of the sentence: without one, Odoo would take the firm's
                    day=babel.dates.format_date(plain, "EEE d MMM", locale=self.env.lang or "en_US"),
                )
                if plain and plain != due
                else False
            )

    @api.depends("refund_gross", "refund_bank_id", "is_account_valid", "state")
    @api.depends_context("lang")
    def _compute_account_note(self):
        for termination in self:
            owed = termination.refund_gross and termination.state in ("submitted", "accepted", "corrected")
            if owed and not termination.refund_bank_id:
                termination.account_note = self.env._("No account: ask the client for its number in writing.")
                termination.account_problem = self.env._("No account")
            elif not termination.is_account_valid and termination.state != "withdrawn":
                termination.account_note = self.env._(
                    "Wrong check digits: compare the number with what the client sent."
                )
                termination.account_problem = self.env._("Wrong number")
            else:
                termination.account_note = termination.account_problem = False

    @api.depends("earliest_on", "effective_on")
    def _compute_is_early(self):
        for termination in self:
            earliest, last = termination.earliest_on, termination.effective_on
            termination.is_early = bool(earliest and last and last < earliest)
