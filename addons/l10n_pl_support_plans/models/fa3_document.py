"""An FA(3) document that can be changed: elements come to the place that the schema wants."""

from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

NAMESPACE = "http://crd.gov.pl/wzor/2025/06/25/13775/"

#: Children of Fa and of FaWiersz in the order of the schema, as far as Odoo or we write them.
_TAXES = [name for number in "12345" for name in (f"P_13_{number}", f"P_14_{number}", f"P_14_{number}W")]
_OTHER_BASES = ["P_13_6_1", "P_13_6_2", "P_13_6_3", "P_13_7", "P_13_8", "P_13_9", "P_13_10", "P_13_11"]
_CORRECTION = ["PrzyczynaKorekty", "TypKorekty", "DaneFaKorygowanej"]
_HEADER = ["KodWaluty", "P_1", "P_1M", "P_2", "WZ", "P_6", "OkresFa", *_TAXES, *_OTHER_BASES, "P_15", "KursWalutyZ"]
_BODY = ["Adnotacje", "RodzajFaktury", *_CORRECTION, "FakturaZaliczkowa", "FaWiersz"]
_END = ["Rozliczenie", "Platnosc", "WarunkiTransakcji"]
INVOICE = (*_HEADER, *_BODY, *_END)
ROW = ("NrWierszaFa", "UU_ID", "P_6A", "P_7", "P_8A", "P_8B", "P_9A", "P_10", "P_11", "P_12", "KursWaluty")
BUYER = ("NIP", "KodUE", "NrVatUE", "KodKraju", "NrID", "BrakID", "Nazwa")

#: Prefixes of the VAT numbers of the Union (TKodyKrajowUE); XI is Northern Ireland.
EU_CODES = set("AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split())

#: Box of the VAT return that a line fills -> rate in P_12; the first that fits counts.
RATES = {
    "K_21": "0 WDT",
    "K_22": "0 EX",
    "K_31": "oo",
    "K_12": "np II",
    "K_11": "np I",
    "OSS_Base": "np I",
    "K_10": "zw",
    "K_13": "0 KR",
    "K_19": "23",
    "K_17": "8",
    "K_15": "5",
}


def number(value, digits, at_least=0):
    """Write a number with at most `digits` decimals and no idle zeros beyond `at_least`."""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0
    whole, _point, decimals = f"{exact:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(at_least, "0")
    return f"{whole}.{decimals}" if decimals else whole


def amount(value):
    """Write an amount of money."""
    return number(value, 2, 2)


def unit_price(quantity, price, subtotal):
    """Return the price that, times the quantity, gives the amount of the line: the agreed one when it does.

    With VAT in the price it is the amount divided by the quantity, to eight decimals.
    """
    quantity, price, subtotal = (Decimal(str(value)) for value in (quantity, price, subtotal))
    if not quantity or (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP) == subtotal:
        return price
    return subtotal / quantity


class Fa3Document:
    """The file that Odoo rendered."""

    def __init__(self, text):
        self.root = etree.fromstring(text)
        self.invoice = self.root.find(f"{{{NAMESPACE}}}Fa")

    def find(self, path, parent=None):
        """Return the first element of a path such as "Adnotacje/P_18", or None."""
        steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
        return (self.invoice if parent is None else parent).find(steps)

    def rows(self):
        """Return the lines of the invoice."""
        return self.invoice.findall(f"{{{NAMESPACE}}}FaWiersz")

    def put(self, name, content, parent=None, order=INVOICE):
        """Set an element, at its place in the order of the schema; False removes it.

        :param content: text, or [(name, content)] of its children
        """
        parent = self.invoice if parent is None else parent
        for old in parent.findall(f"{{{NAMESPACE}}}{name}"):
            parent.remove(old)
        if content is False:
            return
        later = order[order.index(name) + 1 :]
        following = (child for child in parent if etree.QName(child).localname in later)
        before = next(following, None)
        new = self._element(name, content)
        if before is None:
            parent.append(new)
        else:
            before.addprevious(new)

    def replace(self, path, content):
        """Set the content of an element that is there."""
        old = self.find(path)
        old.getparent().replace(old, self._element(path.split("/")[-1], content))

    def remove(self, path):
        """Remove all elements of a path."""
        steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
        for element in self.root.iterfind(f".//{steps}"):
            element.getparent().remove(element)

    def _element(self, name, content):
        element = self.invoice.makeelement(f"{{{NAMESPACE}}}{name}")
        if isinstance(content, str):
            element.text = content
        else:
            element.extend([self._element(*child) for child in content])
        return element

    def to_text(self):
        """Return the file as text, as Odoo does."""
        etree.indent(self.root)
        return etree.tostring(self.root, encoding="unicode")
