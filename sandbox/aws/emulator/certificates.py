"""The CA of one emulator, and the server certificates that it signs for AWS's host names.

moto's own CA ships its private key with the package and starts openssl twice per host name. This CA is created for each sandbox
directory, its key is never written to disk, and it makes a certificate in less than a millisecond.
"""

from __future__ import annotations

import ssl
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFETIME = timedelta(days=365)


def _name(common_name: str) -> x509.Name:
    # X.520 allows 64 characters, so the name is cut. That is harmless: clients only check the alternative names.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


class CertificateAuthority:
    """A CA. It creates its root certificate once, and one TLS context per group of host names with the same parent domain."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._root = self._sign_root()
        self.certificate_file = directory / "ca.crt"
        self.certificate_file.write_bytes(self._root.public_bytes(serialization.Encoding.PEM))
        self._leaf_key_file = directory / "server.key"
        self._leaf_key_file.touch(mode=0o600)
        self._leaf_key_file.write_bytes(_pem(self._leaf_key))

    def context_for(self, host: str) -> ssl.SSLContext:
        """The TLS context for a host name. Host names with the same parent domain share one context, because every bucket has its own random host name."""
        parent = host.partition(".")[2] or host
        with self._lock:
            context = self._contexts.get(parent)
            if context is None:
                context = self._contexts[parent] = self._make_context(host, parent)
        return context

    def _make_context(self, host: str, parent: str) -> ssl.SSLContext:
        certificate_file = self._directory / f"{parent}.crt"
        certificate = self._sign([f"*.{parent}", parent, host])
        certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate_file, self._leaf_key_file)
        return context

    def _sign_root(self) -> x509.Certificate:
        name = _name("okd-aws sandbox authority")
        return (
            self._builder(name, name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True,
                    content_commitment=False,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    key_cert_sign=True,
                    crl_sign=True,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
            .sign(self._key, hashes.SHA256())
        )

    def _sign(self, names: list[str]) -> x509.Certificate:
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            self._builder(_name(names[-1]), self._root.subject, self._leaf_key)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in dict.fromkeys(names)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(authority, critical=False)
            .sign(self._key, hashes.SHA256())
        )

    @staticmethod
    def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(timezone.utc)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + _LIFETIME)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
