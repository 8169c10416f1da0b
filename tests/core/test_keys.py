"""Keys of issuers: which are accepted from a JWKS, a PEM or a secret."""

from __future__ import annotations

import subprocess
import sys
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from frontegg_async._core.auth.jwks import parse_jwks_url
from frontegg_async._core.auth.keys import MAX_KEYS, key_of_pem, key_of_secret, keys_of_document, keys_of_settings
from frontegg_async.errors import ConfigurationError
from tests.support.signing import SECRET, jwk, number, pem_of, rsa_key

PEM: Final = pem_of(rsa_key())


def _names(*entries: dict[str, Any]) -> list[str | None]:
    return [key.key_id for key in keys_of_document(entries).keys]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"alg": None},
        {"use": None},
        {"key_ops": ["verify"]},
        {"x5c": ["ignored"], "more": {}},
        {"d": "ignored"},
        {"d": "AQAB", "oth": []},
    ],
    ids=str,
)
def test_keys_that_are_taken(changes: dict[str, Any]) -> None:
    """RSA keys for signatures, of RS256 or of no algorithm in particular."""
    assert _names(jwk("k1", **changes)) == ["k1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"kty": "EC"},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": None},
        {"kty": ["RSA"]},
        {"use": "enc"},
        {"use": 1},
        {"alg": "RS512"},
        {"alg": "HS256"},
        {"alg": "none"},
        {"key_ops": ["encrypt"]},
        {"key_ops": "verify"},
        {"kid": 7},
        {"n": None},
        {"e": None},
        {"n": 7},
        {"n": ""},
        {"n": "not base64!"},
        {"n": "AAAAA"},
        {"n": number(2**1023 + 1)},
        {"n": number(2**2047)},
        {"n": number(2**8192 + 1)},
        {"n": "A" * 4_000},
        {"e": "AQ"},
        {"e": "Ag"},
        {"e": number(2**33 + 1)},
        {"e": number(65536)},
        {"n": number(2**9000 + 1), "e": number(2**9000 + 1)},  # OpenSSL computes with it for 10 s
    ],
    ids=str,
)
def test_keys_that_are_passed_over(changes: dict[str, Any]) -> None:
    """Of another kind, too small, too large, or malformed; those beside them are taken."""
    assert _names(jwk("k1", **changes), jwk("k2")) == ["k2"]


def test_small_keys_are_passed_over() -> None:
    """Of fewer than 2,048 bits."""
    assert _names(jwk("small", key=rsa_key("small", 1024))) == []
    with pytest.raises(ConfigurationError, match="2048 to 8192 bits"):
        key_of_pem(pem_of(rsa_key("small", 1024)), "public_key")


def test_how_many_keys_are_looked_at() -> None:
    """A key set is no way to keep a verifier busy."""
    entries = [jwk(f"k{index}", key=rsa_key()) for index in range(MAX_KEYS + 10)]

    assert len(keys_of_document(entries).keys) == MAX_KEYS


def test_names_of_keys() -> None:
    """A name that two keys have tells nothing; two keys without a name are not the only one."""
    assert _names(jwk("k1"), jwk("k1", key=rsa_key("k2")), jwk("k3")) == ["k3"]
    keys = keys_of_document([jwk("k1", kid=None), jwk("k2", kid=None)])
    assert keys.find("k1") is None
    assert keys.find(None) is None
    only = keys_of_document([jwk("k1", kid=None)])
    assert only.find("whatever") is only.find(None) is only.keys[0]
    named = keys_of_document([jwk("k1")])
    assert named.find("k2") is None
    assert named.find(None) is named.keys[0]


def _private() -> str:
    return rsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _elliptic() -> str:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize(
    "pem",
    ["", "text", None, 7, PEM.encode(), PEM[:100], PEM.replace("A", "!"), "-----BEGIN PUBLIC KEY-----\n" * 9_000],
    ids=["empty", "text", "none", "number", "bytes", "cut", "spoilt", "huge"],
)
def test_what_is_no_public_key(pem: Any) -> None:
    """The error says what is expected and shows nothing."""
    with pytest.raises(ConfigurationError, match=r"^public_key must be the PEM of a public RSA key") as caught:
        key_of_pem(pem, "public_key")
    assert PEM[40:80] not in str(caught.value)


@pytest.mark.parametrize("make", [_private, _elliptic])
def test_keys_of_other_kinds(make: Any) -> None:
    """A private key, or one of elliptic curves."""
    with pytest.raises(ConfigurationError, match=r"^public_key must be the PEM of a public RSA key"):
        key_of_pem(make(), "public_key")


@pytest.mark.parametrize(
    "secret",
    ["", "short", "x" * 31, 7, None, b"x" * 40, "-----BEGIN PUBLIC KEY-----" + "A" * 40, "\ud800" * 40],
    ids=ascii,
)
def test_what_is_no_secret(secret: Any) -> None:
    """Too short to be one, no text, or a public key, which everybody knows."""
    with pytest.raises(ConfigurationError, match=r"^secret must"):
        key_of_secret(secret)
    assert "two bytes" not in repr(key_of_secret(SECRET))


def test_what_an_environment_signs_with() -> None:
    """RS256 with its public key; else its secret is needed."""
    assert len(keys_of_settings(PEM, "RS256").keys) == 1
    assert len(keys_of_settings(PEM, None).keys) == 1
    with pytest.raises(
        ConfigurationError, match=r"signs its tokens with 'HS256': pass the environment's JWT secret as secret="
    ):
        keys_of_settings(PEM, "HS256")
    with pytest.raises(ConfigurationError, match=r"^the environment's publicKey must be"):
        keys_of_settings(None, "RS256")


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("https://a.example/.well-known/jwks.json", "https://a.example", "/.well-known/jwks.json"),
        ("HTTPS://A.example:443/keys", None, None),
        ("https://a.example:8443/x/y", "https://a.example:8443", "/x/y"),
        ("http://127.0.0.1:8080/k", "http://127.0.0.1:8080", "/k"),
        ("http://[::1]/k", "http://[::1]", "/k"),
        ("http://localhost/k", "http://localhost", "/k"),
        ("http://a.example/k", None, None),
        ("http://127.0.0.1.evil.example/k", None, None),
        ("https://a.example", None, None),
        ("https://a.example/", None, None),
        ("https://user:pw@a.example/k", None, None),
        ("https://a.example/k?x=1", None, None),
        ("https://a.example/k#x", None, None),
        ("https://a.example/../k", None, None),
        ("https://a.example/%2e%2e/k", None, None),
        ("https://a.example/{tenant}", None, None),
        ("https://a.example/k\n", None, None),
        ("https:///k", None, None),
        ("ftp://a.example/k", None, None),
        ("file:///etc/passwd", None, None),
        ("", None, None),
        (None, None, None),
        (7, None, None),
    ],
)
def test_addresses_of_key_sets(url: Any, origin: str | None, path: str | None) -> None:
    """`https`, or `http` on loopback, and a plain path."""
    if origin is None:
        with pytest.raises(ConfigurationError, match=r"^jwks_url must"):
            parse_jwks_url(url)
    else:
        base_url, endpoint = parse_jwks_url(url)
        assert (base_url.origin, endpoint.path) == (origin, path)


@pytest.mark.each_python
@pytest.mark.parametrize("package", ["frontegg_async", "frontegg_sync"])
def test_without_the_extra(package: str) -> None:
    """The error has the command; nothing else needs the extra, and webhooks do not."""
    code = (
        "import sys; sys.modules['cryptography'] = None\n"
        "import importlib; package = importlib.import_module(sys.argv[1])\n"
        "prefix = 'Async' if sys.argv[1] == 'frontegg_async' else ''\n"
        "getattr(package, f'{prefix}AccessTokenVerifier')\n"
        "try: getattr(package, f'{prefix}TokenVerifier')(domain='app-acme', audience='client-1')\n"
        "except importlib.import_module(f'{sys.argv[1]}.errors').MissingExtraError as error: print(error)\n"
        "from frontegg_async.webhooks import WebhookVerifier; import jwt; secret = 's' * 32\n"
        "WebhookVerifier(secret).verify({'x-webhook-secret': jwt.encode({}, secret, 'HS256')})\n"
    )
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", code, package]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ("verifying tokens needs cryptography: pip install 'frontegg-async[jwt]'")
    assert done.stderr == ""
