"""Is an FA(3) document true? Schema and arithmetic, for the tests of every addon and end to end.

Needs lxml only; the schema is the one that Odoo ships. ::

    document = check(xml)                      # AssertionError names everything that is wrong
    document.value("Fa/P_15"), document.rows() # what it says
    state_after(invoice, correction, ...)      # totals after the corrections

There are no tests here.
"""

import importlib.util
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from lxml import etree

NAMESPACES = {"fa": "http://crd.gov.pl/wzor/2025/06/25/13775/"}
TYPES = Path(__file__).with_name("fa3_types.xsd")
#: P_13_n -> the rates of P_12 that it sums up, the element of their tax, and the tax in percent.
TOTALS = {
    "P_13_1": ({"23", "22"}, "P_14_1", 23),
    "P_13_2": ({"8", "7"}, "P_14_2", 8),
    "P_13_3": ({"5"}, "P_14_3", 5),
    "P_13_6_1": ({"0 KR"}, None, 0),
    "P_13_6_2": ({"0 WDT"}, None, 0),
    "P_13_6_3": ({"0 EX"}, None, 0),
    "P_13_7": ({"zw"}, None, 0),
    "P_13_8": ({"np I"}, None, 0),
    "P_13_9": ({"np II"}, None, 0),
    "P_13_10": ({"oo"}, None, 0),
}
GROSZ = Decimal("0.01")


def rounded(value):
    """Round half up to the grosz, as art. 106e ust. 11 wants it."""
    return value.quantize(GROSZ, ROUND_HALF_UP)


class _OwnTypes(etree.Resolver):
    """The imported types from the file beside this one."""

    def resolve(self, url, public_id, context):
        if url.endswith("StrukturyDanych_v10-0E.xsd"):
            return self.resolve_filename(str(TYPES), context)
        return None


@cache
def schema():
    """Return the schema that ships with Odoo, with our own file for the types that it imports."""
    addon = Path(importlib.util.find_spec("odoo.addons.l10n_pl_edi").origin).parent
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_OwnTypes())
    return etree.XMLSchema(etree.parse(str(addon / "data/fa3_schema.xsd"), parser))


class Fa3:
    """A document to ask."""

    def __init__(self, text):
        self.root = etree.fromstring(text.encode() if isinstance(text, str) else text)

    def nodes(self, path, parent=None):
        """Return the elements of a path such as "Fa/OkresFa/P_6_Od"."""
        steps = "/".join(f"fa:{step}" for step in path.split("/"))
        return (self.root if parent is None else parent).xpath(steps, namespaces=NAMESPACES)

    def value(self, path, parent=None):
        """Return the text of the only element of a path; None when there is none."""
        nodes = self.nodes(path, parent)
        assert len(nodes) < 2, f"{path} is there {len(nodes)} times"
        return nodes[0].text if nodes else None

    def amount(self, path, parent=None):
        """Return an amount; 0 when the element is not there."""
        return Decimal(self.value(path, parent) or 0)

    def rows(self):
        """Return each line as {element: text}."""
        return [{etree.QName(child).localname: child.text for child in row} for row in self.nodes("Fa/FaWiersz")]

    def totals(self):
        """Return {element of the net sum: (net, tax)}."""
        return {
            name: (self.amount(f"Fa/{name}"), self.amount(f"Fa/{tax}") if tax else Decimal(0))
            for name, (_rates, tax, _percent) in TOTALS.items()
            if self.nodes(f"Fa/{name}")
        }

    @property
    def gross(self):
        """The total of the document."""
        return self.amount("Fa/P_15")

    @property
    def is_correction(self):
        """Tell whether this is a correction."""
        return self.value("Fa/RodzajFaktury") == "KOR"

    # What may be wrong

    def problems(self):
        """Return all that is wrong with this document."""
        checks = (
            self._schema_problems,
            self._row_problems,
            self._total_problems,
            self._period_problems,
            self._exemption_problems,
            self._currency_problems,
            self._correction_problems,
        )
        return [problem for check_one in checks for problem in check_one()]

    def _schema_problems(self):
        validator = schema()
        if not validator.validate(self.root):
            yield from (f"schema, line {error.line}: {error.message}" for error in validator.error_log)

    def _row_problems(self):
        rows = self.rows()
        numbers = [row["NrWierszaFa"] for row in rows]
        if numbers != [str(index) for index in range(1, len(rows) + 1)]:
            yield f"lines are not counted 1, 2, 3: {numbers}"
        for row in rows:
            discount = Decimal(row.get("P_10", 0))
            made = rounded(Decimal(row["P_8B"]) * Decimal(row["P_9A"])) - discount
            if made != Decimal(row["P_11"]):
                product = f"{row['P_8B']} x {row['P_9A']} - {discount}"
                yield f"line {row['NrWierszaFa']}: {product} = {made}, not {row['P_11']}"
            if not row.get("P_7"):
                yield f"line {row['NrWierszaFa']} has no name"

    def _total_problems(self):
        sums, counts = defaultdict(Decimal), defaultdict(int)
        for row in self.rows():
            name = next(name for name, (rates, _tax, _percent) in TOTALS.items() if row["P_12"] in rates)
            sums[name] += Decimal(row["P_11"])
            counts[name] += 1
        totals = self.totals()
        for name in sums.keys() | totals.keys():
            net, tax = totals.get(name, (Decimal(0), Decimal(0)))
            if net != sums[name]:
                yield f"{name} is {net}, its lines add up to {sums[name]}"
            if abs(tax - net * TOTALS[name][2] / 100) > GROSZ * counts[name]:
                yield f"{name}: {tax} is not the tax of {net}"
        made = sum((net + tax for net, tax in totals.values()), Decimal(0))
        if made != self.gross:
            yield f"P_15 is {self.gross}, nets and taxes add up to {made}"

    def _period_problems(self):
        first, last = self.value("Fa/OkresFa/P_6_Od"), self.value("Fa/OkresFa/P_6_Do")
        if first and first > last:
            yield f"the period ends ({last}) before it begins ({first})"

    def _exemption_problems(self):
        is_exempt = any(row["P_12"] == "zw" for row in self.rows())
        said = self.value("Fa/Adnotacje/Zwolnienie/P_19") == "1"
        if is_exempt != said:
            yield f"exempt lines: {is_exempt}, exemption named: {said}"

    def _currency_problems(self):
        if self.nodes("Fa/KursWalutyZ"):
            yield "KursWalutyZ belongs to invoices of advance payments"
        if self.value("Fa/KodWaluty") == "PLN":
            return
        for name, (_net, tax) in self.totals().items():
            if tax and not self.nodes(f"Fa/{TOTALS[name][1]}W"):
                yield f"the tax of {name} is not given in zloty"

    def _correction_problems(self):
        if not self.is_correction:
            return
        given, outside = (self.nodes(f"Fa/DaneFaKorygowanej/{name}") for name in ("NrKSeFFaKorygowanej", "NrKSeFN"))
        if bool(given) == bool(outside):
            yield "a correction says either the KSeF number of its invoice, or that it was issued outside KSeF"
        if self.value("Fa/DaneFaKorygowanej/NrFaKorygowanej") in (None, "BRAK"):
            yield "the correction does not name its invoice"
        if not self.value("Fa/TypKorekty"):
            yield "the correction does not say in which period it counts"
        if self.gross < 0 and self.nodes("Fa/Platnosc/RachunekBankowy"):
            yield "a refund names the client's account as that of the seller"


def check(text):
    """Return the document; an AssertionError names everything that is wrong with it."""
    document = Fa3(text)
    problems = document.problems()
    assert not problems, "\n".join([*problems, etree.tostring(document.root, encoding="unicode")])
    return document


def state_after(invoice, *corrections):
    """Return ({element of the net sum: (net, tax)}, gross) after the corrections of an invoice.

    The tax must be that of the net, to the grosz, and nothing may be below zero.
    """
    state = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for document in (invoice, *corrections):
        for name, (net, tax) in document.totals().items():
            state[name] = (state[name][0] + net, state[name][1] + tax)
    gross = invoice.gross + sum(correction.gross for correction in corrections)
    for name, (net, tax) in state.items():
        assert net >= 0, f"{name} is below zero after the corrections: {net}"
        assert tax == rounded(net * TOTALS[name][2] / 100), f"after the corrections {tax} is not the tax of {net}"
    assert gross == sum(net + tax for net, tax in state.values()), "after the corrections the total is another"
    return dict(state), gross
