"""Certificates and metadata of a fictional identity provider."""

from __future__ import annotations

import base64
import functools
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext, create_default_context
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID


@functools.cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@functools.cache
def make_certificate() -> str:
    """Return a self-signed certificate, as PEM text."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.com")])
    start, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, _key().public_key(), 1, start, end)
    return builder.sign(_key(), SHA256()).public_bytes(Encoding.PEM).decode()


def make_private_key() -> str:
    """Return its private key, as PEM text."""
    return _key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def make_public_key() -> str:
    """Return its public key, as PEM text."""
    return _key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def in_base64(pem: str) -> str:
    """Return the base64 of PEM text, which is the service's format of certificates."""
    return base64.b64encode(pem.encode()).decode()


def der_of(pem: str) -> str:
    """Return the base64 between the header and footer of PEM text."""
    return "".join(line for line in pem.splitlines() if not line.startswith("-----"))


SAML: Final = "urn:oasis:names:tc:SAML:2.0:metadata"


def make_metadata() -> str:
    """Return the metadata of an identity provider."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<md:EntityDescriptor xmlns:md="{SAML}" entityID="https://idp.example.com/entity">'
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
        f"<ds:X509Certificate>{der_of(make_certificate())}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        "</md:KeyDescriptor>"
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
        'Location="https://idp.example.com/sso"/>'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


def make_contexts(directory: Path) -> tuple[SSLContext, SSLContext]:
    """Return the TLS contexts of a server on loopback and of a client that trusts it.

    Args:
        directory: The directory for the files of the server's context.
    """
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    start, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
    key = _key().public_key()
    builder = x509.CertificateBuilder(name, name, key, 2, start, end)
    for extension, critical in (
        (x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False),
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (x509.SubjectKeyIdentifier.from_public_key(key), False),
    ):
        builder = builder.add_extension(extension, critical=critical)
    pem = builder.sign(_key(), SHA256()).public_bytes(Encoding.PEM).decode()
    file = directory / "server.pem"
    file.write_text(pem + make_private_key(), encoding="ascii")
    server = SSLContext(PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, create_default_context(cadata=pem)
