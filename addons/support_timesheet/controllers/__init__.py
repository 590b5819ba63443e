from . import hours_panel
from . import hours_order
from . import hours_report
from . import ticket_work
