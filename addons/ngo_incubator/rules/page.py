"""Whether a page shows what was agreed: a text, a logo (F12).

    "keeps the answer and whether the agreed text or logo is there" (issue 5).

Pages come from outside: they may be broken, huge or made to hurt. At most ``MAX_CHARS``
are read, in one pass, and what cannot be read counts as not there.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser

MAX_CHARS = 1_000_000

#: Elements whose text nobody sees.
_HIDDEN = frozenset({"script", "style", "template", "noscript", "title"})
#: Elements that do not part words.
_INLINE = frozenset("a abbr b bdi bdo cite code em font i mark q s small span strong sub sup u wbr".split())
_PICTURES = frozenset({"img", "source", "image", "input", "video", "object", "embed"})
_ADDRESSES = frozenset({"src", "data-src", "data-lazy-src", "data-original", "href", "xlink:href", "poster", "data"})
_SETS = frozenset({"srcset", "data-srcset", "data-lazy-srcset"})
_META = frozenset({"og:image", "og:image:url", "og:image:secure_url", "twitter:image"})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_IN_STYLE = re.compile(r"url\(([^)]*)\)")
_DATA = "data:"
#: More of a style is not looked through: a crafted one would take hours.
_MAX_STYLE = 5_000


@dataclass(frozen=True, slots=True)
class Findings:
    """What a page shows. None: it was not asked for."""

    text: bool | None
    logo: bool | None

    @property
    def is_found(self) -> bool:
        """Whether everything is there that was asked for.

        >>> Findings(True, None).is_found, Findings(True, False).is_found, Findings(None, None).is_found
        (True, False, True)
        """
        return False not in (self.text, self.logo)


def find(html: str, text: str = "", logo: str = "") -> Findings:
    """Look for an agreed text and an agreed logo on a page.

    Text is what people see, whatever its case, spaces and markup. A logo is a picture, an icon,
    a background or the picture for social media whose address or description has these words.

    >>> page = "<style>p::after {content: 'Acme'}</style><p>We&nbsp;thank <b>Ac</b>me!<img src='/i/acme-logo.svg'>"
    >>> find(page, "we thank acme", "Acme-Logo")
    Findings(text=True, logo=True)
    >>> find(page, "content", "other.png")
    Findings(text=False, logo=False)
    """
    reader = _Reader()
    reader.take(html[:MAX_CHARS])
    wanted, picture = normalise(text), normalise(logo)
    return Findings(
        wanted in normalise("".join(reader.texts)) if wanted else None,
        any(picture in normalise(_decode(name)) for name in reader.pictures) if picture else None,
    )


def normalise(text: str) -> str:
    """A text as it is compared: one case, one space between words, nothing that cannot be seen.

    >>> normalise("  Dobry\\u00a0\\n START ")
    'dobry start'
    """
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text or "")).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def _decode(name: str) -> str:
    """An address with its encoded letters as letters."""
    return _ENCODED.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), name)


class _Reader(HTMLParser):
    """Collects what a page shows, in one pass."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.pictures: list[str] = []
        self._open: Counter[str] = Counter()

    def take(self, html: str) -> None:
        """Read a page; where it breaks off, what came before counts.

        Without ``close()``: it would go through a broken rest again and again. Sections such as
        ``<![if IE]>`` are comments to browsers, and errors to the parser.
        """
        self.feed(html.replace("<![", "<! [") + " ")

    def handle_starttag(self, tag, attrs):
        self._part_words(tag)
        if tag in _HIDDEN:
            self._open[tag] += 1
        if not self._open["template"]:
            self._collect(tag, {name: value for name, value in attrs if value})

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        self._part_words(tag)
        if self._open[tag] > 0:
            self._open[tag] -= 1

    def handle_data(self, data):
        if not any(self._open.values()):
            self.texts.append(data)

    def _part_words(self, tag):
        if tag not in _INLINE:
            self.texts.append(" ")

    def _collect(self, tag, attrs):
        names = [attrs["background"]] if "background" in attrs else []
        names += _IN_STYLE.findall(attrs.get("style", "")[:_MAX_STYLE])
        if tag in _PICTURES:
            names += _picture_names(attrs)
        elif tag == "link" and "icon" in attrs.get("rel", "").lower():
            names.append(attrs.get("href", ""))
        elif tag == "meta" and (attrs.get("property") or attrs.get("name", "")).lower() in _META:
            names.append(attrs.get("content", ""))
        self.pictures += [name for name in names if name and not name.lstrip("'\" ").lower().startswith(_DATA)]


def _picture_names(attrs):
    """The addresses of a picture and its description."""
    names = [value for name, value in attrs.items() if name in _ADDRESSES or name == "alt"]
    for value in (attrs[name] for name in _SETS if name in attrs):
        names += [part.split()[0] for part in value.split(",") if part.split()]
    return names
