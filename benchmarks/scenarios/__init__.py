"""One module per claim: ``NAME`` and ``run(databases, rounds)`` that returns a ``measure.Report``."""

from . import create_tickets, deadlines, invoice_month, log_time, move_stage, queue_page, settle_year, work_report

MODULES = (deadlines, create_tickets, move_stage, queue_page, invoice_month, settle_year, work_report, log_time)
SCENARIOS = {module.NAME: module for module in MODULES}
