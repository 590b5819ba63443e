from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.support_plans.tests.common import ACCOUNTANT
from odoo.addons.support_plans.tests.termination_common import IBAN

from . import fa3
from .common import KSEF_NUMBER, KsefCommon


@tagged("post_install", "-at_install")
class TestTourResignation(KsefCommon, HttpCase):
    """The accountant's way through a resignation in a firm with KSeF: its correction is a true FA(3) file."""

    def test_the_correction_of_the_screen_is_a_true_file(self):
        """F10, art. 106j: −2127.21 net, −489.26 VAT, −2616.47 gross; before the refund is paid it is to be settled."""
        client = self.next_client()
        client.write({"name": "Tour Client", "bank_ids": [fields.Command.create({"acc_number": IBAN})]})
        self.create_support_user("tour_accountant", ACCOUNTANT, tz="Europe/Warsaw", lang="en_US")
        start = fields.Date.today() + relativedelta(day=1, months=-4)
        invoice = self.accept(self.bill(fields.Date.to_string(start), "year", price=349, client=client))
        self.pay(invoice, 5151.24)
        agreement = invoice.invoice_line_ids.contract_line_id.contract_id
        agreement.notice_months = 0
        self.env.company.support_debit_note_account_id = self.company_data["default_account_revenue"]
        self.start_tour("/odoo/support-resignations", "support_plans_resignation", login="tour_accountant")
        termination = agreement.termination_ids
        self.assertEqual(termination.state, "closed")
        correction = termination.refund_move_ids
        self.assertFalse(correction._l10n_pl_edi_check_mandatory_fields())
        document = self.rendered(correction)
        self.assertEqual(
            [(row["P_8B"], row["P_9A"], row["P_11"]) for row in document.rows()],
            [("-12", "349.00", "-4188.00"), ("5", "399.00", "1995.00"), ("1", "65.79", "65.79")],
        )
        self.assertEqual(document.value("Fa/DaneFaKorygowanej/NrKSeFFaKorygowanej"), KSEF_NUMBER)
        self.assertEqual(document.value("Fa/OkresFa/P_6_Do"), str(termination.effective_on))
        self.assertEqual(str(document.gross), "-2616.47")
        state, gross = fa3.state_after(self.rendered(invoice), document)
        self.assertEqual((str(state["P_13_1"][0]), str(gross)), ("2060.79", "2534.77"))
