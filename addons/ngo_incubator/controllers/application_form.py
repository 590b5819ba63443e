import re
from urllib.parse import urlsplit

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.support_plans.controllers.numbers import to_id

#: Name of a field of the form -> the most characters that it takes.
LENGTHS = {
    "organisation": 200,
    "krs": 20,
    "nip": 20,
    "regon": 25,
    "register_number": 60,
    "website": 200,
    "person": 100,
    "email": 150,
    "phone": 40,
    "message": 4000,
}
REQUIRED = ("organisation", "person", "email")
_NUMBERS = ("krs", "nip", "regon")
_PHONE = re.compile(r"[0-9+()/. -]*")


class ApplicationForm:
    """What was typed into the form of an application: kept as it is, read into values, and what is wrong with it.

    `typed` and `errors` ({field: sentence}) are for the page, `vals` for `ngo.membership`.
    """

    def __init__(self, programme, raw=None):
        self.programme = programme.sudo()
        self.env = self.programme.env
        raw = raw or {}
        self.typed = {name: _clean(raw.get(name), name == "message") for name in LENGTHS}
        self.typed["legal_form"] = to_id(raw.get("legal_form"))
        self.typed["is_opp"] = bool(raw.get("is_opp"))
        self.typed["consent"] = bool(raw.get("consent"))
        self.errors = {}
        self.vals = {}

    def check(self):
        """Check everything that was typed; return whether the application can be sent."""
        self._check_lengths()
        self._check_required()
        form = self._read_legal_form()
        numbers = self._read_numbers(form)
        self.vals = {
            "applicant_name": self.typed["organisation"],
            "applicant_person": self.typed["person"],
            "applicant_email": self._read_email(),
            "applicant_phone": self._read_phone(),
            "applicant_website": self._read_website(),
            "applicant_message": self.typed["message"],
            "legal_form_id": form.id,
            "is_opp": self.typed["is_opp"],
            "register_number": self.typed["register_number"],
            **numbers,
            "consented_on": fields.Datetime.now(),
            "consent_text": "\n".join(self.programme._describe_processing()),
        }
        return not self.errors

    def _refuse(self, name, sentence):
        """Keep the first thing that is wrong with a field."""
        self.errors.setdefault(name, sentence)

    def _check_lengths(self):
        for name, limit in LENGTHS.items():
            if len(self.typed[name]) > limit:
                self.typed[name] = self.typed[name][:limit]
                self._refuse(name, self.env._("Write at most %(limit)s characters here.", limit=limit))

    def _check_required(self):
        sentences = {
            "organisation": self.env._("Write the full name of the organisation."),
            "person": self.env._("Write the name of the person whom we can ask."),
            "email": self.env._("Write the e-mail address to which we answer."),
        }
        for name in REQUIRED:
            if not self.typed[name]:
                self._refuse(name, sentences[name])
        if not self.typed["consent"]:
            self._refuse("consent", self.env._("Without your consent we may not keep the application."))

    def _read_legal_form(self):
        """Return the chosen legal form; one that cannot join is refused with the reason."""
        forms = self.env["ngo.legal.form"]
        form = forms.search([("id", "=", self.typed["legal_form"])])
        if not form:
            self._refuse("legal_form", self.env._("Choose the legal form from the list."))
        elif not form.is_eligible:
            self._refuse("legal_form", form.refusal_reason)
        elif form not in self.programme._get_admitted_forms():
            self._refuse(
                "legal_form", self.env._("This programme is not for the legal form “%(form)s”.", form=form.name)
            )
        return form

    def _read_numbers(self, form):
        """Return the numbers as the registers write them."""
        numbers = {name: self._read_number(name) for name in _NUMBERS}
        if form.needs_krs and not self.typed["krs"]:
            sentence = self.env._("%(form)s: write the KRS number, it exists by it only.", form=form.name)
            self._refuse("krs", sentence)
        if self.typed["is_opp"] and not self.typed["krs"]:
            self._refuse("krs", self.env._("The status OPP is entered in the KRS: write the KRS number."))
        if not any(self.typed[name] for name in (*_NUMBERS, "register_number")):
            sentence = self.env._("Write at least one number by which a register knows you.")
            self._refuse("register_number", sentence)
        return numbers

    def _read_number(self, name):
        """Return a number in its one notation; False for none or a wrong one."""
        if not self.typed[name] or name in self.errors:
            return False
        try:
            return self.env["ngo.membership"]._normalise_number(name, self.typed[name])
        except UserError as error:
            self._refuse(name, str(error))
            return False

    def _read_email(self):
        email = email_normalize(self.typed["email"])
        if self.typed["email"] and not email:
            sentence = self.env._("“%(email)s” is no e-mail address.", email=self.typed["email"])
            self._refuse("email", sentence)
        return email

    def _read_phone(self):
        if not _PHONE.fullmatch(self.typed["phone"]):
            self._refuse("phone", self.env._("Write the phone number with digits, such as +48 22 123 45 67."))
        return self.typed["phone"]

    def _read_website(self):
        """Return the address of the website with its scheme; only pages of the web."""
        address = self.typed["website"]
        if not address:
            return False
        if "://" not in address:
            address = f"https://{address}"
        if not _is_web_address(address):
            self._refuse("website", self.env._("Write the address of a page, such as www.example.org."))
        return address


def _clean(value, keeps_lines):
    """Return a text of the form, without what a database cannot keep and without lines where there are none."""
    text = value.replace("\x00", "") if isinstance(value, str) else ""
    return text.strip() if keeps_lines else " ".join(text.split())


def _is_web_address(address):
    """Whether a text is the address of a page of the web.

    >>> _is_web_address("https://example.org/a"), _is_web_address("javascript://example.org"), _is_web_address("https://a")
    (True, False, False)
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in host.strip(".") and not re.search(r"[\s\"<>]", address)
