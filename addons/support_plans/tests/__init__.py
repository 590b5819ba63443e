from . import test_ticket_contact
from . import test_ticket_guarantee
from . import test_ticket_performance
from . import test_ticket_queue
from . import test_ticket_reminder
from . import test_ticket_response
