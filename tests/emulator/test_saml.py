"""Reading of metadata of identity providers."""

from __future__ import annotations

import pytest

from frontegg_async.emulator.services.sso.saml import ProviderMetadata, read_metadata
from tests.emulator.cases_sso import METADATA


def test_what_is_read() -> None:
    """The entity, the endpoint of the redirect, and the certificate that signs."""
    assert read_metadata(METADATA) == ProviderMetadata(
        entity_id="https://idp.example/entity",
        sso_endpoint="https://idp.example/redirect",
        certificate="-----BEGIN CERTIFICATE-----\nMIIBCDEF\n-----END CERTIFICATE-----\n",
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("HTTP-Redirect", "SOAP", "https://idp.example/post"),
        ("IDPSSODescriptor", "SPSSODescriptor", None),
        ("urn:oasis:names:tc:SAML:2.0:metadata", "urn:other", None),
        ("SingleSignOnService", "SingleLogoutService", None),
    ],
)
def test_endpoints(old: str, new: str, expected: str | None) -> None:
    """That of a post where there is none of a redirect, and none of other descriptors."""
    assert read_metadata(METADATA.replace(old, new)).sso_endpoint == expected


def test_a_key_for_every_use_signs() -> None:
    """So does one that does not say what it is for; without a certificate there is none."""
    unnamed = METADATA.replace(' use="encryption"', "")
    assert read_metadata(unnamed).certificate == "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    assert read_metadata(METADATA.replace('use="signing"', 'use="encryption"')).certificate is None
    assert read_metadata(METADATA.replace("X509Certificate", "X509SubjectName")).certificate is None


@pytest.mark.parametrize("encoding", ["rot13", "utf-16", "latin-1", "us-ascii", "no such encoding", "x" * 99])
def test_the_claimed_encoding_is_of_no_account(encoding: str) -> None:
    """The text was decoded with the request: what a document says of its own letters cannot change it."""
    body = METADATA.partition("?>")[2].lstrip()
    text = body.replace("https://idp.example/entity", "https://idp.example/\xfc")
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    if " " in encoding:
        with pytest.raises(ValueError, match="well-formed"):
            read_metadata(head + text)
        return
    assert read_metadata(head + text).entity_id == "https://idp.example/\xfc"


def test_elements_inside_of_a_certificate_do_not_end_it() -> None:
    assert read_metadata(METADATA.replace("MIIB", "MI<b>I</b>B")).certificate == read_metadata(METADATA).certificate


def test_long_certificates_are_wrapped() -> None:
    """As PEM has it, 64 letters a line."""
    certificate = read_metadata(METADATA.replace("MIIB", "A" * 100)).certificate
    assert certificate is not None
    assert [len(line) for line in certificate.splitlines()[1:-1]] == [64, 40]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "well-formed"),
        ("text", "well-formed"),
        ("<a><b></a>", "well-formed"),
        ("<a/><b/>", "well-formed"),
        ("<a:b/>", "well-formed"),
        ("<a>&b;</a>", "well-formed"),
        ("<a>\x00</a>", "well-formed"),
        ("\ud800", "well-formed"),
        ("<!DOCTYPE a><a/>", "document type"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type"),
    ],
)
def test_what_is_not_read(text: str, why: str) -> None:
    """What is no XML, and every document type: entities are never expanded, and nothing is fetched."""
    with pytest.raises(ValueError, match=why):
        read_metadata(text)


def test_deep_documents() -> None:
    """Elements within each other are no harm."""
    assert read_metadata("<a>" * 100_000 + "</a>" * 100_000) == ProviderMetadata(
        entity_id=None, sso_endpoint=None, certificate=None
    )
