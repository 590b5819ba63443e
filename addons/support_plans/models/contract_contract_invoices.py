from collections import defaultdict

from odoo import api, models

from .isolation import do_isolated

#: Context of quiet work: no tracking and no message for each invoice, one log for all.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}
#: The same for core's create(): it need not look after amounts line by line, its tax computation
#: sets those of the whole invoice right after.
QUIET_CREATE = {**QUIET, "skip_invoice_line_sync": True}


class ContractContract(models.Model):
    """How agreements become invoices, many in one step: costs are core's own, what OCA does for each is done once."""

    _inherit = "contract.contract"

    def _recurring_create_invoice(self, date_ref=False):
        # EXTENDS contract: agreements catch up every due period, and never bill in advance of it
        agreements = self.filtered("support_plan_id")
        others = self - agreements
        moves = self.env["account.move"]
        if others:
            moves |= super(ContractContract, others)._recurring_create_invoice(date_ref)
        if agreements:
            moves |= agreements._invoice_due_periods(date_ref or self._get_today())
        return moves

    def _invoice_due_periods(self, day):
        """Invoice every period that is due on a day and not booked; running it again does nothing.

        An agreement on which another run works at this moment is left to that run.
        """
        self._apply_due_plan_changes(day, retry=True)
        moves = self.env["account.move"]
        for company, agreements in self.try_lock_for_update(allow_referencing=True).grouped("company_id").items():
            pairs = agreements.with_company(company)._create_agreement_invoices(day)
            self._post_agreement_invoices(pairs)
            moves = moves.union(*(move for _agreement, move in pairs))
        return moves

    def _filter_due(self, day):
        return self.filtered(
            lambda c: c.support_state != "draft" and c.recurring_next_date and c.recurring_next_date <= day
        )

    def _create_agreement_invoices(self, day):
        """Create all invoices of these agreements that are due on a day, in one call of core.

        :return: [(agreement, account.move)]
        """
        due = self._prepare_agreement_invoices(day)
        if not due:
            return []
        quiet = self.env["account.move"].with_context(**QUIET_CREATE)
        moves = quiet.create([vals for _agreement, vals in due]).with_env(self.env)
        pairs = [(agreement, move) for (agreement, _vals), move in zip(due, moves, strict=True)]
        self._after_agreement_invoices(pairs)
        return pairs

    def _prepare_agreement_invoices(self, day):
        """Return [(agreement, values of an invoice)] for all that is due on a day, and move the billing dates on."""
        fees = self.contract_line_ids.filtered("is_plan_fee")
        booked = fees._get_booked_periods() if fees else {}
        self.partner_id.fetch(["lang"])  # the texts of the lines would read one client after the other
        return [(agreement, vals) for agreement in self for vals in agreement._prepare_due_periods(day, booked)]

    def _prepare_due_periods(self, day, booked):
        """Return the values of one agreement's invoices, one for each round of periods until a day.

        :param booked: {fee: {first day: last day}}, completed here by what is prepared
        """
        fees = self.contract_line_ids.filtered("is_plan_fee")
        fees._follow_booked(booked)
        prepared, last = [], None
        while self._filter_due(day) and self.recurring_next_date != last:
            last = self.recurring_next_date
            new = self._prepare_recurring_invoices_values(day)
            for _command, _id, line in (command for vals in new for command in vals["invoice_line_ids"]):
                if line.get("is_plan_fee"):
                    fee = fees.browse(line["contract_line_id"])
                    booked[fee][line["service_period_start"]] = line["service_period_end"]
            fees._follow_booked(booked)
            prepared += new
        return prepared

    # What OCA and the chatter do for each invoice, done once for all

    def _after_agreement_invoices(self, pairs):
        """Tell on each new invoice where it comes from, and let the followers of the agreement follow it.

        :param pairs: [(agreement, account.move)]
        """
        moves = self.env["account.move"].union(*(move for _agreement, move in pairs))
        moves._message_log_batch({move.id: agreement._get_invoice_origin_text(move) for agreement, move in pairs})
        self._subscribe_followers(pairs)

    def _get_invoice_origin_text(self, move):
        return self.env._(
            "%(created)s by contract %(contract)s.",
            created=move._creation_message(),
            contract=self._get_html_link(title=self.display_name),
        )

    def _subscribe_followers(self, pairs):
        """Let those who follow the invoices of an agreement follow its new ones; one step for the same persons."""
        subtype = self.env.ref("contract.mail_message_subtype_invoice_created")
        followers = self.env["mail.followers"].sudo()
        found = followers.search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("subtype_ids", "in", subtype.ids)],
            ["res_id", "partner_id"],
        )
        partners = defaultdict(set)
        for follower in found:
            partners[follower.res_id].add(follower.partner_id.id)
        moves = defaultdict(self.env["account.move"].browse)
        for agreement, move in pairs:
            moves[frozenset(partners[agreement.id])] |= move
        for persons, theirs in moves.items():
            theirs.message_subscribe(partner_ids=list(persons))

    @api.model
    def _post_agreement_invoices(self, pairs):
        """Post what the company wants posted at once; what cannot be posted stays a draft, and its agreement says why.

        :param pairs: [(agreement, account.move)]
        """
        agreements = {move: agreement for agreement, move in pairs if move.company_id.support_auto_post}
        moves = self.env["account.move"].union(*agreements)
        _posted, errors = do_isolated(moves, lambda part: part._post_quietly()) if moves else ([], {})
        for move, error in errors.items():
            agreements[move]._record_invoice_generation_error(error, "invoice")
