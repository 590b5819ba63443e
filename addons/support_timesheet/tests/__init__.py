from . import test_ledger
from . import test_ledger_property
from . import test_overage
from . import test_purchase
from . import test_quota
