from . import support_package_purchase
from . import support_time_correction
from . import account_move_reversal
from . import support_work_report
from . import support_work_report_values
