"""Which addresses may be fetched: the public internet by http and https, and nothing else (F12)."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ngo_incubator.rules.address import (
    PORTS,
    SCHEMES,
    HasUser,
    NoHost,
    NotHttp,
    OddPort,
    OddText,
    is_public,
    parse,
)
from odoo.addons.support_plans.rules.errors import RuleError

PRIVATE_V4 = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
    "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
).split()
PRIVATE_V6 = (
    "::/127 100::/64 2001:db8::/32 2001::/32 fc00::/7 fe80::/10 fec0::/10 ff00::/8 64:ff9b:1::/48 5f00::/16".split()
)
PUBLIC = ("1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:401b:805::200e")


def _within(networks):
    """Addresses of some networks, the first and the last of each among them."""
    return st.sampled_from(networks).flatmap(
        lambda text: (
            st.ip_addresses(network=text)
            | st.sampled_from([ipaddress.ip_network(text)[0], ipaddress.ip_network(text)[-1]])
        )
    )


@pytest.mark.parametrize("ip", PUBLIC)
def test_addresses_of_the_internet_are_public(ip):
    assert is_public(ip)


@given(_within(PRIVATE_V4) | _within(PRIVATE_V6))
def test_addresses_of_private_and_special_networks_are_not(ip):
    """F12: "no addresses of private networks"."""
    assert not is_public(str(ip))


def _disguises(ip):
    """An IPv4 address as IPv6: mapped, 6to4, NAT64."""
    number = int(ip)
    return [
        ipaddress.IPv6Address((0xFFFF << 32) | number),
        ipaddress.IPv6Address((0x2002 << 112) | (number << 80) | 1),
        ipaddress.IPv6Address((0x0064FF9B << 96) | number),
    ]


@given(_within(PRIVATE_V4))
def test_a_private_address_stays_private_in_disguise(ip):
    assert not [str(other) for other in _disguises(ip) if is_public(str(other))]


@given(st.ip_addresses(v=4))
def test_a_disguise_is_as_public_as_what_it_hides(ip):
    assert {is_public(str(other)) for other in _disguises(ip)} == {is_public(str(ip))}


@given(st.text(max_size=40))
def test_what_is_no_ip_is_not_public(text):
    if not is_public(text):
        return
    assert ipaddress.ip_address(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://dobrystart.example", "http://dobrystart.example/"),
        ("  https://DobryStart.example/a?b=c#d ", "https://dobrystart.example/a?b=c"),
        ("https://dobrystart.example:443/", "https://dobrystart.example/"),
        ("https://dobrystart.example:80/", "https://dobrystart.example:80/"),
        ("http://dobrystart.example?x=1", "http://dobrystart.example/?x=1"),
        ("http://żółw.example/żółw", "http://xn--w-uga1v8h.example/%C5%BC%C3%B3%C5%82w"),
        ("http://dobrystart.example./", "http://dobrystart.example/"),
        ("http://[2606:4700:4700::1111]/x", "http://[2606:4700:4700::1111]/x"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://a.example/%41%zz", "http://a.example/%41%zz"),
    ],
)
def test_an_address_is_read_in_one_way(text, url):
    assert parse(text).url == url


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", NotHttp),
        ("dobrystart.example", NotHttp),
        ("ftp://dobrystart.example/", NotHttp),
        ("file:///etc/passwd", NotHttp),
        ("javascript:alert(1)", NotHttp),
        ("gopher://127.0.0.1:25/", NotHttp),
        ("http://user:secret@dobrystart.example/", HasUser),
        ("http://8.8.8.8@127.0.0.1/", HasUser),
        ("http://127.0.0.1:8069/", OddPort),
        ("http://dobrystart.example:22/", OddPort),
        ("http://dobrystart.example:00022/", OddPort),
        ("http:/dobrystart.example/", NoHost),
        ("http:dobrystart.example", NoHost),
        ("https:///x", NoHost),
        ("http://:80/", NoHost),
        ("http://[::1", NoHost),
        ("http://[nonsense]/", NoHost),
        ("http://[fe80::1%eth0]/", NoHost),
        ("http://a..example/", NoHost),
        ("http://a.example:x/", NoHost),
        ("http://-a.example/", NoHost),
        ("http://a%2eexample/", NoHost),
        ("http://dobrystart.example\\@127.0.0.1/", OddText),
        ("http://dobry start.example/", OddText),
        ("http://a.example/x\r\nHost: b.example", OddText),
        ("http://a.example/\x00", OddText),
        ("http://a.example/" + "x" * 2000, OddText),
    ],
)
def test_other_addresses_are_refused(text, refusal):
    """F12: "http(s) only"; no user name, no port of another service, nothing that two readers take differently."""
    with pytest.raises(refusal):
        parse(text)


@given(
    st.text(alphabet="htps:/@[]?#.\\ %aż\u2028\r\n0123456789x-_", max_size=40).map(lambda rest: f"http:{rest}")
    | st.text()
)
def test_what_is_read_is_safe_to_send_and_reads_the_same_again(text):
    try:
        address = parse(text)
    except RuleError:
        return
    assert address.scheme in SCHEMES
    assert address.port in PORTS
    assert address.host
    assert not set(address.host) & set("@/?#\\ ")
    assert address.target.startswith("/")
    assert address.url.isascii()
    assert address.url.isprintable()
    assert " " not in address.url
    assert parse(address.url) == address
