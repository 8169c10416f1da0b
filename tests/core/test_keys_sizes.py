"""The limits of size of keys and secrets are exact."""

from __future__ import annotations

import base64
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from frontegg_async._core.auth.jwks import jwks_url_of
from frontegg_async._core.auth.keys import NO_KEYS, check_extra, key_of_pem, key_of_secret, keys_of_document
from frontegg_async.errors import ConfigurationError, MissingExtraError
from frontegg_async.regions import parse_base_url
from tests.support.signing import jwk, number, pem_of, rsa_key

PEM: Final = pem_of(rsa_key())
_SIZES: Final = [
    (2**2047 + 1, 3, True),
    (2**2047 - 1, 3, False),
    (2**2095 + 1, 3, True),
    (2**8192 - 1, 3, True),
    (2**8191 + 1, 2**32 - 1, True),
    (2**8192 + 1, 3, False),
    (2**2047 + 1, 2**32 + 1, False),
    (2**2048 + 2, 3, False),
]


@pytest.mark.parametrize(("modulus", "exponent", "is_taken"), _SIZES, ids=range(len(_SIZES)))
def test_sizes_in_a_set(modulus: int, exponent: int, *, is_taken: bool) -> None:
    """From 2,048 to 8,192 bits, odd, with an exponent of at most 32 bits."""
    keys = keys_of_document([jwk("k1", n=number(modulus), e=number(exponent))])
    assert bool(keys.keys) is is_taken


@pytest.mark.parametrize(("modulus", "exponent", "is_taken"), _SIZES, ids=range(len(_SIZES)))
def test_sizes_of_a_pem(modulus: int, exponent: int, *, is_taken: bool) -> None:
    """Likewise."""
    public = RSAPublicNumbers(exponent, modulus).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    if is_taken:
        assert key_of_pem(pem, "public_key").key_id is None
        return
    with pytest.raises(ConfigurationError, match=r"^public_key must be the PEM"):
        key_of_pem(pem, "public_key")


def test_the_longest_pem() -> None:
    """16 KiB are looked at, with whatever stands before and after the key; more is not."""
    padded = PEM + "\n" * (16_384 - len(PEM))
    assert key_of_pem(padded, "public_key").key_id is None
    with pytest.raises(ConfigurationError):
        key_of_pem(padded + "\n", "public_key")


@pytest.mark.parametrize(("secret", "is_taken"), [("x" * 31, False), ("x" * 32, True), ("\u00e9" * 16, True)])
def test_the_shortest_secret(secret: str, *, is_taken: bool) -> None:
    """32 bytes, as UTF-8 has them."""
    if is_taken:
        assert key_of_secret(secret).key_id is None
        return
    with pytest.raises(ConfigurationError, match="at least 32 bytes"):
        key_of_secret(secret)


@pytest.mark.parametrize("document", [None, {}, {"keys": []}, "keys", 5, [None], ["x"], [[]], [5], []])
def test_documents_without_keys(document: Any) -> None:
    """Whatever else stands there is passed over."""
    assert keys_of_document(document).keys == ()
    assert NO_KEYS.keys == ()
    assert NO_KEYS.find("k1") is NO_KEYS.find(None) is None


def test_only_so_many_are_looked_at() -> None:
    """The sixty-fifth key is as if it were not there."""
    entries: list[dict[str, Any]] = [{"kty": "EC"}] * 63 + [jwk("k64", key=rsa_key()), jwk("k65", key=rsa_key())]
    assert [key.key_id for key in keys_of_document(entries).keys] == ["k64"]
    assert [key.key_id for key in keys_of_document(tuple(entries[62:])).keys] == ["k64", "k65"]


def test_a_name_that_is_empty_is_none() -> None:
    """It would never be asked for."""
    (key,) = keys_of_document([jwk("", key=rsa_key())]).keys
    assert key.key_id is None


def test_where_an_issuer_has_its_keys() -> None:
    """Below its address, at the well-known path."""
    assert jwks_url_of(parse_base_url("https://a.example")) == "https://a.example/.well-known/jwks.json"


def test_a_kind_of_key_that_nobody_knows() -> None:
    """A public key by an algorithm without a name is refused as one that is malformed."""
    unknown = base64.b64encode(bytes.fromhex("300a300406022a0303020000")).decode()
    with pytest.raises(ConfigurationError, match=r"^public_key must be the PEM"):
        key_of_pem(f"-----BEGIN PUBLIC KEY-----\n{unknown}\n-----END PUBLIC KEY-----\n", "public_key")


def test_a_refused_secret_is_in_no_frame() -> None:
    """Whoever reports the error with its frames does not report the secret."""
    with pytest.raises(ConfigurationError) as caught:
        key_of_secret("canary")
    frames = [entry.frame for entry in caught.traceback if entry.path.name == "keys.py"]
    assert frames
    assert "canary" not in repr([frame.f_locals for frame in frames])


def test_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its package is needed, and the error says how to have it."""
    check_extra()
    monkeypatch.setattr("jwt.algorithms.has_crypto", False)
    with pytest.raises(MissingExtraError, match=r"pip install 'frontegg-async\[jwt\]'"):
        check_extra()


def test_a_key_shows_its_name_alone() -> None:
    """A reader of logs has nothing of the rest."""
    assert repr(key_of_pem(PEM, "public_key")) == "RsaKey(key_id=None)"
