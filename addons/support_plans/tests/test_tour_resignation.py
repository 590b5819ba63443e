from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ACCOUNTANT
from .termination_common import IBAN, TerminationCommon


@tagged("post_install", "-at_install")
class TestTourResignation(TerminationCommon, HttpCase):
    """Through the real screens: a client resigns after five months of a prepaid year, to the last point (F10)."""

    def test_from_the_resignation_to_closed(self):
        """D4, D5, D6, D14: 2,127.21 net, 489.26 VAT, 2,616.47 gross, as the accountant reads it."""
        client = self.create_client("Tour Client", bank_ids=[fields.Command.create({"acc_number": IBAN})])
        self.create_support_user("tour_accountant", ACCOUNTANT, tz="Europe/Warsaw", lang="en_US")
        start = fields.Date.today() + relativedelta(day=1, months=-4)
        agreement = self.create_year(fields.Date.to_string(start), client, notice_months=0)
        self.env.company.support_debit_note_account_id = self.company_data["default_account_revenue"]
        self.start_tour("/odoo/support-resignations", "support_plans_resignation", login="tour_accountant")
        termination = agreement.termination_ids
        self.assertEqual((termination.state, termination.refund_gross), ("closed", 2616.47))
        self.assertEqual(termination.fee_tax_treatment, "taxable")
        self.assertEqual(termination.refund_move_ids.payment_state, "paid")
        self.assertEqual(agreement.support_state, "notice")
