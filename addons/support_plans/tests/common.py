"""What the tests of this addon, and of the addons built on it, share. There are no tests here.

``SupportCommon`` is light: a Polish firm with zloty and no chart of accounts (plans, agreements,
tickets). ``SupportInvoicingCommon`` adds a chart, a sales journal and 23 % VAT (invoices).
Both give:

- ``cls.plan_community``, ``plan_email``, ``plan_start``, ``plan_standard``, ``plan_premium``: the
  plans of the price list, as shipped (P8-P22);
- ``cls.client``: a company in Warsaw, Polish by language where Polish is installed;
  ``cls.client_contact``: a person of that client;
- ``cls.create_client()``, ``create_agreement()``, ``create_draft_agreement()``,
  ``create_support_user()``, ``create_portal_user()``.
"""

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import BaseCommon

#: Groups of the three roles, for ``create_support_user``.
CONSULTANT = "support_plans.group_support_consultant"
MANAGER = "support_plans.group_support_manager"
ACCOUNTANT = "account.group_account_invoice"


class SupportSetup:
    """The public helpers; mixed into the two base classes below."""

    @classmethod
    def _setup_support(cls):
        """Set the class attributes that the docstring of this module names."""
        for code in ("community", "email", "start", "standard", "premium"):
            plan = cls.env.ref(f"support_plans.support_plan_{code}")
            plan.price_year_month = plan.price_month  # whatever the demo story sets
            setattr(cls, f"plan_{code}", plan)
        cls.client = cls.create_client("Nowak Sp. z o.o.")
        cls.client_contact = cls.env["res.partner"].create(
            {"name": "Anna Nowak", "parent_id": cls.client.id, "email": "anna@nowak.example"}
        )

    @classmethod
    def create_client(cls, name, **values):
        """Create a company that buys support."""
        return cls.env["res.partner"].create({"name": name, "is_company": True, **values})

    @classmethod
    def create_draft_agreement(cls, plan, partner, start, payment_period="month", **terms):
        """Create an agreement that is not started.

        :param plan: support.plan
        :param partner: res.partner, the client
        :param start: date or "YYYY-MM-DD", the first day and anchor of the service months (D5)
        :param payment_period: "month" or "year"
        :param terms: values that differ from the plan's, by field name
        """
        return cls.env["contract.contract"].create(
            {
                "support_plan_id": plan.id,
                "partner_id": partner.id,
                "date_start": fields.Date.to_date(start),
                "payment_period": payment_period,
                **terms,
            }
        )

    @classmethod
    def create_agreement(cls, plan, partner, start, payment_period="month", **terms):
        """Create an agreement and start it; parameters as in ``create_draft_agreement``."""
        agreement = cls.create_draft_agreement(plan, partner, start, payment_period, **terms)
        agreement.action_start_agreement()
        return agreement

    @classmethod
    def create_support_user(cls, login, *groups, **values):
        """Create an internal user of the tests' company with the groups (xml ids) of a role."""
        company = values.pop("company_id", cls.env.company.id)
        return new_test_user(
            cls.env,
            login=login,
            groups=",".join(("base.group_user", *groups)),
            company_id=company,
            company_ids=[Command.set([company])],
            **values,
        )

    @classmethod
    def create_portal_user(cls, login, partner, **values):
        """Create the user of a person in the client panel; the password is the login."""
        company = cls.env.company
        return new_test_user(
            cls.env,
            login=login,
            password=login,
            groups="base.group_portal",
            **{
                "partner_id": partner.id,
                "name": partner.name,
                "email": partner.email or f"{login}@example.com",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "tz": "Europe/Warsaw",
                **values,
            },
        )


class SupportCommon(SupportSetup, BaseCommon):
    """Plans, agreements and tickets in a firm of its own, without accounting data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_support()

    @classmethod
    def setup_independent_company(cls, **kwargs):
        return cls._create_company(
            name="Support firm",
            country_id=cls.env.ref("base.pl").id,
            currency_id=cls.env.ref("base.PLN").id,
        )


class SupportInvoicingCommon(SupportSetup, AccountTestInvoicingCommon):
    """The same firm with a chart of accounts, a sales journal and 23 % VAT on the plans."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("pl")
    @AccountTestInvoicingCommon.setup_chart_template("generic_coa")
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_support()
        cls.vat_23 = cls.env["account.tax"].create(
            {
                "name": "VAT 23%",
                "amount": 23,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "company_id": cls.env.company.id,
            }
        )
        plans = cls.plan_email | cls.plan_start | cls.plan_standard | cls.plan_premium
        plans.product_id.taxes_id = [Command.set(cls.vat_23.ids)]

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref(MANAGER)

    @classmethod
    def run_invoicing(cls, day):
        """Run OCA's invoicing cron as of a day ("YYYY-MM-DD") and return the invoices it made."""
        moves = cls.env["account.move"]
        domain = [("move_type", "=", "out_invoice"), ("company_id", "=", cls.env.company.id)]
        before = moves.search(domain)
        cls.env["contract.contract"].sudo().cron_recurring_create_invoice(fields.Date.to_date(day))
        return moves.search(domain) - before
