from . import agreement_panel
from . import termination_panel
from . import ticket_approval
from . import ticket_close
from . import ticket_form
