from . import report_work_report
from . import report_work_report_xlsx
