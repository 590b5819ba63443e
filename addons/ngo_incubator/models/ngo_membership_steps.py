from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..rules import membership as rules
from .ngo_membership import COORDINATORS

_NO_WARNING = {"warned_on": False, "ends_on": False, "end_as": False, "end_reason": False, "is_check_late": False}


class NgoMembership(models.Model):
    """The steps of a membership; each may be called twice, with the same end or a sentence (F12)."""

    _inherit = "ngo.membership"

    def _check_coordinator(self):
        if not self.env.su and not self.env.user.has_group(COORDINATORS):
            raise AccessError(self.env._("Only coordinators of the programme may do this."))

    def _get_today(self):
        return fields.Date.context_today(self)

    # Verify

    def action_open_verification(self):
        """Button: write down what the registers say."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Verify"),
            "res_model": "ngo.verification.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_membership_id": self.id},
        }

    def _verify(self, proof, today):
        """Keep a proof, and let the membership be verified by it, or, when nothing is confirmed, leave it.

        :param proof: values of `ngo.verification` without the membership, day and person
        :return: ngo.verification
        """
        self.ensure_one()
        self._check_coordinator()
        self._lock()
        self._finish_warnings(today)
        self._require("verify")
        if proof["is_confirmed"]:
            self._check_can_be_verified(proof["is_opp"])
        verification = (
            self.env["ngo.verification"]
            .sudo()
            .create(
                {
                    **proof,
                    "membership_id": self.id,
                    "user_id": self.env.uid,
                    "checked_on": proof.get("checked_on") or today,
                }
            )
        )
        if not proof["is_confirmed"] and self.state in ("active", "suspended"):
            self._give_work("ngo_incubator.mail_activity_ngo_check", today)
        elif proof["is_confirmed"] and verification.checked_on >= (self.verified_on or verification.checked_on):
            self._confirm(verification, today)
        return verification.with_env(self.env)

    def _confirm(self, verification, today):
        """Let a proof verify; where no check is due after it, the work and the warning for the late check end."""
        self._step(
            "verify",
            verified_on=verification.checked_on,
            verified_by_id=self.env.uid,
            is_opp=verification.is_opp,
            next_check_on=rules.next_check(verification.checked_on),
        )
        self.activity_feedback(["ngo_incubator.mail_activity_ngo_application"])
        if self.next_check_on <= today or self._get_denial():
            return
        self.activity_feedback(["ngo_incubator.mail_activity_ngo_check"])
        if self.state == "active" and self.is_check_late:
            self.action_withdraw_warning()

    def _get_denial(self):
        """Return the last look at a register where it did not confirm the organisation; else empty."""
        last = self.verification_ids.sorted(lambda v: (v.checked_on, v.id))[-1:]
        return last.filtered(lambda v: not v.is_confirmed)

    def _check_can_be_verified(self, is_opp):
        """Refuse to verify what cannot be: no contact, a form that is not eligible, a number that is missing.

        Whom the programme admits is asked of who is no member yet: a change of the offer changes no member.
        """
        form = self.legal_form_id
        names = {"member": self.display_name, "form": form.name}
        if not form.is_eligible:
            raise UserError(
                self.env._("%(member)s: %(form)s is not eligible. %(reason)s", reason=form.refusal_reason, **names)
            )
        if self.state in ("applied", "verified") and form not in self.programme_id._get_admitted_forms():
            raise UserError(self.env._("%(member)s: the programme is not for the legal form “%(form)s”.", **names))
        self._check_is_the_only_one()
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "%(member)s: choose the contact of the organisation, or create it, before it is verified.", **names
                )
            )
        if form.needs_krs and not self.commercial_partner_id.is_company:
            raise UserError(
                self.env._(
                    "%(member)s is a person, “%(form)s” is an organisation: choose the contact of the organisation.",
                    **names,
                )
            )
        if (form.needs_krs or is_opp) and not self.krs:
            raise UserError(
                self.env._("%(member)s: enter the KRS number; %(form)s or the status OPP exists by it only.", **names)
            )
        if not (self.krs or self.nip or self.regon or self.register_number):
            raise UserError(self.env._("%(member)s: enter a number by which a register knows it.", **names))

    def _check_is_the_only_one(self):
        """Refuse a second membership of the same organisation under another contact."""
        numbers = Domain.OR(Domain(name, "=", self[name]) for name in ("krs", "nip", "regon") if self[name])
        others = Domain("company_id", "=", self.company_id.id) & Domain("state", "not in", ("applied", "ended"))
        other = self.sudo().search(numbers & others & Domain("id", "!=", self.id), limit=1)
        if other:
            raise UserError(
                self.env._(
                    "%(member)s has the number of %(other)s, which is in the programme %(programme)s already.",
                    member=self.display_name,
                    other=other.display_name,
                    programme=other.programme_id.name,
                )
            )

    # Refuse

    def action_open_refusal(self):
        """Button: refuse, and tell the applicant why."""
        self.ensure_one()
        self._check_coordinator()
        self._require("refuse")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "ngo.refusal.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_membership_id": self.id},
        }

    def action_refuse(self, reason=""):
        """Refuse an application and tell the applicant why; it stays as history.

        :param reason: what the applicant reads; by default why the legal form is not eligible
        """
        self._check_coordinator()
        self._lock()
        self._require("refuse")
        for membership in self:
            form = membership.legal_form_id
            text = reason or (not form.is_eligible and form.refusal_reason) or ""
            membership._step("refuse", ended_on=self._get_today(), end_reason=text)
            membership._send("ngo_incubator.mail_template_ngo_refused")
        return True

    # Activate

    def action_activate(self):
        """Button: put the agreed terms in force; they count for every invoice that is made from today on."""
        self._check_coordinator()
        return self._activate(self._get_today())

    def _activate(self, day):
        self._lock()
        self._require("activate")
        for membership in self:
            membership._check_proof_is_fresh(day)
            membership._check_terms()
            # Months that were announced at the full price stay there: who comes back begins with service months
            was_member = bool(membership._get_earlier_benefits())
            membership._step("activate", **_NO_WARNING, suspended_on=False)
            membership._grant(day, is_by_service=was_member)
            membership._tell_of_drafts(day)
            membership._send("ngo_incubator.mail_template_ngo_active")
        return True

    def _get_earlier_benefits(self):
        """Return what the organisation had from the company before, in this membership or an older one."""
        benefits = self.sudo().commercial_partner_id.ngo_membership_ids.benefit_ids
        return benefits.filtered(lambda x: x.company_id == self.company_id)

    def _get_full_price_drafts(self, today):
        """Return the drafts without the discount that would have it if they were made anew, as superuser."""
        lines = self.env["account.move.line"].sudo()
        fees = lines.search(
            [
                ("contract_line_id.contract_id.commercial_partner_id", "=", self.commercial_partner_id.id),
                ("is_plan_fee", "=", True),
                ("parent_state", "=", "draft"),
                ("company_id", "=", self.company_id.id),
                ("ngo_benefit_id", "=", False),
            ]
        )
        return fees.filtered(lambda line: _get_percent_anew(line, today) > Decimal(str(line.discount))).move_id

    def _tell_of_drafts(self, today):
        """Name the drafts that were made without the discount: nobody changes them by himself."""
        drafts = self._get_full_price_drafts(today)
        if not drafts:
            return
        drafts = drafts.sorted("invoice_date")
        names = ", ".join(f"{move.partner_id.name} {format_date(self.env, move.invoice_date)}" for move in drafts)
        text = self.env._(
            "Drafts that were made before have the full price: %(drafts)s. Delete them, and the next run makes them "
            "with the discount; or post them as they are.",
            drafts=names,
        )
        self.message_post(body=text)
        drafts._message_log_batch(dict.fromkeys(drafts.ids, text))

    def _check_proof_is_fresh(self, today):
        """Refuse where the yearly check is due, and where a register denied the organisation last."""
        denial = self._get_denial()
        if denial:
            raise UserError(
                self.env._(
                    "%(member)s: the register that was looked at last, on %(day)s, did not confirm the organisation. "
                    "Verify it again first, by a look of that day or later.",
                    member=self.display_name,
                    day=format_date(self.env, denial.checked_on),
                )
            )
        if self.next_check_on and self.next_check_on <= today:
            raise UserError(
                self.env._(
                    "%(member)s: the yearly check was due on %(day)s. Verify the organisation again first.",
                    member=self.display_name,
                    day=format_date(self.env, self.next_check_on),
                )
            )

    # Warn, suspend, end

    def action_open_warning(self):
        """Button: tell the organisation that the discount ends, and when."""
        self.ensure_one()
        self._check_coordinator()
        self._require("warn")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Warn: the Discount Ends"),
            "res_model": "ngo.warning.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_membership_id": self.id},
        }

    def _warn(self, reason, today, end_as="suspend", wanted=None, is_check_late=False):
        """Announce the end of the discount: a day, a reason, a mail. Warning again is a later or earlier day.

        :param end_as: "suspend" or "end"
        :param wanted: the last day; by default the earliest that the programme allows
        :param is_check_late: the next verification withdraws it
        """
        self._check_coordinator()
        self._lock()
        self._require("warn")
        for membership in self:
            day = membership._get_last_day(today, wanted)
            membership._write_own(
                {
                    "warned_on": today,
                    "ends_on": day,
                    "end_as": end_as,
                    "end_reason": reason,
                    "is_check_late": is_check_late,
                }
            )
            membership._warn_benefits(day)
            membership._send("ngo_incubator.mail_template_ngo_warning")
        return True

    def _get_last_day(self, today, wanted):
        try:
            return rules.last_day(today, self.programme_id.warning_days, wanted)
        except rules.TooSoon as refusal:
            raise UserError(
                self.env._(
                    "%(member)s must be warned %(days)s days before: the discount may end on %(earliest)s, not on "
                    "%(day)s.",
                    member=self.display_name,
                    days=self.programme_id.warning_days,
                    earliest=format_date(self.env, refusal.earliest),
                    day=format_date(self.env, refusal.day),
                )
            ) from refusal

    def action_withdraw_warning(self):
        """Button: the discount goes on as if nothing had been."""
        self._check_coordinator()
        self._finish_warnings(self._get_today())
        self._lock()
        self._require("withdraw_warning")
        for membership in self.filtered("ends_on"):
            membership._resume_benefits()
            membership._write_own(_NO_WARNING)
            membership._send("ngo_incubator.mail_template_ngo_goes_on")
        return True

    def action_end(self):
        """Button: end a suspended membership, which has had its warning."""
        self._check_coordinator()
        self._lock()
        suspended = self.filtered(lambda m: m.state != "active")
        if self - suspended:
            raise UserError(
                self.env._(
                    "%(member)s is active: warn it first, with the day on which the discount ends.",
                    member=(self - suspended)[0].display_name,
                )
            )
        suspended._require("end")
        suspended._step("end", ended_on=self._get_today())
        return True

    def _finish_warnings(self, today):
        """Suspend or end the members whose day has passed; running it again does nothing."""
        due = self.filtered(lambda m: m.state == "active" and rules.is_over(m.ends_on or None, today))
        if not due:
            return due
        due._lock()
        for membership in due.filtered(lambda m: m.state == "active"):
            day = {"suspend": "suspended_on", "end": "ended_on"}[membership.end_as]
            membership._step(membership.end_as, **{day: membership.ends_on})
        return due


def _get_percent_anew(line, today):
    """Return the discount that a fee on a draft would have if it were invoiced today."""
    fee = line.contract_line_id
    return fee._get_ngo_percent(fee._get_ngo_fee_benefit(today, line.service_period_start))
