from stdnum.exceptions import ValidationError as NumberError
from stdnum.pl import nip as nip_lib
from stdnum.pl import regon as regon_lib

from odoo import api, models
from odoo.exceptions import UserError

from ..rules import registers

_LIBRARIES = {"nip": nip_lib, "regon": regon_lib}
_NUMBERS = ("krs", "nip", "regon")


class NgoMembership(models.Model):
    """The numbers of an organisation: read in any notation, refused when nobody can have them (F12)."""

    _inherit = "ngo.membership"

    @api.model
    def _normalise_numbers(self, vals):
        """Bring the numbers in some values into their one notation, in place; refuse wrong ones with a sentence."""
        if "register_number" in vals:
            vals["register_number"] = (vals["register_number"] or "").strip() or False
        for name in _NUMBERS:
            if vals.get(name):
                vals[name] = self._normalise_number(name, vals[name])

    @api.model
    def _normalise_number(self, name, text):
        """Return a number as its register writes it.

        :param name: "krs", "nip" or "regon"
        """
        names = {"kind": name.upper(), "value": text}
        text = str(text).strip().upper().removeprefix("PL") if name == "nip" else str(text)
        try:
            if name == "krs":
                return registers.krs(text)
            digits = registers.check_digits(text)
            return _LIBRARIES[name].validate(digits)
        except registers.NotDigits as error:
            raise UserError(self.env._("%(kind)s “%(value)s” is no number: write its digits only.", **names)) from error
        except registers.WrongLength as error:
            raise UserError(
                self.env._(
                    "KRS “%(value)s” does not have %(digits)s digits. Write the leading zeros, too.",
                    value=text,
                    digits=error.digits,
                )
            ) from error
        except registers.Degenerate as error:
            raise UserError(
                self.env._("%(kind)s “%(value)s”: nobody has a number of equal digits. Look it up again.", **names)
            ) from error
        except NumberError as error:
            raise UserError(
                self.env._("%(kind)s “%(value)s” is wrong: length or check digit does not fit.", **names)
            ) from error
