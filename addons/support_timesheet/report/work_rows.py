"""The works of a work report as plain facts, and their totals. No records: a client may have 100,000 of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from odoo.tools import SQL

#: Rows fetched from the database at a time.
FETCH = 2000


class WorkRow(NamedTuple):
    """One work as the client may read it. Times in minutes, `amount` net; there is no internal note here.

    ``started``: local time or None; ``kind`` and ``coverage`` as shown; ``left``: in the packages after
    it, None where packages are not asked; ``rate``, ``amount``: of what goes beyond the package, the amount
    after the ``discount`` in percent.
    """

    day: date
    started: datetime | None
    number: str | None
    title: str | None
    kind: str
    description: str
    person: str | None
    worked: int
    charged: int
    coverage: str
    from_package: int
    beyond: int
    goodwill: int
    reason: str | None
    left: int | None
    rate: float
    amount: float
    billed: bool
    discount: float


@dataclass(slots=True)
class Total:
    """Sums of works; minutes, ``amount`` net."""

    count: int = 0
    worked: int = 0
    charged: int = 0
    from_package: int = 0
    beyond: int = 0
    goodwill: int = 0
    amount: float = 0.0

    def add(self, row: WorkRow) -> None:
        self.count += 1
        self.worked += row.worked
        self.charged += row.charged
        self.from_package += row.from_package
        self.beyond += row.beyond
        self.goodwill += row.goodwill
        self.amount += row.amount


@dataclass(slots=True)
class Totals:
    """Sums over all, by ticket ((number, title)) and by kind of work, in the order of their first work.

    ``discounts``: in percent, of what goes beyond the package.
    """

    overall: Total = field(default_factory=Total)
    tickets: dict[tuple, Total] = field(default_factory=dict)
    kinds: dict[str, Total] = field(default_factory=dict)
    discounts: set[float] = field(default_factory=set)

    def add(self, row: WorkRow) -> None:
        self.overall.add(row)
        if row.discount and row.amount:
            self.discounts.add(row.discount)
        ticket = (row.number, row.title)
        if ticket not in self.tickets:
            self.tickets[ticket] = Total()
        self.tickets[ticket].add(row)
        if row.kind not in self.kinds:
            self.kinds[row.kind] = Total()
        self.kinds[row.kind].add(row)


def select_works(condition: SQL, lang: str, zone: str, discounts: dict[date, float]) -> SQL:
    """Return the one query of a work report, in the order in which hours are burned; amounts before the discount.

    :param condition: whose works, and when, on the table `line`
    :param discounts: in percent, of hours that are not billed yet, by the first day of their month
    """
    return SQL(
        """SELECT line.date,
                  line.time_start AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s,
                  ticket.number,
                  COALESCE(ticket.name, task.name),
                  COALESCE(kind.name ->> %(lang)s, kind.name ->> 'en_US'),
                  line.name,
                  COALESCE(employee.name, person.name),
                  line.worked_minutes,
                  line.charged_minutes,
                  line.coverage,
                  line.package_minutes,
                  line.overage_minutes,
                  COALESCE(line.goodwill_minutes, 0),
                  line.goodwill_reason,
                  CASE WHEN line.coverage_basis = 'package' THEN line.package_left_minutes END,
                  CASE WHEN line.overage_minutes <> 0 THEN line.hourly_rate::float ELSE 0 END,
                  COALESCE(line.work_amount, 0)::float,
                  COALESCE(line.is_billed, FALSE),
                  COALESCE(billed.discount, due.percent, 0)::float
             FROM account_analytic_line line
             JOIN support_work_type kind ON kind.id = line.work_type_id
        LEFT JOIN helpdesk_ticket ticket ON ticket.id = line.ticket_id
        LEFT JOIN project_task task ON task.id = line.task_id
        LEFT JOIN hr_employee employee ON employee.id = line.employee_id
        LEFT JOIN res_users users ON users.id = line.user_id
        LEFT JOIN res_partner person ON person.id = users.partner_id
        LEFT JOIN support_package_entry beyond ON beyond.line_id = line.id AND beyond.package_id IS NULL
        LEFT JOIN account_move_line billed ON billed.id = beyond.invoice_line_id
        LEFT JOIN unnest(%(months)s::date[], %(percents)s::float[]) AS due(month_start, percent)
               ON due.month_start = beyond.month_start AND beyond.invoice_line_id IS NULL
            WHERE %(condition)s
         ORDER BY line.date, line.id""",
        condition=condition,
        lang=lang,
        zone=zone,
        months=list(discounts),
        percents=list(discounts.values()),
    )


def fetch_rows(env, query: SQL) -> Iterator[tuple]:
    """Run one query and yield its rows, some thousands at a time.

    By a cursor of the server: its result never stands in our memory as a whole.
    """
    with env.cr.connection.cursor(name="support_work_report") as cursor:
        cursor.itersize = FETCH
        cursor.execute(query.code, query.params)
        yield from cursor
