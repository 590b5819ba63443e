from . import ngo_application
from . import ngo_offer
