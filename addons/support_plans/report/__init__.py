from . import account_move_correction
from . import report_support_plan_comparison
from . import report_settlement_statement
from . import report_settlement_simulation
from . import report_handover
from . import report_debit_note
from . import support_refund_exposure
