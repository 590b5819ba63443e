from . import ngo_balance
from . import report_ngo_letter
