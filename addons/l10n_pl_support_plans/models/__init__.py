from . import account_tax
from . import account_move_line
from . import account_move
from . import account_move_buyer
from . import account_move_check
from . import account_move_fa3
from . import account_move_termination
from . import support_termination
