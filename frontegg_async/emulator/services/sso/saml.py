"""Reads the SAML metadata of identity providers, and writes the SAML metadata of the service provider."""

from __future__ import annotations

import base64
import textwrap
from datetime import UTC, datetime
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

import attrs

from frontegg_async.emulator.world.signing_key import SigningKey

_METADATA: Final = "urn:oasis:names:tc:SAML:2.0:metadata"
_SIGNATURE: Final = "http://www.w3.org/2000/09/xmldsig#"
_REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_ENTITY: Final = f"{_METADATA} EntityDescriptor"
_PROVIDER: Final = f"{_METADATA} IDPSSODescriptor"
_SERVICE: Final = f"{_METADATA} SingleSignOnService"
_KEY: Final = f"{_METADATA} KeyDescriptor"
_CERTIFICATE: Final = f"{_SIGNATURE} X509Certificate"
_FROM: Final = datetime(2020, 1, 1, tzinfo=UTC)
_UNTIL: Final = datetime(2120, 1, 1, tzinfo=UTC)


@attrs.frozen(kw_only=True)
class ProviderMetadata:
    """The values in the SAML metadata of an identity provider. Missing values are ``None``.

    ``certificate`` is in PEM format.
    """

    entity_id: str | None
    sso_endpoint: str | None
    certificate: str | None


def read_metadata(text: str) -> ProviderMetadata:
    """Read the SAML metadata of an identity provider.

    Raises:
        ValueError: The text is not XML, or contains a document type declaration.
    """
    reader = _MetadataReader()
    parser = expat.ParserCreate(
        "UTF-8", " "
    )  # ignore the encoding that the document names: the text is decoded already
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse_document_type
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(text.encode(), True)
    except (expat.ExpatError, UnicodeEncodeError):
        raise ValueError("the text is not well-formed XML") from None
    return ProviderMetadata(
        entity_id=reader.entity_id,
        sso_endpoint=reader.endpoints.get(_REDIRECT) or reader.endpoints.get(_POST),
        certificate=_pem(reader.certificate),
    )


class _MetadataReader:
    def __init__(self) -> None:
        self.entity_id: str | None = None
        self.endpoints: dict[str, str] = {}
        self.certificate: str | None = None
        self._providers = 0
        self._signs = False
        self._letters: list[str] | None = None

    def refuse_document_type(self, _name: str, _system: str | None, _public: str | None, _subset: bool) -> None:
        raise ValueError("the XML has a document type")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _ENTITY and self.entity_id is None:
            self.entity_id = attributes.get("entityID")
        if name == _PROVIDER:
            self._providers += 1
        elif self._providers:
            self._start_in_provider(name, attributes)

    def _start_in_provider(self, name: str, attributes: dict[str, str]) -> None:
        if name == _SERVICE:
            self.endpoints.setdefault(attributes.get("Binding", ""), attributes.get("Location", ""))
        elif name == _KEY:
            self._signs = attributes.get("use", "signing") == "signing"
        elif name == _CERTIFICATE and self._signs and self.certificate is None:
            self._letters = []

    def end(self, name: str) -> None:
        self._providers -= name == _PROVIDER
        if name == _CERTIFICATE and self._letters is not None:
            self.certificate = "".join("".join(self._letters).split())
            self._letters = None

    def text(self, text: str) -> None:
        if self._letters is not None:
            self._letters.append(text)


def _pem(certificate: str | None) -> str | None:
    if not certificate:
        return None
    lines = "\n".join(textwrap.wrap(certificate, 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def service_certificate(key: SigningKey) -> str:
    """Return a self-signed certificate for the service provider in PEM format."""
    from cryptography import x509  # noqa: PLC0415 - of an optional extra
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - of an optional extra
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - of an optional extra
    from cryptography.x509.oid import NameOID  # noqa: PLC0415 - of an optional extra

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "frontegg-async emulator")])
    builder = x509.CertificateBuilder(name, name, key.public, 1, _FROM, _UNTIL)
    return builder.sign(key.private, SHA256()).public_bytes(Encoding.PEM).decode()


def service_metadata(entity_id: str, acs_url: str, certificate: str) -> str:
    """Return the SAML metadata of a service provider.

    Args:
        entity_id: The entity id of the service provider.
        acs_url: The assertion consumer service URL of the service provider.
        certificate: The certificate of the service provider in PEM format.
    """
    body = "".join(certificate.split("-----")[2].split())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<EntityDescriptor xmlns="{_METADATA}" entityID={quoteattr(entity_id)}>'
        '<SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true" '
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f'<KeyDescriptor use="signing"><KeyInfo xmlns="{_SIGNATURE}"><X509Data>'
        f"<X509Certificate>{body}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        "<NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</NameIDFormat>"
        f'<AssertionConsumerService Binding="{_POST}" Location={quoteattr(acs_url)} index="1"/>'
        "</SPSSODescriptor></EntityDescriptor>"
    )


def to_base64(pem: str) -> str:
    """Convert a PEM certificate to base64, which is the format in SSO configurations."""
    return base64.b64encode(pem.encode()).decode()
