"""Whether a page shows an agreed text or logo (F12)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ngo_incubator.rules.page import MAX_CHARS, Findings, find, normalise

#: Enough that a reader who goes over it again and again needs minutes.
LONG = 200_000
WORDS = st.text(alphabet="abcżółćABC123", min_size=1, max_size=8)
SPACES = st.sampled_from([" ", "\n", "\t ", "&nbsp;", "\u00a0", "  \n ", "<br>", "</p><p>", "<!-- x --> "])


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Partnerem jest Acme</p>", True),
        ("<p>PARTNEREM&nbsp;jest\n   <b>Ac</b>me!</p>", True),
        ("<p>partnerem<br>jest</p><div>acme</div>", True),
        ("<p>Partnerem jest &#65;cme</p>", True),
        ("<p>Part&shy;nerem jest Ac\u200bme</p>", True),
        ("Partnerem jest Acme", True),
        ("Partnerem jest Acme & ", True),
        ("<p>Partnerem jest Acme <a href='", True),
        ("<![if IE]>x<![endif]><p>Partnerem jest Acme", True),
        ("<p>Partnerem jest inny</p>", False),
        ("<script>var a = 'Partnerem jest Acme'</script>", False),
        ("<style>/* Partnerem jest Acme */</style>", False),
        ("<template>Partnerem jest Acme</template>", False),
        ("<title>Partnerem jest Acme</title>", False),
        ("<!-- Partnerem jest Acme -->", False),
        ("<p title='Partnerem jest Acme'>x</p>", False),
        ("<p>Partnerem<p>Acme", False),
        ("", False),
    ],
)
def test_the_text_is_what_people_see(html, expected):
    assert find(html, text="partnerem  jest ACME") == Findings(text=expected, logo=None)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<img src='/i/Acme-Logo.svg'>", True),
        ("<img src='/i/acme%2Dlogo.png' />", True),
        ("<img src='x.png' srcset='a.png 1x, /acme-logo@2x.png 2x'>", True),
        ("<img data-src='/acme-logo.png' src='data:image/gif;base64,R0'>", True),
        ("<img src='x.png' alt='Acme-logo'>", True),
        ("<picture><source srcset='/acme-logo.webp'><img src='x'></picture>", True),
        ("<link rel='shortcut icon' href='/acme-logo.ico'>", True),
        ("<meta property='og:image' content='https://a.example/acme-logo.png'>", True),
        ("<body background='acme-logo.png'>", True),
        ("<div style=\"background: url('/acme-logo.png')\">", True),
        ("<svg><image href='acme-logo.svg'/></svg>", True),
        ("<noscript><img src='acme-logo.png'></noscript>", True),
        ("<img src='/other.png'>", False),
        ("<a href='/acme-logo.png'>x</a>", False),
        ("<p>acme-logo</p>", False),
        ("<link rel='stylesheet' href='/acme-logo.css'>", False),
        ("<script>'<img src=acme-logo.png>'</script>", False),
        ("<!-- <img src='acme-logo.png'> -->", False),
        ("<template><img src='acme-logo.png'></template>", False),
        ("<img src='data:image/svg+xml,acme-logo'>", False),
        ("<img>", False),
    ],
)
def test_the_logo_is_a_picture_by_its_address_or_description(html, expected):
    assert find(html, logo="acme-logo") == Findings(text=None, logo=expected)


def test_both_are_there_only_when_both_are():
    """F12: what was agreed is all of it."""
    assert find("<p>Acme<img src=acme.png>", "acme", "acme.png").is_found
    assert not find("<p>Acme", "acme", "acme.png").is_found
    assert not find("<img src=acme.png>", "acme", "acme.png").is_found
    assert find("<p>anything").is_found


@given(st.lists(st.tuples(WORDS, SPACES), min_size=1, max_size=6))
def test_spaces_markup_and_case_do_not_matter(parts):
    html = "<p>" + "".join(word.swapcase() + space for word, space in parts) + "</p>"
    assert find(html, " ".join(word for word, _space in parts)).text


@given(WORDS, WORDS)
def test_words_of_two_blocks_are_two_words(first, second):
    assert normalise(f"{first} {second}") not in normalise(first + second)
    assert not find(f"<p>{first}</p><p>{second}</p>", f"-{first}{second}").text


@given(st.text(alphabet="<>/!-[]&;'\"= abimgscriptstyle\n\x00", max_size=200), st.text(max_size=5))
def test_no_page_breaks_the_reader(html, text):
    findings = find(html, text, text)
    assert findings.text in (None, True, False)


@given(st.text())
def test_comparing_knows_one_form(text):
    assert normalise(normalise(text)) == normalise(text)


def test_only_the_beginning_of_an_endless_page_is_read():
    assert not find("x" * MAX_CHARS + "Acme", "acme").text
    assert find("x" * (MAX_CHARS - 4) + "Acme" + "x", "acme").text


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<",
        "</",
        "<!--",
        "<![",
        "<!",
        "<?",
        "&",
        "&#",
        "<a b='",
        "<a b=c ",
        "<p>",
        "<script>",
        "</script ",
        "<script></",
        "<img srcset=',,,,'>",
        "<p style='url(url(url('>",
        "<a =",
        "<a /",
        "%41",
    ],
)
@pytest.mark.parametrize("end", ["", "'>-->"])
def test_a_page_made_to_hurt_takes_no_time(piece, end):
    """F12: "bounded time": one pass, however broken the page is."""
    began = time.monotonic()
    find((piece * LONG)[:LONG] + end, "acme", "acme")
    assert time.monotonic() - began < 5


def test_one_long_style_takes_no_time():
    began = time.monotonic()
    find("<p style='" + "url(" * LONG + "'>", "acme", "acme")
    assert time.monotonic() - began < 5
