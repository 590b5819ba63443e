from . import report_support_plan_comparison
