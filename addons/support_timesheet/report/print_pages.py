"""Pages of a printed work report, for the wkhtmltopdf without patches: it neither repeats the header of a table nor
keeps a row together, so the table is divided before it is printed. Heights are estimated, in pixels at 90 dpi."""

from .work_rows import WorkRow

#: Height of what a page holds, without the header of the table; what stands above the table on the first page.
PAGE, FIRST_PAGE = 665, 490
#: One line of text, one of small text, and what a row has besides.
LINE, SMALL_LINE, ROW = 9.6, 8.8, 7.6
#: Widths of the columns in em of their font.
WORK, TICKET, PERSON, COVERAGE = 34.0, 21.5, 11.0, 13.5
SMALL_COVERAGE = COVERAGE * 1.1
_NARROW = frozenset(" !'(),-./:;I[]fijl|rtł")
_WIDE = frozenset("@%mwMWŁŻ—…")


def split_pages(
    rows: list[WorkRow], coverage: dict, first: float = FIRST_PAGE, page: float = PAGE
) -> tuple[list[list], float]:
    """Return the rows in pages, in order, and the height that is left on the last one.

    A row that is higher than a page has one of its own.

    :param coverage: {coverage: as shown}
    :param first, page: heights of the first page and of the others

    >>> split_pages([], {}, first=50)
    ([[]], 50)
    """
    pages, left = [[]], first
    for row in rows:
        height = row_height(row, coverage)
        if height > left and pages[-1]:
            pages.append([])
            left = page
        pages[-1].append(row)
        left -= height
    return pages, left


def fits(totals: list[int], left: float) -> bool:
    """Whether tables of so many rows each, with header and total, stand together on what is left of a page."""
    return sum((rows + 2) * (LINE + ROW) + 2 * LINE for rows in totals) <= left


def row_height(row: WorkRow, coverage: dict) -> float:
    """Return how high the row of a work is printed: its highest cell."""
    day = LINE + (SMALL_LINE if row.started else 0)
    ticket = LINE * bool(row.number) + SMALL_LINE * count_lines(row.title, TICKET)
    work = LINE * (1 + count_lines(row.description, WORK))
    person = LINE * count_lines(row.person, PERSON)
    paid = LINE * count_lines(coverage.get(row.coverage), COVERAGE)
    if row.goodwill:
        paid += SMALL_LINE * count_lines(f"Goodwill 00:00: {row.reason}", SMALL_COVERAGE)
    return ROW + max(day, ticket, work, person, paid)


def count_lines(text: str | None, width: float) -> int:
    """Return how many lines a text takes in a column so many em wide.

    >>> count_lines("", 10), count_lines("ab ab ab ab", 4), count_lines("x" * 30, 10)
    (0, 3, 2)
    """
    if not text:
        return 0
    return sum(_count_wrapped(line, width) for line in text.split("\n"))


def _count_wrapped(line, width):
    lines, used = 1, 0.0
    for word in line.split(" "):
        wide = _measure(word)
        if used and used + wide > width:
            lines, used = lines + 1, 0.0
        broken = int(wide // width)
        lines += broken
        used += wide - broken * width + 0.32
    return lines


def _measure(word):
    return sum(0.36 if c in _NARROW else 0.95 if c in _WIDE else 0.7 if c.isupper() else 0.62 for c in word)
