from odoo import api, fields, models
from odoo.tools import split_every

from .isolation import do_isolated

#: Agreements between two commits: what a crash can cost, and what is in memory at a time.
CHUNK = 200
#: Agreements invoiced by one call of core: what one bad agreement makes core do again.
BATCH = 40


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
        again bills nothing twice. Those that failed before come last, and the end of the time does
        not stop them: otherwise they would be tried again and again.

        :return: how many agreements are left for the next call
        """
        chunks = self._get_chunks_to_invoice(day)
        left, has_time = sum(len(chunk) for _failed, chunk in chunks), True
        for has_failed, chunk in chunks:
            if not has_time and not has_failed:
                break
            chunk._invoice_chunk(day)
            left -= len(chunk)
            has_time = self._keep_chunk(len(chunk), left)
        return left

    @api.model
    def _get_chunks_to_invoice(self, day):
        """Return [(failed before, agreements of one company)] of all that may have something due."""
        domain = self._get_agreements_to_invoice_domain(day) & fields.Domain("generation_type", "=", "invoice")
        found = self.search_fetch(domain, ["company_id", "invoice_generation_error_date"], order="company_id, id")
        groups = found.grouped(lambda c: (bool(c.invoice_generation_error_date), c.company_id))
        return [
            (has_failed, self.with_company(company).browse(ids))
            for (has_failed, company), agreements in sorted(groups.items(), key=lambda item: item[0][0])
            for ids in split_every(CHUNK, agreements.ids)
        ]

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
        mine = self.try_lock_for_update(allow_referencing=True)
        pairs, errors = [], {}
        for ids in split_every(BATCH, mine.ids):
            batch = self.browse(ids).with_prefetch(mine.ids)
            made, failed = do_isolated(batch, lambda part: part._create_agreement_invoices(day))
            pairs += made
            errors |= failed
        mine.browse(agreement.id for agreement in mine if agreement not in errors)._clear_invoice_generation_error()
        for agreement, error in errors.items():
            agreement._record_invoice_generation_error(error, "invoice")
        self._post_agreement_invoices(pairs)
