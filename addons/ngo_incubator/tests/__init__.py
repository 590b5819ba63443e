from . import test_billing
from . import test_public_application
from . import test_public_offer
