"""A certificate authority of a moment, and TLS contexts for servers with good and bad certificates."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_DAY: Final = timedelta(days=1)


_SIGNS_CERTIFICATES: Final = x509.KeyUsage(
    key_cert_sign=True,
    crl_sign=True,
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """Issues certificates that its own clients trust."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = self._issue("authority", self._key, None, expired=False, is_authority=True)

    @property
    def pem(self) -> str:
        """The authority's own certificate."""
        return self._certificate.public_bytes(Encoding.PEM).decode()

    def client(self) -> ssl.SSLContext:
        """Return the context of a client that trusts it."""
        return ssl.create_default_context(cadata=self.pem)

    def server(self, host: str, *, self_signed: bool = False, expired: bool = False) -> ssl.SSLContext:
        """Return the context of a server with a certificate for a host name or an address."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._issue(host, key, key if self_signed else None, expired=expired)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "server.pem")
            private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
            context.load_cert_chain(path)
        return context

    def _issue(
        self,
        host: str,
        key: ec.EllipticCurvePrivateKey,
        signer: ec.EllipticCurvePrivateKey | None,
        *,
        expired: bool,
        is_authority: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        start, end = (now - 3 * _DAY, now - _DAY) if expired else (now - _DAY, now + _DAY)
        issuer = _name(host if signer is not None else "authority")
        builder = x509.CertificateBuilder(
            issuer, _name(host), key.public_key(), x509.random_serial_number(), start, end
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        signed_by = self._key if signer is None else signer
        # Python 3.13 and later verify strictly: the keys have to be named.
        for identifier in (
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()),
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key()),
        ):
            builder = builder.add_extension(identifier, critical=False)
        if is_authority:
            builder = builder.add_extension(_SIGNS_CERTIFICATES, critical=True)
        else:
            try:
                name: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
            except ValueError:
                name = x509.DNSName(host)
            builder = builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
        return builder.sign(signed_by, SHA256())
