from . import hours_panel
from . import hours_order
from . import ticket_work
