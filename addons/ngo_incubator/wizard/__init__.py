from . import base_partner_merge
from . import ngo_letter_wizard
from . import ngo_refusal_wizard
from . import ngo_vat_decision_wizard
from . import ngo_verification_wizard
from . import ngo_warning_wizard
