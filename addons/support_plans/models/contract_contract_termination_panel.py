import re
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import Command, fields, models
from odoo.exceptions import UserError

from .contract_contract_guarantee import DEFAULT_ZONE
from .support_termination_refund import _is_account_number

#: A resignation for a later day than this is more likely a wrong year.
_LATEST = relativedelta(years=2)
#: The shape of an account number of any country (ISO 13616).
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
#: What a person types fits into this many characters; one person or firm to inform is a line.
_LONGEST_TEXT = 4000
_MOST_INFORMED = 20


class ContractContract(models.Model):
    """The client ends an agreement in the panel: from when, what it gives back, the resignation (F6, F10)."""

    _inherit = "contract.contract"

    # Who

    def _may_decide(self, partner):
        """The partner may decide for the client: a contact for support, or anybody of a firm without them."""
        self.ensure_one()
        agreement = self.sudo()
        if partner.commercial_partner_id != agreement.commercial_partner_id:
            return False
        contacts = agreement._get_contacts_that_count()
        return not contacts or partner in contacts

    def _get_end_refusal(self, partner):
        """Return why a person cannot end this agreement in the panel now; empty when it is possible."""
        self.ensure_one()
        agreement = self.sudo()
        today = agreement._get_firm_day()
        if agreement._is_over(today):
            return self.env._("This agreement is not running any more: there is nothing to end.")
        if not agreement._may_decide(partner):
            return agreement._describe_who_may_end()
        if agreement.support_state == "notice":
            return self.env._(
                "%(explanation)s If this is not what you want, write to us.",
                explanation=agreement._explain_earliest_end(today),
            )
        return ""

    def _is_over(self, day):
        return self.support_state not in ("running", "notice") or bool(self.date_end and self.date_end < day)

    def _describe_who_may_end(self):
        names = ", ".join(self._get_contacts_that_count().mapped("name"))
        if not names:
            return self.env._("Only a person of the client may end this agreement.")
        return self.env._(
            "Only a contact for support of your firm may end this agreement: %(names)s.",
            names=names,
        )

    def _get_firm_day(self):
        """Return today where the firm is: a resignation is received there, wherever the client's clock stands."""
        return fields.Date.context_today(self._at_firm())

    def _at_firm(self):
        return self.with_context(tz=self.service_calendar_id.tz or DEFAULT_ZONE)

    # The page of the agreement

    def _get_panel_values(self, today):
        # EXTENDS support_plans: the way out
        values = super()._get_panel_values(today)
        person = self.env.user.partner_id
        running = not self._is_over(self._get_firm_day())
        values["resignation"] = self._get_panel_resignation()
        values["may_end"] = not values["resignation"] and not self._get_end_refusal(person)
        values["who_may_end"] = "" if not running or self._may_decide(person) else self._describe_who_may_end()
        return values

    def _get_panel_resignation(self):
        """Return the resignation that the client may know of; a draft of the office is not received yet."""
        return self.sudo()._get_open_resignation().filtered(lambda termination: termination.state != "draft")

    # The page before the resignation

    def _get_end_days(self, today):
        """Return the (first, last) day on which the client may let the agreement end."""
        earliest = self._get_earliest_end(today)
        latest = self._get_agreed_end() or max(earliest, today + _LATEST)
        return earliest, max(earliest, latest)

    def _read_end_day(self, text, today):
        """Return the day that a person chose, the earliest for nothing; else say what is wrong."""
        earliest, latest = self._get_end_days(today)
        if not text:
            return earliest
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise UserError(self.env._("Write the last day as a date, please.")) from None
        if day < earliest:
            raise UserError(
                self.env._(
                    "%(day)s is too early: the agreement may end on %(earliest)s at the earliest.",
                    day=self._format_day(day),
                    earliest=self._format_day(earliest),
                )
            )
        if day > latest:
            raise UserError(
                self.env._(
                    "%(day)s is too late: choose a day until %(latest)s.",
                    day=self._format_day(day),
                    latest=self._format_day(latest),
                )
            )
        return day

    def _preview_end(self, day, today):
        """Return what the page before the resignation says of a last day; nothing is written.

        ``terms`` is the fingerprint of what the person reads.
        """
        agreement = self.sudo()._at_firm()
        earliest, latest = agreement._get_end_days(today)
        termination = agreement.env["support.termination"]._simulate(agreement, day)
        return {
            "day": day,
            "day_text": agreement._format_day(day),
            "earliest": earliest,
            "latest": latest,
            "explanation": agreement._explain_earliest_end(today),
            "settlement": termination._get_panel_settlement(is_simulation=True),
            "consequences": agreement._get_end_consequences(termination),
            "known_account": agreement._describe_known_account(termination),
            "terms": f"{day}/{termination.refund_gross:.2f}/{termination.fee:.2f}",
        }

    def _get_end_consequences(self, termination):
        """Return [(what, what happens to it)]; other addons add theirs.

        :param termination: the simulated resignation
        """
        end = self._format_day(termination.effective_on)
        return [
            (
                self.env._("Your data and files"),
                self.env._(
                    "We hand over your data, working files and documents, and give back or close our access. "
                    "The page of your resignation shows what is done."
                ),
            ),
            (self.env._("Open tickets"), self._describe_open_tickets(termination.open_ticket_count, end)),
            (
                self.env._("Invoices"),
                self.env._(
                    "No month that begins after %(end)s is invoiced. What was invoiced for later months is corrected; "
                    "work beyond the package until then is billed as agreed.",
                    end=end,
                ),
            ),
        ]

    def _describe_open_tickets(self, count, end):
        rule = self.env._(
            "What you report until %(end)s keeps its guaranteed response; work after that day is not covered "
            "by the agreement. We finish or hand over what is open.",
            end=end,
        )
        return self.env._("Open now: %(count)s.", count=count) + " " + rule if count else rule

    def _describe_known_account(self, termination):
        """Return the end of the account number to which a refund goes when none is named; empty for none."""
        number = termination._get_known_account().acc_number or ""
        return "".join(number.split())[-4:]

    # The resignation

    def _resign(self, person, day_text, terms="", reason="", account="", informed=""):
        """Receive the resignation of a person in the panel and return it; the same one when there is one already.

        :param terms: fingerprint of what the person read (`_preview_end`)
        :param informed: persons or firms to inform, one in a line
        """
        agreement = self.sudo()._at_firm()
        agreement._lock_for_resignation()
        known = agreement._get_panel_resignation()
        if known and agreement._may_decide(person):
            return known
        refusal = agreement._get_end_refusal(person)
        if refusal:
            raise UserError(refusal)
        today = agreement._get_firm_day()
        day = agreement._read_end_day(day_text, today)
        names = agreement._read_informed(informed)
        number = agreement._read_account(account)
        if len(reason) > _LONGEST_TEXT:
            raise UserError(self.env._("The reason is too long. A few words are enough, or none."))
        if agreement._preview_end(day, today)["terms"] != terms:
            raise UserError(
                self.env._(
                    "You have not read yet what ending on %(day)s means. Here it is: read it and confirm, please.",
                    day=agreement._format_day(day),
                )
            )
        return agreement._create_resignation(
            person,
            {
                "effective_on": day,
                "reason": reason,
                "refund_bank_id": agreement._get_or_create_account(number).id,
            },
            names,
        )

    def _lock_for_resignation(self):
        """Take the agreement until the end of the transaction; a second click waits and finds the first one's."""
        self.flush_recordset()
        # Not logged as an error: it is what makes Odoo run the second click again
        self.env.cr.execute(
            "SELECT 1 FROM contract_contract WHERE id = %s FOR NO KEY UPDATE", [self.id], log_exceptions=False
        )
        self.invalidate_recordset()

    def _create_resignation(self, person, vals, names):
        """Create and submit; a draft that the office has begun becomes this resignation, with its day of receipt."""
        vals.update(requested_by_id=person.id, way="panel")
        if not vals["refund_bank_id"]:
            del vals["refund_bank_id"]
        termination = self._get_open_resignation()
        if termination:
            termination.write(vals)
        else:
            vals.update(contract_id=self.id, requested_on=self._get_firm_day())
            termination = self.env["support.termination"].with_context(tz=self.env.context["tz"]).create(vals)
        termination.action_submit()
        if names:
            termination.handover_ids = [
                Command.create({"kind": "informed", "sequence": 50, "name": name}) for name in names
            ]
        termination.message_subscribe(person.ids)
        termination._tell_responsible(person)
        return termination

    def _read_informed(self, text):
        names = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        if len(text) > _LONGEST_TEXT or len(names) > _MOST_INFORMED:
            raise UserError(
                self.env._(
                    "Name at most %(most)s persons or firms to inform, one in a line; send us the others in a ticket.",
                    most=_MOST_INFORMED,
                )
            )
        return names

    def _read_account(self, text):
        """Return an account number without spaces, empty for none; else say what is wrong (IBAN, ISO 7064)."""
        number = "".join(filter(str.isalnum, text)).upper()
        if number.isdigit():
            number = f"PL{number}"
        if text.strip() and not (_IBAN.fullmatch(number) and _is_account_number(number)):
            raise UserError(
                self.env._(
                    "The account number is not right: its check digits do not match. Compare it with the one of your "
                    "bank, or leave the field empty and send it later."
                )
            )
        return number

    def _get_or_create_account(self, number):
        """Return the client's bank account with a number; empty for no number."""
        banks = self.env["res.partner.bank"]
        if not number:
            return banks
        client = self.commercial_partner_id
        known = client.bank_ids.filtered(
            lambda bank: (bank.sanitized_acc_number or "") in (number, number.removeprefix("PL"))
        )
        return known[:1] or banks.create({"acc_number": number, "partner_id": client.id})
