"""Certificates of identity providers: checks of their PEM text, and the encoding for the service."""

from __future__ import annotations

import base64
import binascii
import re
import textwrap
from collections.abc import Iterator
from typing import Final

from frontegg_async._core.checks import arguments
from frontegg_async.errors import InvalidArgumentError

MAX_CERTIFICATE: Final = 65_536
"""The largest size of a certificate's PEM text, in characters."""

_LABEL: Final = "CERTIFICATE"
_MARKER: Final = re.compile(r"-----(BEGIN|END) ([A-Z0-9 ]+)-----")
_PRIVATE: Final = re.compile(r"PRIVATE[ ]KEY")
_SEQUENCE: Final = 0x30
_BIT_STRING: Final = 0x03
_LONG_FORM: Final = 0x80
_MAX_LENGTH_BYTES: Final = 4


def encode_certificate(text: str, argument: str) -> str:
    """Return a certificate in the service's format: the base64 of its PEM text.

    Args:
        text: PEM text, or the base64 of PEM text. The function returns base64 unchanged.
        argument: The name of the caller's argument, for the message.

    Raises:
        InvalidArgumentError: The text is not a certificate in PEM. The message never quotes the text.
    """
    arguments.check_text(text, argument)
    if len(text) > MAX_CERTIFICATE:
        raise InvalidArgumentError(f"{argument} must have at most {MAX_CERTIFICATE} characters")
    if "-----" in text:
        problem = _problem(text)
        encoded = base64.b64encode(text.encode()).decode()
    else:
        decoded = _decode(text)
        problem = _problem("" if decoded is None else decoded.decode("utf-8", "replace"))
        encoded = text
    if problem is not None:
        raise InvalidArgumentError(
            f"{argument} must be a certificate, as PEM text or as the base64 of PEM text: {problem}"
        )
    return encoded


def normal_certificate(text: str) -> str:
    """Return a certificate as the base64 of PEM text with lines of 64 characters. Return other text unchanged.

    Args:
        text: PEM text, the base64 of PEM text, or the base64 of a certificate in DER.
    """
    decoded = None if "-----" in text else _decode(text)
    pem = text if decoded is None else decoded.decode("utf-8", "replace")
    if _problem(pem) is None:
        markers = list(_MARKER.finditer(pem))
        certificates = [pem[begin.end() : end.start()] for begin, end in zip(markers[::2], markers[1::2], strict=True)]
    elif decoded is not None and _is_certificate(decoded):
        certificates = [text]
    else:
        return text
    return base64.b64encode("".join(map(_as_pem, certificates)).encode()).decode()


def _as_pem(encoded: str) -> str:
    lines = "\n".join(textwrap.wrap("".join(encoded.split()), 64))
    return f"-----BEGIN {_LABEL}-----\n{lines}\n-----END {_LABEL}-----\n"


def _problem(pem: str) -> str | None:
    """Return a description of the problem in PEM text. The description does not quote the text."""
    if _PRIVATE.search(pem):
        return "it contains a private key; give the certificate alone"
    markers = list(_MARKER.finditer(pem))
    if not markers:
        return "it has no BEGIN CERTIFICATE line"
    if any(match[2] != _LABEL for match in markers):
        return "it has a PEM block that is not a certificate"
    if [match[1] for match in markers] != ["BEGIN", "END"] * (len(markers) // 2):
        return "its BEGIN and END lines are not in pairs"
    if any(not _stands_alone(pem, match) for match in markers):
        return "its BEGIN and END lines must stand alone, without other text on the line"
    for begin, end in zip(markers[::2], markers[1::2], strict=True):
        der = _decode(pem[begin.end() : end.start()])
        if der is None:
            return "the text between its BEGIN and END lines is not base64"
        if not _is_certificate(der):
            return "the data between its BEGIN and END lines is not a certificate in DER, or is cut off"
    return None


def _stands_alone(pem: str, match: re.Match[str]) -> bool:
    before = pem[: match.start()].rpartition("\n")[2]
    after = pem[match.end() :].partition("\n")[0]
    return not before.strip() and not after.strip()


def _decode(text: str) -> bytes | None:
    """Decode base64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True) or None
    except (ValueError, binascii.Error):
        return None


def _is_certificate(der: bytes) -> bool:
    """Return whether bytes have the parts of an X.509 certificate: signed content, algorithm and signature."""
    outer = list(_elements(der))
    if [tag for tag, _ in outer] != [_SEQUENCE]:
        return False
    return [tag for tag, _ in _elements(outer[0][1])] == [_SEQUENCE, _SEQUENCE, _BIT_STRING]


def _elements(der: bytes) -> Iterator[tuple[int | None, bytes]]:
    """Yield the tag and the content of each DER element. If the bytes are not DER, yield ``None`` as the tag."""
    position = 0
    while position < len(der):
        header = _header(der, position)
        if header is None or header[1] > len(der):
            yield None, b""
            return
        start, end = header
        yield der[position], der[start:end]
        position = end


def _header(der: bytes, position: int) -> tuple[int, int] | None:
    """Return the start and the end of a DER element's content."""
    start = position + 2
    if start > len(der):
        return None
    length = der[position + 1]
    if length & _LONG_FORM:
        count = length & ~_LONG_FORM
        if not 0 < count <= _MAX_LENGTH_BYTES or start + count > len(der):
            return None
        length = int.from_bytes(der[start : start + count])
        start += count
    return start, start + length
