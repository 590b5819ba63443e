from . import test_coverage_card
from . import test_ledger
from . import test_ledger_property
from . import test_overage
from . import test_purchase
from . import test_quota
from . import test_timer
from . import test_tour_log_time
