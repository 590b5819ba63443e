from . import ngo_application
from . import ngo_offer
from . import ngo_panel
