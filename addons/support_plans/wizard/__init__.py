from . import support_deadline_tester
from . import support_plan_comparison
