from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..rules import terminations

_TODO = "mail.mail_activity_data_todo"


class SupportTermination(models.Model):
    """A resignation as the client reads it in the panel, and what the client may still do with it (F6, F10)."""

    _inherit = "support.termination"

    # What the page says; read as superuser

    def _get_panel_values(self):
        """Return the texts of the page of a resignation."""
        self.ensure_one()
        agreement = self.contract_id
        return {
            "state": dict(self._fields["state"]._description_selection(self.env))[self.state],
            "sentence": self._describe_state(),
            "facts": self._get_panel_facts(),
            "settlement": self._get_panel_settlement() if self.state != terminations.WITHDRAWN else None,
            "refund": self._get_panel_refund(),
            "corrections": self._get_panel_corrections(),
            "handover": self._get_panel_handover(),
            "may_withdraw": self._may_withdraw(self.env.user.partner_id),
            "is_settled": self.state in (terminations.CORRECTED, terminations.REFUNDED, terminations.CLOSED),
            "may_decide": agreement._may_decide(self.env.user.partner_id),
        }

    def _describe_state(self):
        """Return where the resignation stands, in a sentence."""
        texts = {
            terminations.SUBMITTED: self.env._(
                "We have received your resignation. Next we accept it and write to you."
            ),
            terminations.ACCEPTED: self.env._("We have accepted your resignation and prepare the settlement."),
            terminations.CORRECTED: self._describe_corrected(),
            terminations.REFUNDED: self.env._("Settled. Some points of the handover are still to be done."),
            terminations.CLOSED: self.env._("Everything is done."),
            terminations.WITHDRAWN: self.env._("The resignation was withdrawn. It has no effect."),
        }
        return texts.get(self.state, "")

    def _describe_corrected(self):
        """Return when the refund is paid, or that its day is over."""
        day = self.contract_id._format_day(self.refund_due_on) if self.refund_due_on else ""
        if self.overdue_days:
            return self.env._("Settled. The refund was due on %(day)s and is not paid yet.", day=day)
        return self.env._("Settled. We pay the refund until %(day)s.", day=day)

    def _get_panel_facts(self):
        """Return [(label, text)]: who resigned when, and the days that follow from it."""
        day = self.contract_id._format_day
        person = self.requested_by_id.name
        rows = [
            (self.env._("Agreement"), self.contract_id.name),
            (self.env._("Received"), ", ".join(filter(None, [day(self.requested_on), person]))),
            (self.env._("Last day of the agreement"), day(self.effective_on)),
        ]
        if self.accepted_on:
            rows.append((self.env._("Accepted on"), day(self.accepted_on)))
        if self.withdrawn_on:
            rows.append((self.env._("Withdrawn on"), day(self.withdrawn_on)))
        if self.reason:
            rows.append((self.env._("Reason"), self.reason))
        return rows

    # The settlement

    def _get_panel_settlement(self, is_simulation=False):
        """Return the settlement as a client reads it, and its full statement.

        :return: {"rows": [(what, amount, is a total)], "sentence", "days", "statement"}
        """
        if not self.line_ids:
            return {"rows": [], "sentence": self._describe_nothing_to_settle(), "days": 0, "statement": ""}
        values = self._get_statement_values(is_simulation)
        return {
            "rows": self._get_panel_settlement_rows(),
            "statement": self.env["ir.qweb"]._render("support_plans.settlement_statement", values),
            "sentence": self._describe_refund(),
            "days": self._get_refund_days() if self.refund_gross else 0,
        }

    def _describe_nothing_to_settle(self):
        end = self.contract_id._format_day(self.effective_on)
        return self.env._(
            "What was invoiced is for months that begin until %(end)s: there is nothing to settle.", end=end
        )

    def _get_panel_settlement_rows(self):
        amount = self._format_panel_amount
        rows = [(self.env._("Paid, net"), amount(self.paid_net), False)]
        rows += [self._get_panel_usage(line) for line in self.line_ids.filtered("used_net")]
        rows.append((self.env._("Remainder"), amount(self.remainder), False))
        if self.fee:
            rows.append((self._describe_panel_fee(), amount(-self.fee), False))
        if self._is_paid_in_full():  # else gross less net is no VAT: what is still owed is in it
            rows.append((self.env._("Refund, net"), amount(self.refund_net), False))
            rows.append((self.env._("VAT"), amount(self.refund_tax), False))
        rows.append((self.env._("Refund, gross"), amount(self.refund_gross), True))
        return rows

    def _get_panel_usage(self, line):
        figures = {"months": line.months_worked, "price": self._format_panel_amount(line.list_price)}
        if line._is_difference():
            text = self.env._("Months used at the difference of the list prices: %(months)s × %(price)s", **figures)
        else:
            text = self.env._("Months used at the monthly list price: %(months)s × %(price)s", **figures)
        return text, self._format_panel_amount(-line.used_net), False

    def _describe_panel_fee(self):
        percent = f"{self.fee_percent:g}"
        if self.set_off:
            return self.env._("Handling fee, %(percent)s %% of the remainder (outside VAT)", percent=percent)
        return self.env._("Handling fee, %(percent)s %% of the remainder", percent=percent)

    def _describe_refund(self):
        """Return what the client does not see from the figures."""
        owed = self._get_owed_gross()
        if owed:
            return self.env._(
                "Of the invoices, corrected where they are to be, %(owed)s (gross) is still to be paid.",
                owed=self._format_panel_amount(owed),
            )
        if not self.refund_gross:
            return self.env._(
                "The months used, at the monthly list price, come to what was paid or more: nothing goes back, and "
                "nothing is charged on top."
            )
        return ""

    def _format_panel_amount(self, amount):
        return format_amount(self.env, amount or 0, self.currency_id)

    # The refund, its documents, the handover

    def _get_panel_refund(self):
        """Return [(label, text)] of the refund; empty when nothing goes back."""
        if not self.refund_gross or self.state == terminations.WITHDRAWN:
            return []
        day = self.contract_id._format_day
        rows = [(self.env._("Amount"), self._format_panel_amount(self.refund_gross))]
        if self.refunded_on and self.state in (terminations.REFUNDED, terminations.CLOSED):
            rows.append((self.env._("Paid back"), day(self.refunded_on)))
        elif self.refund_due_on:
            rows.append((self.env._("Until"), day(self.refund_due_on)))
        else:
            within = self.env._("within %(days)s days of our acceptance", days=self._get_refund_days())
            rows.append((self.env._("Until"), within))
        rows.append((self.env._("To the account"), self._describe_panel_account()))
        return rows

    def _describe_panel_account(self):
        """Return the account; in full only for those who decide for the client."""
        number = self.refund_bank_id.acc_number
        if not number:
            return self.env._("not known yet: send us its number in a ticket, please")
        if self.contract_id._may_decide(self.env.user.partner_id):
            return number
        return f"… {''.join(number.split())[-4:]}"

    def _get_panel_corrections(self):
        """Return [{name, day, amount, url}] of the issued corrections; a link only where the user may open it."""
        moves = self.refund_move_ids.filtered(lambda move: move.state == "posted").sorted("id")
        readable = moves.with_user(self.env.user).sudo(False)._filtered_access("read")
        return [
            {
                "name": move.name,
                "day": self.contract_id._format_day(move.invoice_date),
                "amount": format_amount(self.env, move.amount_total, move.currency_id),
                "url": f"/my/invoices/{move.id}" if move.id in readable.ids else "",
            }
            for move in moves
        ]

    def _get_panel_handover(self):
        """Return [(what, when, is done)]; never who of the firm does it, nor the notes of the office."""
        day = self.contract_id._format_day
        rows = []
        for item in self.handover_ids:
            text = ""
            if item.done_on:
                text = day(item.done_on)
            elif item.planned_on:
                text = self.env._("planned: %(day)s", day=day(item.planned_on))
            rows.append((item.name, text, bool(item.done_on)))
        return rows

    # Take it back

    def _may_withdraw(self, person):
        """The client takes the own resignation back until the firm has accepted it, and while the agreement runs."""
        self.ensure_one()
        termination = self.sudo()
        agreement = termination.contract_id
        return (
            termination.state == terminations.SUBMITTED
            and termination.initiator == "client"
            and not agreement._is_over(agreement._get_firm_day())
            and agreement._may_decide(person)
        )

    def _withdraw_in_panel(self, person):
        """Withdraw in the name of a person of the client; a second click finds it withdrawn and does nothing."""
        termination = self.sudo()
        termination._lock()
        if termination.state == terminations.WITHDRAWN and termination.contract_id._may_decide(person):
            return
        if not termination._may_withdraw(person):
            raise UserError(termination._get_withdraw_refusal(person))
        termination.action_withdraw()
        termination.activity_unlink([_TODO])
        termination._tell_withdrawn(person)

    def _get_withdraw_refusal(self, person):
        agreement = self.contract_id
        if not agreement._may_decide(person):
            return self.env._("Only who may end the agreement can take the resignation back.")
        return self.env._(
            "We have accepted this resignation, or the agreement is over: it cannot be withdrawn here any more. "
            "Write to us if you want to stay."
        )

    # Messages

    def _tell_responsible(self, person):
        """Give the person responsible for the agreement something to do, else a manager of support."""
        user = self._get_user_to_tell()
        if not user:
            return
        reader = self.with_context(lang=user.lang)
        self.activity_schedule(
            _TODO,
            user_id=user.id,
            summary=reader.env._("%(person)s resigned in the panel", person=person.name),
            note=reader.env._("Last day: %(day)s", day=reader.contract_id._format_day(self.effective_on)),
        )

    def _tell_withdrawn(self, person):
        user = self._get_user_to_tell()
        reader = self.with_context(lang=user.lang or self.env.lang)
        self.message_post(
            body=reader.env._("%(person)s withdrew the resignation in the panel.", person=person.name),
            author_id=person.id,
            partner_ids=user.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _get_user_to_tell(self):
        managers = self.env.ref("support_plans.group_support_manager").all_user_ids.sorted("id")
        users = self.contract_id.user_id | managers
        return users.filtered(
            lambda user: user.active and not user.share and self.with_user(user).sudo(False).has_access("read")
        )[:1]

    def _accept(self, day):
        # EXTENDS support_plans: what the resignation in the panel asked for is done
        result = super()._accept(day)
        self.sudo().activity_unlink([_TODO])
        return result

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        # EXTENDS mail: users of the panel find the resignation there
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        for name, _is_member, data in groups:
            if name == "portal":
                data.update(active=True, has_button_access=True)
        return groups

    def _get_access_action(self, access_uid=None, force_website=False):
        # EXTENDS mail: a user of the panel opens the page there
        self.ensure_one()
        user = self.env["res.users"].sudo().browse(access_uid) if access_uid else self.env.user
        if user.share or force_website:
            return {"type": "ir.actions.act_url", "url": f"/my/resignations/{self.id}", "target": "self"}
        return super()._get_access_action(access_uid=access_uid, force_website=force_website)
