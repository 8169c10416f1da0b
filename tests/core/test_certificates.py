"""PEM text is encoded as the service expects it; other text is refused and never shown."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async import InvalidArgumentError
from frontegg_async.resources.of_tenant.sso.certificates import MAX_CERTIFICATE, encode_certificate
from tests.support.certificates import der_of, in_base64, make_certificate, make_private_key, make_public_key

_GOOD: Final[dict[str, Callable[[str], str]]] = {
    "as it is": lambda pem: pem,
    "without a last newline": str.strip,
    "lines of Windows": lambda pem: pem.replace("\n", "\r\n"),
    "indented": lambda pem: "".join(f"  {line}\n" for line in pem.splitlines()),
    "one long line": lambda pem: f"-----BEGIN CERTIFICATE-----\n{der_of(pem)}\n-----END CERTIFICATE-----",
    "words before it": lambda pem: f"subject=CN = idp.example.com\n\n{pem}",
    "two of them": lambda pem: pem + pem,
}

_BAD: Final[dict[str, tuple[Callable[[str], str], str]]] = {
    "nothing": (lambda _: "", "must not be empty"),
    "white space": (lambda _: " \n", "no BEGIN CERTIFICATE line"),
    "words": (lambda _: "the certificate", "no BEGIN CERTIFICATE line"),
    "no markers": (der_of, "no BEGIN CERTIFICATE line"),
    "no BEGIN": (lambda pem: pem.replace("-----BEGIN CERTIFICATE-----\n", ""), "not in pairs"),
    "no END": (lambda pem: pem.replace("-----END CERTIFICATE-----\n", ""), "not in pairs"),
    "the wrong way round": (
        lambda pem: pem.replace("BEGIN", "X").replace("END", "BEGIN").replace("X", "END"),
        "not in pairs",
    ),
    "too few hyphens": (lambda pem: pem.replace("-----", "----"), "no BEGIN CERTIFICATE line"),
    "small letters": (lambda pem: pem.replace("BEGIN CERTIFICATE", "begin certificate"), "not in pairs"),
    "another label": (lambda pem: pem.replace("CERTIFICATE", "PKCS7"), "block that is not a certificate"),
    "all on one line": (lambda pem: pem.replace("\n", " "), "must stand alone"),
    "escaped newlines": (lambda pem: pem.replace("\n", "\\n"), "must stand alone"),
    "no base64": (lambda pem: pem.replace(der_of(pem)[:8], "!!!!!!!!"), "not base64"),
    "a letter less": (lambda pem: pem.replace(der_of(pem)[:1], "", 1), "not base64"),
    "nothing inside": (lambda _: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----", "not base64"),
    "cut off": (
        lambda pem: f"-----BEGIN CERTIFICATE-----\n{der_of(pem)[:64]}\n-----END CERTIFICATE-----",
        "not a certificate in DER, or is cut off",
    ),
    "something after it": (
        lambda pem: _wrapped(base64.b64decode(der_of(pem)) + b"\0\0"),
        "not a certificate in DER, or is cut off",
    ),
    "no DER": (lambda _: _wrapped(b"hello, this is not DER"), "not a certificate in DER"),
    "a number": (lambda _: _wrapped(b"\x02\x01\x05"), "not a certificate in DER"),
    "an endless length": (lambda _: _wrapped(b"\x30\x80\x00\x00"), "not a certificate in DER"),
    "a length of many bytes": (lambda _: _wrapped(b"\x30\x88" + b"\xff" * 8), "not a certificate in DER"),
    "a length that is cut off": (lambda _: _wrapped(b"\x30\x82\x01"), "not a certificate in DER"),
    "a single byte": (lambda _: _wrapped(b"\x30"), "not a certificate in DER"),
    "a private key": (lambda _: make_private_key(), "private key"),
    "a private key beside it": (lambda pem: pem + make_private_key(), "private key"),
    "the base64 of a private key": (lambda _: in_base64(make_private_key()), "private key"),
    "a private key that says it is none": (
        lambda _: make_private_key().replace("PRIVATE KEY", "CERTIFICATE"),
        "not a certificate in DER",
    ),
    "a public key": (lambda _: make_public_key(), "block that is not a certificate"),
    "a public key that says it is none": (
        lambda _: make_public_key().replace("PUBLIC KEY", "CERTIFICATE"),
        "not a certificate in DER",
    ),
    "the base64 of words": (lambda _: in_base64("the certificate"), "no BEGIN CERTIFICATE line"),
    "the base64 twice": (lambda pem: in_base64(in_base64(pem)), "no BEGIN CERTIFICATE line"),
    "the base64 of a broken one": (lambda pem: in_base64(pem[:80]), "not in pairs"),
    "too long": (lambda pem: pem + " " * MAX_CERTIFICATE, f"at most {MAX_CERTIFICATE} characters"),
}


def _wrapped(der: bytes) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(der).decode()}\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("form", _GOOD)
def test_pem_is_encoded(form: str) -> None:
    """The service gets the base64 of the very text."""
    pem = _GOOD[form](make_certificate())
    assert base64.b64decode(encode_certificate(pem, "public_certificate")).decode() == pem


@pytest.mark.parametrize("form", _GOOD)
def test_what_is_encoded_is_sent_as_it_is(form: str) -> None:
    """Encoding twice is the same as encoding once."""
    encoded = in_base64(_GOOD[form](make_certificate()))
    assert encode_certificate(encoded, "public_certificate") == encoded
    assert encode_certificate(f"{encoded[:76]}\n{encoded[76:]}\n", "public_certificate").startswith(encoded[:76])


@pytest.mark.parametrize("name", _BAD)
def test_what_is_no_certificate_is_refused(name: str) -> None:
    """The error names the argument and says why, and has no part of what was given."""
    make, reason = _BAD[name]
    text = make(make_certificate())
    with pytest.raises(InvalidArgumentError, match=reason) as caught:
        encode_certificate(text, "public_certificate")
    message = str(caught.value)
    assert message.startswith("public_certificate must ")
    assert not any(line in message for line in text.split() if len(line) > 20)


@pytest.mark.parametrize("value", [None, 5, b"-----BEGIN CERTIFICATE-----", "\ud800"])
def test_what_is_no_text_is_refused(value: object) -> None:
    """Bytes too: nobody knows their encoding."""
    with pytest.raises(InvalidArgumentError, match=r"^public_certificate "):
        encode_certificate(value, "public_certificate")  # type: ignore[arg-type]  # the point


@given(st.binary(max_size=64))
def test_any_der(der: bytes) -> None:
    """Whatever bytes are between the lines, nothing but a refusal is raised."""
    with pytest.raises(InvalidArgumentError):
        encode_certificate(_wrapped(der), "public_certificate")


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Whatever text is given, nothing but a refusal is raised."""
    with pytest.raises(InvalidArgumentError):
        encode_certificate(f"-----BEGIN CERTIFICATE-----\n{text}", "public_certificate")
