from . import support_work_type
from . import support_entitlement
from . import support_terms_mixin
from . import support_plan
from . import helpdesk_ticket_channel
from . import contract_contract
