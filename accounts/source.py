"""Where a request comes from: as a digest for throttling, as an address for what is sealed at once."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def source_of(request: HttpRequest) -> str:
    """A keyed digest of the network a request came from: an IPv4 address, or the /64 an IPv6 line is given whole.

    Kept as a digest because an address is personal data and only sameness is asked for.
    """
    address = address_of(request)
    try:
        known = ip_address(address)
    except ValueError:
        known = None
    if isinstance(known, IPv6Address):
        address = str(ip_network((known, 64), strict=False))
    return salted_hmac("accounts.source", address, algorithm="sha256").hexdigest()


def address_of(request: HttpRequest) -> str:
    """The address a request came from, for whoever stores it sealed or not at all.

    Behind a trusted proxy it is the peer the proxy names last in X-Forwarded-For, or everybody would be one source;
    what a client writes there itself counts for nothing.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    if address in settings.TRUSTED_PROXIES:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    return address
