from . import ngo_letter_wizard
from . import ngo_verification_wizard
from . import ngo_warning_wizard
