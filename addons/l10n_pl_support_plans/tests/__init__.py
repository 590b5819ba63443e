from . import test_fa3_corrections
from . import test_fa3_buyers
from . import test_fa3_hours
from . import test_fa3_invoices
from . import test_fa3_resignations
from . import test_ksef_checks
from . import test_tour_resignation
