from collections import defaultdict

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

#: Agreements between two commits: what a crash can cost, and what is in memory at a time.
CHUNK = 200
#: Agreements invoiced by one call of core: what one bad agreement makes core do again.
BATCH = 25
#: Into how many parts a batch is split that failed.
PARTS = 4
#: Context of quiet work: no tracking and no message for each invoice, one log for all.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


def _do_isolated(records, step):
    """Do a step for all records together; when it fails, for fewer and fewer, down to the one that fails.

    :param step: takes some of the records and returns a list
    :return: the results, and {record: error}
    """
    results, errors, parts = [], {}, [records]
    while parts:
        part = parts.pop()
        try:
            with part.env.cr.savepoint():
                result = step(part)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(part) == 1:
                errors[part] = error
            else:
                size = -(-len(part) // PARTS)
                parts += [part.browse(ids) for ids in reversed([*split_every(size, part.ids)])]
        else:
            results += result
    return results, errors


class ContractContract(models.Model):
    """The month's run: every due invoice of the agreements, quickly, and each exactly once (P8).

    Costs are core's own for an invoice; what OCA and the chatter add is done once for many. An
    agreement that cannot be invoiced costs no other one its invoice.
    """

    _inherit = "contract.contract"

    # What is due

    @api.model
    def _get_contracts_to_invoice_domain(self, date_ref=None):
        # EXTENDS contract: a draft is not invoiced, and agreements have a run of their own
        due = super()._get_contracts_to_invoice_domain(date_ref)
        if self.env.context.get("support_without_agreements"):
            return due & fields.Domain("support_plan_id", "=", False)
        return due & (fields.Domain("support_plan_id", "=", False) | fields.Domain("support_state", "!=", "draft"))

    @api.model
    def _get_agreements_to_invoice_domain(self, day):
        """Return the domain of the agreements that may have something to invoice on a day."""
        return self._get_contracts_to_invoice_domain(day) & fields.Domain("support_plan_id", "!=", False)

    def _filter_due(self, day):
        return self.filtered(
            lambda c: c.support_state != "draft" and c.recurring_next_date and c.recurring_next_date <= day
        )

    # The run

    @api.model
    def _cron_recurring_create(self, date_ref=False, create_type="invoice"):
        # EXTENDS contract: agreements are not OCA's; a change of plan comes before the fee of its first month
        if create_type != "invoice":
            return super()._cron_recurring_create(date_ref, create_type=create_type)
        day = date_ref or self._get_today()
        self._apply_all_due_plan_changes(day)
        if self._run_agreement_invoices(day):
            return True  # the scheduler calls again; then the other contracts have their turn
        others = self.with_context(support_without_agreements=True)
        return super(ContractContract, others)._cron_recurring_create(day, create_type=create_type)

    @api.model
    def _run_agreement_invoices(self, day):
        """Invoice every agreement that has something due, chunk by chunk.

        Run by the scheduler, it commits after each chunk and ends when its time is over; running it
        again bills nothing twice.

        :return: how many agreements are left for the next call
        """
        chunks = self._get_chunks_to_invoice(day)
        left = sum(map(len, chunks))
        for chunk in chunks:
            chunk._invoice_chunk(day)
            left -= len(chunk)
            if not self._keep_chunk(len(chunk), left):
                break
        return left

    @api.model
    def _get_chunks_to_invoice(self, day):
        """Return the agreements to look at, in chunks of one company each; those that failed before come last."""
        domain = self._get_agreements_to_invoice_domain(day) & fields.Domain("generation_type", "=", "invoice")
        found = self.search_fetch(
            domain & self._get_not_tried_domain(),
            ["company_id"],
            order="company_id, invoice_generation_error_date NULLS FIRST, id",
        )
        return [
            self.with_company(company).browse(ids)
            for company, agreements in found.grouped("company_id").items()
            for ids in split_every(CHUNK, agreements.ids)
        ]

    @api.model
    def _get_not_tried_domain(self):
        """Leave out what failed since the scheduler last finished this job: one run may take several calls."""
        context = self.env.context
        if not context.get("ir_cron_progress_id"):
            return fields.Domain.TRUE
        never = fields.Domain("invoice_generation_error_date", "=", False)
        finished_at = context.get("lastcall")
        return never | fields.Domain("invoice_generation_error_date", "<=", finished_at) if finished_at else never

    @api.model
    def _keep_chunk(self, count, left):
        """Commit a chunk when the scheduler runs us, otherwise the caller's transaction decides.

        :return: whether there is time for another chunk
        """
        self.env.invalidate_all()
        if not self.env.context.get("ir_cron_progress_id"):
            return True
        return self.env["ir.cron"]._commit_progress(count, remaining=left) > 0

    def _invoice_chunk(self, day):
        """Invoice agreements of one company; one that fails is reported, and the others have their invoices."""
        mine = self.try_lock_for_update()
        for ids in split_every(BATCH, mine.ids):
            batch = self.browse(ids).with_prefetch(mine.ids)
            pairs, errors = _do_isolated(batch, lambda part: part._create_agreement_invoices(day))
            good = batch.browse(agreement.id for agreement in batch if agreement not in errors)
            good._clear_invoice_generation_error()
            for agreement, error in errors.items():
                agreement._record_invoice_generation_error(error, "invoice")
            self._post_agreement_invoices(pairs)

    # One agreement, or some: the same without the isolation

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
        for company, agreements in self.try_lock_for_update().grouped("company_id").items():
            pairs = agreements.with_company(company)._create_agreement_invoices(day)
            self._post_agreement_invoices(pairs)
            moves = moves.union(*(move for _agreement, move in pairs))
        return moves

    def _create_agreement_invoices(self, day):
        """Create all invoices of these agreements that are due on a day, in one call of core.

        :return: [(agreement, account.move)]
        """
        due = self._prepare_agreement_invoices(day)
        quiet = self.env["account.move"].with_context(**QUIET)
        moves = quiet.create([vals for _agreement, vals in due]).with_env(self.env)
        pairs = [(agreement, move) for (agreement, _vals), move in zip(due, moves, strict=True)]
        self._after_agreement_invoices(pairs)
        return pairs

    def _prepare_agreement_invoices(self, day):
        """Return [(agreement, values of an invoice)] for all that is due on a day, and move the billing dates on."""
        fees = self.contract_line_ids.filtered("is_plan_fee")
        booked = fees._get_booked_periods() if fees else {}
        return [
            (agreement, vals) for agreement in self for vals in agreement._prepare_due_periods(day, booked)
        ]

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
        moves._message_log_batch(
            {move.id: agreement._get_invoice_origin_text(move) for agreement, move in pairs}
        )
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
        posted, errors = _do_isolated(moves, lambda part: part._post_quietly()) if moves else ([], {})
        for move, error in errors.items():
            agreements[move]._record_invoice_generation_error(error, "invoice")
