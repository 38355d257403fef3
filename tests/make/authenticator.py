"""An authenticator in software: what a browser and a finger do, for tests without either."""

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from proofs.canonical import b64u

ORIGIN = "http://testserver"


class Authenticator:
    """One passkey of one person.  flags: user present and verified unless a test says otherwise."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.origin, self.host = origin, origin.partition("//")[2].partition(":")[0]
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.number = os.urandom(16)
        self.count = 0
        self.flags = 0x05

    def _said(self, kind: str, asked: dict[str, Any], origin: str | None) -> bytes:
        told = {"type": kind, "challenge": asked["challenge"], "origin": origin or self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _answer(self, **response: bytes) -> dict[str, Any]:
        number = b64u(self.number)
        told = {name: b64u(value) for name, value in response.items()}
        return {"id": number, "rawId": number, "type": "public-key", "clientExtensionResults": {}, "response": told}

    def credential(self) -> AttestedCredentialData:
        """What a site keeps of it."""
        return AttestedCredentialData.create(
            Aaguid.NONE, self.number, ES256.from_cryptography_key(self.key.public_key())
        )

    def make(self, asked: dict[str, Any], *, origin: str | None = None) -> dict[str, Any]:
        """The answer to what a site asks of who registers."""
        data = AuthenticatorData.create(self._host_hash(), self.flags | 0x40, self.count, self.credential())
        return self._answer(
            clientDataJSON=self._said("webauthn.create", asked, origin),
            attestationObject=bytes(AttestationObject.create("none", data, {})),
        )

    def use(self, asked: dict[str, Any], *, origin: str | None = None) -> dict[str, Any]:
        """The answer to what a site asks of who signs in."""
        self.count += 1
        data = AuthenticatorData.create(self._host_hash(), self.flags, self.count)
        said = self._said("webauthn.get", asked, origin)
        signature = self.key.sign(bytes(data) + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=bytes(data), signature=signature)

    def _host_hash(self) -> bytes:
        return hashlib.sha256(self.host.encode()).digest()
