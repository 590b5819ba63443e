from odoo.tests import tagged

from .common import KRS, NIP, REGON, NgoCommon


@tagged("post_install", "-at_install")
class TestNgoNumbers(NgoCommon):
    """Numbers of registers: read in any notation, refused with a sentence when nobody has them (F12)."""

    def test_numbers_are_kept_in_one_notation(self):
        membership = self.apply(krs=" 0000-999 001", nip="PL 999-007-77-78", regon="999 007 770")
        self.assertEqual((membership.krs, membership.nip, membership.regon), (KRS, NIP, REGON))

    def test_numbers_that_nobody_has_are_refused_by_the_form_and_the_api_alike(self):
        wrong = {
            "krs": (("0000000000", "equal digits"), ("123456", "leading zeros"), ("000012345A", "digits only")),
            "nip": (("0000000000", "equal digits"), ("1111111111", "equal digits"), ("9990077777", "check digit")),
            "regon": (("000000000", "equal digits"), ("999007771", "check digit"), ("12", "length")),
        }
        membership = self.apply()
        for name, cases in wrong.items():
            for value, sentence in cases:
                with self.subTest(name=name, value=value):
                    with self.assertRefused(sentence):
                        membership.write({name: value})
                    with self.assertRefused(sentence):
                        self.apply(self.client, **{name: value})
        self.assertEqual((membership.krs, membership.nip, membership.regon), (KRS, False, False))
