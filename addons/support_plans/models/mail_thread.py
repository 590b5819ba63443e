from odoo import models

#: In the context while an automatic mail (out of office, say) is delivered to its document.
AUTOMATIC_MAIL = "support_automatic_mail"


class MailThread(models.AbstractModel):
    """The gateway says whether a mail was written by a machine: such a mail is no response."""

    _inherit = "mail.thread"

    def _message_route_process(self, message, message_dict, routes):
        # EXTENDS mail: RFC 3834, "Auto-Submitted" of anything but "no"
        if (message.get("Auto-Submitted") or "no").split(";")[0].strip().lower() != "no":
            self = self.with_context(**{AUTOMATIC_MAIL: True})
        return super()._message_route_process(message, message_dict, routes)
