"""The house's signature under a PDF, as readers show it (PAdES): who issued it, and that not a byte has changed since.

What it proves and what it does not: decision 0033. The key is a file of its own, made on first use beside the log's
key with a certificate nobody else vouches for; production may give both from a certification authority. The library is
loaded when something is signed: every start of the house would wait for it.
"""

import hashlib
import io
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from ledger.keys import Unsafe
from rulebook.lasting import make_last
from rulebook.refusal import Kind, Reason, refuse_if

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

FIELD = "Mingbiao"  # the name of the signature in the file
LASTS = timedelta(days=3650)  # of a certificate made here
WARNED = timedelta(days=30)  # before its end it stands on the operators' desk each day: another takes weeks to get
OVER = Reason(
    "documents.certificate-over", Kind.NOT_NOW, "签章证书已经到期，暂时不能签发文书；请联系平台运营人员更换证书"
)
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"  # RFC 9336


def sign(pdf: bytes, *, reason: str, at: datetime) -> bytes:
    """The same file with a signature appended; the bytes there were stay in front, untouched.

    reason: what readers show as the reason of the signature.  at: what they show as its time, which is the house's own
    word unless a time stamping authority is configured.  Raises Unsafe when others can read the key.

    Refused when the certificate is over: no reader would take the signature for good.
    """
    refuse_if(() if days_left(at=at) > 0 else (OVER,))
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    signer, stamper = _signer(*_pair(at))
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, reason=reason,
        name=_name_in(certificate(at=at)),
    )  # fmt: skip

    class Dated(signers.PdfSigner):  # type: ignore[misc]
        """Takes its time from the house's clock and not from the machine's."""

        def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
            session = super().init_signing_session(*args, **kwargs)
            session.system_time = at
            return session

    out = io.BytesIO()
    writer, mine = IncrementalPdfFileWriter(io.BytesIO(pdf)), Dated(meta, signer=signer, timestamper=stamper)
    with ThreadPoolExecutor(1) as apart:  # the library wants a loop of its own, and whoever asks may be in one
        apart.submit(mine.sign_pdf, writer, output=out).result()
    return out.getvalue()


def certificate(*, at: datetime) -> "Certificate":
    """The certificate signatures are made under now; made on first use."""
    from cryptography import x509

    return x509.load_pem_x509_certificates(_pair(at)[1].read_bytes())[0]


def days_left(*, at: datetime) -> int:
    """Days until the certificate is over, begun ones counted; 0 once it is."""
    left = certificate(at=at).not_valid_after_utc - at
    return max(0, -(-left // timedelta(days=1)))


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate, in hex: what readers show and the public log has."""
    return hashlib.sha256(der).hexdigest()


def der_of(certificate: "Certificate") -> bytes:
    """A certificate as bytes."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def is_own(certificate: "Certificate") -> bool:
    """It was made here: nobody else vouches for it."""
    return certificate.issuer == certificate.subject


def _name_in(certificate: "Certificate") -> str:
    from cryptography.x509.oid import NameOID

    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else certificate.subject.rfc4514_string()


def _pair(at: datetime) -> tuple[Path, Path]:
    """Files of the private key and of the certificate with its chain, PEM; one file where they were made here."""
    if settings.DOCUMENT_KEY:
        return _private(Path(settings.DOCUMENT_KEY)), Path(settings.DOCUMENT_CERTIFICATE)
    path = Path(settings.KEYS) / "documents.pem"
    if not path.exists():
        _make(path, at)
    return _private(path), path


def _private(path: Path) -> Path:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Unsafe(f"{path} can be read by others: chmod 600")
    return path


@lru_cache(maxsize=4)
def _signer(key: Path, chain: Path) -> tuple[Any, Any]:
    """pyHanko's signer, and its client of a time stamping authority where one is configured."""
    from asn1crypto import keys, pem
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives import serialization
    from pyhanko.sign import signers
    from pyhanko.sign.timestamps import HTTPTimeStamper
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    der = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    parts = pem.unarmor(chain.read_bytes(), multiple=True)
    found = [asn1.Certificate.load(data) for kind, _, data in parts if kind == "CERTIFICATE"]
    store = SimpleCertificateStore()
    store.register_multiple(found[1:])
    signer = signers.SimpleSigner(
        signing_cert=found[0], signing_key=keys.PrivateKeyInfo.load(der), cert_registry=store, embed_roots=True
    )
    return signer, HTTPTimeStamper(settings.TIMESTAMPS) if settings.TIMESTAMPS else None


def _make(path: Path, at: datetime) -> None:
    """A key and a certificate that says whose it is; only the first process's are kept."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID, ObjectIdentifier

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "明标"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{settings.LOG_ORIGIN}/documents"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ObjectIdentifier(DOCUMENT_SIGNING)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private + made.public_bytes(pem))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when another process was first: its key is the key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    make_last(path)
