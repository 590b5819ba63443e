from unittest import skipUnless

from odoo.tests import freeze_time, tagged

from .common import SupportInvoicingCommon
from .settlement_cases import CASES, TODAY, SettlementCases


@tagged("post_install", "-at_install")
@skipUnless(CASES.is_dir(), "the tables of worked examples are in the repository, not in the addon")
@freeze_time(TODAY)
class TestSettlementCases(SettlementCases, SupportInvoicingCommon):
    """F9, F10, D4, D5, D6, D14, D15: the worked examples, on real agreements, invoices and payments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_cases()
        cls.case_taxes = {"23": cls.vat_23}

    @classmethod
    def get_case_tax(cls, rate):
        if rate not in cls.case_taxes:
            amount = 0 if rate == "zw" else float(rate)
            cls.case_taxes[rate] = cls.vat_23.copy({"name": f"VAT {rate}", "amount": amount})
        return cls.case_taxes[rate]

    def test_every_year_of_the_table(self):
        settled = self.check_table("settlement", self.check_settlement, self.check_correction)
        self.assertGreater(len(settled), 60)

    def test_every_year_with_several_originals(self):
        settled = self.check_table("settlement_originals", self.check_year, self.check_year_corrections)
        self.assertGreater(len(settled), 8)
