from datetime import date

from freezegun import freeze_time
from lxml import html

from odoo.tests import tagged

from .time_common import TimeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20")
class TestTerminationHours(TimeCommon):
    """What happens to hours when an agreement ends: the screen says what the ledger does (C3, D11, F6)."""

    def resign(self, **values):
        return self.env["support.termination"].create({"contract_id": self.agreement.id, **values})

    def get_text(self, termination):
        text = html.fromstring(termination.open_work_html).text_content()
        return " ".join(text.split()).replace("\xa0", " ")

    def test_allowance_and_bought_hours_are_listed_with_what_happens(self):
        lot = self.env["support.package"].create(
            {
                "contract_id": self.agreement.id,
                "origin": "purchase",
                "minutes": 600,
                "date_from": date(2026, 6, 1),
                "date_to": date(2027, 5, 31),
            }
        )
        termination = self.resign(effective_on=date(2026, 7, 31))
        text = self.get_text(termination)
        for words in (
            "Monthly allowance",
            f"{self.agreement.package_hours:g}:00 h a month",
            "still gives its hours in full",
            "10:00 of 10:00 h left, valid until 05/31/2027",
            "Can be used until 07/31/2026",
        ):
            with self.subTest(words):
                self.assertIn(words, text)
        termination.action_submit()
        with freeze_time("2026-08-01"):
            work = self.create_work(60 * 4, date="2026-07-30")
            self.assertEqual(lot.used_minutes, work.charged_minutes - self.agreement.package_hours * 60)
            late = self.create_work(60, date="2026-08-01")
            self.assertFalse(late.support_contract_id, "after the last day no hours of it are used")

    def test_work_beyond_the_packages_is_still_billed(self):
        """F6, P22: the final bill."""
        self.create_work(60 * 20, date="2026-06-10")
        text = self.get_text(self.resign())
        self.assertIn("h not billed yet", text)
        self.assertIn("The first invoicing run after", text)

    def test_nothing_is_said_of_hours_that_there_are_not(self):
        termination = self.env["support.termination"].new({"contract_id": False})
        self.assertIn("Choose the agreement", self.get_text(termination))
        self.agreement.package_hours = 0
        self.assertNotIn("allowance", self.get_text(self.resign()))
