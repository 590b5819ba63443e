from . import account_move_reversal
from . import support_deadline_tester
from . import support_plan_comparison
from . import support_settlement_simulation
from . import support_plan_change_wizard
