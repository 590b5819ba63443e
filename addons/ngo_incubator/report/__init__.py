from . import ngo_balance
from . import ngo_balance_promotion
from . import report_ngo_letter
