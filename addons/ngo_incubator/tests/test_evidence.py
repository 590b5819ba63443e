import base64
from datetime import date

from psycopg2.errors import CheckViolation

from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .promotion_common import PAGE, PNG, PromotionCommon


@tagged("post_install", "-at_install")
class TestEvidence(PromotionCommon):
    """What proves a promotion, and what stays as it was (F12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promotion = cls.agree()

    def send(self, kind="link", **values):
        """Add evidence as the panel does."""
        if kind == "link":
            values = {"url": PAGE, **values}
        return self.promotion.sudo()._add_panel_evidence(self.ngo_person, kind, **values)

    # By hand

    @freeze_time("2026-03-02")
    def test_it_waits_until_somebody_accepts_it(self):
        evidence = self.add_evidence(self.promotion)
        self.assertEqual((evidence.state, self.promotion.evidence_state), ("waiting", "waiting"))
        evidence.with_user(self.coordinator).action_accept()
        self.assertEqual((evidence.state, self.promotion.evidence_state), ("accepted", "accepted"))
        self.assertEqual((evidence.accepted_on, evidence.accepted_by_id), (date(2026, 3, 2), self.coordinator))
        evidence.action_accept()
        self.assertEqual(evidence.accepted_by_id, self.coordinator)

    def test_it_is_rejected_with_a_reason(self):
        evidence = self.add_evidence(self.promotion)
        with self.assertRefused("enter the reason"):
            evidence.action_reject()
        evidence.rejection_reason = "Another logo"
        evidence.action_reject()
        self.assertEqual((evidence.state, self.promotion.evidence_state), ("rejected", "missing"))
        with self.assertRefused("stays as it was"):
            evidence.action_accept()

    def test_what_was_decided_stays_as_it_was(self):
        """F12: what was accepted is history."""
        evidence = self.add_evidence(self.promotion)
        evidence.action_accept()
        for vals in ({"note": "x"}, {"url": "https://other.example"}, {"state": "waiting"}, {"reach": 5}):
            with self.assertRefused("stays as it was"):
                evidence.write(vals)
        with self.assertRefused("stays as it was"):
            evidence.unlink()

    def test_the_state_is_written_by_the_buttons_only(self):
        with self.assertRefused("begins as waiting"):
            self.add_evidence(self.promotion, state="accepted")
        evidence = self.add_evidence(self.promotion)
        with self.assertRefused("with its buttons"):
            evidence.state = "accepted"
        with self.assertRefused("with its buttons"):
            evidence.promotion_id = self.agree(name="Another")

    def test_a_file_that_is_uploaded_belongs_to_the_evidence(self):
        evidence = self.add_evidence(
            self.promotion, kind="print", url=False, file=base64.b64encode(PNG), file_name="leaflet.png"
        )
        file = evidence.attachment_id
        self.assertEqual((file.name, file.raw), ("leaflet.png", PNG))
        self.assertEqual((file.res_model, file.res_id), ("ngo.evidence", evidence.id))
        other = self.add_evidence(self.promotion)
        with self.assertRefused("belongs to something else"):
            other.attachment_id = file

    @mute_logger("odoo.sql_db")
    def test_the_database_asks_for_what_proves_it(self):
        for vals in ({"url": False}, {"url": ""}, {"kind": "picture"}, {"reach": -1}, {"url": "ftp://a.example"}):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.add_evidence(self.promotion, **vals)

    def test_nothing_proves_what_is_not_agreed(self):
        with self.assertRefused("“Agreed”, “Fulfilled”"):
            self.add_evidence(self.propose())

    def test_evidence_is_added_with_the_form_of_the_promotion(self):
        command = [(0, 0, {"kind": "link", "url": PAGE})]
        self.promotion.with_user(self.coordinator).write({"evidence_ids": command})
        self.assertEqual(self.promotion.evidence_ids.added_by_id, self.coordinator.partner_id)

    def test_a_coordinator_uploads_in_the_form(self):
        with Form(self.promotion.with_user(self.coordinator)) as form, form.evidence_ids.new() as line:
            line.kind = "picture"
            line.file = base64.b64encode(PNG)
        self.assertEqual(self.promotion.evidence_ids.attachment_id.raw, PNG)

    # From the panel

    def test_the_organisation_sends_a_link(self):
        evidence = self.send(reach="1 200", note=" Since March ")
        self.assertEqual((evidence.kind, evidence.url, evidence.reach), ("link", PAGE, 1200))
        self.assertEqual((evidence.note, evidence.added_by_id), ("Since March", self.ngo_person))
        self.assertEqual((evidence.state, self.promotion.evidence_state), ("waiting", "waiting"))

    def test_the_organisation_sends_a_picture_or_a_print(self):
        evidence = self.send("picture", picture=PNG, picture_name="C:\\photos\\hall.png")
        file = evidence.attachment_id
        self.assertEqual((file.name, file.mimetype, file.raw), ("hall.png", "image/png", PNG))
        self.assertEqual((file.res_model, file.res_id, file.public), ("ngo.evidence", evidence.id, False))
        pdf = self.send("print", picture=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n")
        self.assertEqual(pdf.attachment_id.mimetype, "application/pdf")

    def test_what_cannot_be_evidence_is_refused_in_a_sentence_and_leaves_nothing(self):
        cases = (
            ({"kind": "rumour"}, "Choose what you send"),
            ({"url": ""}, "Enter the address"),
            ({"url": "ftp://a.example"}, "no address of a public page"),
            ({"url": "javascript:alert(1)"}, "no address of a public page"),
            ({"kind": "picture"}, "Choose the file"),
            ({"kind": "print", "picture": b""}, "Choose the file"),
            ({"kind": "picture", "picture": PNG + b"0" * 10 * 1024 * 1024}, "larger than 10 MB"),
            ({"kind": "picture", "picture": b"<html><script>x</script>", "picture_name": "a.png"}, "neither a picture"),
            ({"kind": "picture", "picture": b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"}, "neither a picture"),
            ({"reach": "many"}, "whole number"),
            ({"reach": "-1"}, "whole number"),
            ({"reach": "1.5"}, "whole number"),
            ({"reach": "99999999999"}, "whole number"),
            ({"reach": "٣"}, "whole number"),
        )
        files = self.env["ir.attachment"].search_count([("res_model", "=", "ngo.evidence")])
        for values, sentence in cases:
            with self.subTest(values=sentence), self.assertRefused(sentence):
                self.send(**values)
        self.assertFalse(self.promotion.evidence_ids)
        self.assertEqual(self.env["ir.attachment"].search_count([("res_model", "=", "ngo.evidence")]), files)
        self.assertFalse(self.get_activities(self.promotion, "evidence"))

    def test_sending_twice_is_sending_once(self):
        first = self.send(note="x")
        self.assertEqual(self.send(note="x"), first)
        self.assertNotEqual(self.send(note="y"), first)
        picture = self.send("picture", picture=PNG)
        self.assertEqual(self.send("picture", picture=PNG), picture)
        self.assertEqual(len(self.promotion.evidence_ids), 3)

    def test_what_was_rejected_may_be_sent_again(self):
        first = self.send()
        first.rejection_reason = "The page is empty"
        first.action_reject()
        self.assertNotEqual(self.send(), first)

    def test_the_coordinator_is_told_once_until_all_is_decided(self):
        first, second = self.send(), self.send(note="Another")
        activity = self.get_activities(self.promotion, "evidence")
        self.assertEqual(activity.user_id, self.coordinator)
        first.action_accept()
        second.rejection_reason = "The same"
        second.action_reject()
        self.assertFalse(self.get_activities(self.promotion, "evidence"))

    def test_only_members_send_evidence_of_what_is_agreed(self):
        self.assertTrue(self.promotion._may_add_evidence())
        self.membership._write_own({"state": "ended"})
        self.assertFalse(self.promotion._may_add_evidence())
        with self.assertRefused("no member any more"):
            self.send()
        self.membership._write_own({"state": "active"})
        self.promotion.action_drop()
        self.assertFalse(self.promotion._may_add_evidence())
        with self.assertRefused("“Agreed”, “Fulfilled”"):
            self.send()
