"""Headers with the IP address of the caller for whom a backend makes a call."""

from __future__ import annotations

import ipaddress
import re
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from frontegg_async._values.secret import Hidden, Secret, hide
from frontegg_async.errors import InvalidArgumentError

_VISIBLE: Final = re.compile(r"[!-~]{1,1024}", re.ASCII)
_LONGEST: Final = 45
"""The length of the longest address (an IPv4-mapped IPv6 address), in characters."""


def client_ip_headers(
    ip: str | IPv4Address | IPv6Address, *, verifier: str | Secret, vendor_id: str, app_id: str
) -> dict[str, str | Secret]:
    """Return headers with the address of your own caller, for rate limits and audits of the service.

    Pass the headers to the ``Options`` of a call or to ``with_options()``. The service uses the headers if the feature
    is enabled for the environment.

    Args:
        ip: The address of your caller: one IPv4 or IPv6 address without a port. An IPv4-mapped IPv6 address, such as
            ``::ffff:192.0.2.1``, is sent as IPv4. Take the address from the connection, or from a header that your
            proxy sets. A header that the caller can set may be forged.
        verifier: The shared secret of the application, 1 to 1,024 visible ASCII characters. The returned header
            contains it as a `Secret`.
        vendor_id: The id of the environment (vendor), 1 to 1,024 visible ASCII characters.
        app_id: The id of the application with the shared secret, 1 to 1,024 visible ASCII characters.

    Returns:
        The four headers, by their names.

    Raises:
        InvalidArgumentError: An argument is not allowed. The message names the argument.
    """
    # Keep the text out of this frame, which is part of an error's traceback.
    held = Hidden(hide(verifier))
    del verifier
    address = _address(ip)
    if not isinstance(held.reveal(), Secret) or not _VISIBLE.fullmatch(held.reveal().reveal()):
        raise InvalidArgumentError("verifier must be 1 to 1024 visible ASCII characters, without spaces")
    for name, value in (("vendor_id", vendor_id), ("app_id", app_id)):
        if not isinstance(value, str) or not _VISIBLE.fullmatch(value):
            raise InvalidArgumentError(f"{name} must be 1 to 1024 visible ASCII characters, without spaces")
    return {
        "x-frontegg-headers-verifier": held.reveal(),
        "x-frontegg-forwarded-for": address,
        "frontegg-vendor-id": vendor_id,
        "frontegg-application-id": app_id,
    }


def _address(ip: object) -> str:
    """Return an address in its shortest form."""
    parsed: IPv4Address | IPv6Address | None = ip if isinstance(ip, IPv4Address | IPv6Address) else None
    # The standard library accepts numbers and bytes as addresses as well.
    if isinstance(ip, str) and len(ip) <= _LONGEST:
        try:
            parsed = ipaddress.ip_address(ip)
        except ValueError:
            parsed = None
    if parsed is None or (isinstance(parsed, IPv6Address) and parsed.scope_id is not None):
        raise InvalidArgumentError("ip must be one IPv4 or IPv6 address, without port and zone")
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return str(parsed)
