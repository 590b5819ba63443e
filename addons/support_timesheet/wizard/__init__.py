from . import support_package_purchase
from . import support_time_correction
from . import account_move_reversal
