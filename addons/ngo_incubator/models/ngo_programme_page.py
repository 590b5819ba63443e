from decimal import Decimal

from odoo import SUPERUSER_ID, models

from ..rules import benefit as rules
from .ngo_membership_application import KEEP_MONTHS


class NgoProgramme(models.Model):
    """The public page of a programme: the offer in figures, made from the data (F12)."""

    _inherit = "ngo.programme"

    def action_open_public_page(self):
        """Button: the page that anyone may read."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/ngo/{self.id}", "target": "new"}

    def _get_offer_values(self):
        """Return what the page shows.

        :return: {"fees": rows, "hours": rows, "forms": names}; a row is {"plan", "full", "percent", "own"}, texts,
            empty where there is nothing to say
        """
        self.ensure_one()
        plans = self._get_offered_plans()
        return {
            "fees": [self._get_fee_row(plan) for plan in plans if plan.is_individual or plan.list_price_month],
            "hours": [self._get_hours_row(plan) for plan in plans if plan.hourly_rate and self._get_hours_discount()],
            "forms": self._get_admitted_forms().mapped("name"),
        }

    def _get_offered_plans(self):
        """Return the plans of the price list that the programme's company offers."""
        return self.env["support.plan"].search([("company_id", "in", [self.company_id.id, False])])

    def _get_fee_row(self, plan):
        percent = rules.percent_of(self._get_plan_discounts(), plan.id)
        return self._get_price_row(plan, plan.list_price_month, percent)

    def _get_hours_row(self, plan):
        return self._get_price_row(plan, plan.hourly_rate, self._get_hours_discount())

    def _get_price_row(self, plan, full, percent):
        """Return a price in texts; a price that is agreed with each client has only its discount."""
        own = rules.price(Decimal(str(full)), percent)
        return {
            "plan": plan.name,
            "full": plan._format_price(full) if full else self.env._("agreed with you"),
            "percent": f"{float(percent):g} %" if percent else "",
            "own": plan._format_price(float(own)) if full else "",
        }

    def _describe_processing(self):
        """Return what an applicant must know of the processing of the data (art. 13 of the GDPR), as paragraphs."""
        self.ensure_one()
        return [
            self._describe_controller(),
            self.env._(
                "We use what you write here to look at the application, to compare it with the public registers and to "
                "answer you. The basis is your consent (art. 6 (1) (a) of the GDPR), which you may withdraw at any "
                "time. If you join, we use it for the membership; the basis is then the agreement (art. 6 (1) (b)). "
                "Without the data marked with * we cannot look at the application."
            ),
            self.env._(
                "We keep the application until it is decided. If you join, we keep it as long as the membership lasts "
                "and the law wants its documents kept; if not, we delete name, e-mail, phone and message of the person "
                "%(months)s months after the refusal.",
                months=KEEP_MONTHS,
            ),
            self.env._(
                "You may ask to see, correct, move or delete your data, and you may complain to the President of the "
                "Personal Data Protection Office (UODO)."
            ),
        ]

    def _describe_controller(self):
        """Return who answers for the data, and where: as far as the firm has entered it."""
        company = self.company_id
        lines = company.partner_id._display_address(without_company=True).split("\n")
        ways = ", ".join(filter(None, [line.strip() for line in (*lines, company.email or "")]))
        if not ways:
            return self.env._("The controller of your data is %(company)s.", company=company.name)
        return self.env._("The controller of your data is %(company)s, %(ways)s.", company=company.name, ways=ways)

    def _send_receipt(self, email):
        """Queue the receipt of an application; it repeats nothing of what was typed, so that nobody can misuse it."""
        self.ensure_one()
        template = self.env.ref("ngo_incubator.mail_template_ngo_application").sudo().with_user(SUPERUSER_ID)
        template.send_mail(self.id, email_values={"email_to": email, "recipient_ids": []})
