"""WebAuthn, by the library `fido2`: what the browser is asked, and whether its answer holds.

The library is read in on first use only: most processes of the house never meet a passkey. It is told exactly the
origin the request came to; user verification is asked for and checked, so that a passkey is two factors by itself.
"""

import logging
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from proofs import canonical

if TYPE_CHECKING:
    from fido2.server import Fido2Server

NAME = "明标"
LONGEST = 1023  # bytes of a credential's id (WebAuthn 3 §4)
State = dict[str, Any]
MALFORMED = (ValueError, KeyError, TypeError, AttributeError, IndexError)


def _server(origin: str) -> "Fido2Server":
    from urllib.parse import urlsplit

    from fido2.server import Fido2Server
    from fido2.webauthn import AttestationConveyancePreference, PublicKeyCredentialRpEntity

    logging.getLogger("fido2").setLevel(logging.WARNING)
    party = PublicKeyCredentialRpEntity(name=NAME, id=urlsplit(origin).hostname)
    return Fido2Server(party, AttestationConveyancePreference.NONE, verify_origin=lambda said: said == origin)


def _known(kept: Sequence[str]) -> list[Any]:
    from fido2.webauthn import AttestedCredentialData

    return [AttestedCredentialData(canonical.b64u_bytes(each, "credential")) for each in kept]


def ask_new(*, origin: str, handle: bytes, username: str, name: str, kept: Sequence[str]) -> tuple[State, State]:
    """What the browser is asked in order to make a passkey, and what must be kept until its answer comes.

    handle: 16 bytes that name the person to the authenticator and to nobody else.  kept: credentials he has.
    """
    from fido2.webauthn import (
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options, state = _server(origin).register_begin(
        PublicKeyCredentialUserEntity(name=username, id=handle, display_name=name),
        _known(kept),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options)["publicKey"], state


def made(*, origin: str, state: State, answer: Mapping[str, Any]) -> tuple[str, str, int] | None:
    """The new credential's id, the credential as it is kept, and its counter; None where the answer does not hold."""
    try:
        told = _server(origin).register_complete(state, answer)
        if told.credential_data is None:
            return None
        key = canonical.b64u(bytes(told.credential_data))
        return canonical.b64u(told.credential_data.credential_id), key, told.counter
    except MALFORMED:
        return None


def ask(*, origin: str, kept: Sequence[str]) -> tuple[State, State]:
    """What the browser is asked in order to use a passkey.  kept: the credentials that will do, none for any."""
    from fido2.webauthn import UserVerificationRequirement

    options, state = _server(origin).authenticate_begin(
        _known(kept) or None, user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(options)["publicKey"], state


def used(*, origin: str, state: State, answer: Mapping[str, Any], kept: str) -> int | None:
    """The counter the authenticator shows when its signature under our challenge holds; None where it does not."""
    from fido2.webauthn import AuthenticationResponse

    try:
        _server(origin).authenticate_complete(state, _known([kept]), answer)
        return AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except MALFORMED:
        return None


@cache
def _key_of_nobody() -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec
    from fido2.cose import ES256

    return ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())


def of_nobody(answer: Mapping[str, Any]) -> str:
    """A credential of the id this answer names, under a key of which nobody has the other half; empty without an id."""
    from fido2.webauthn import Aaguid, AttestedCredentialData

    try:
        number = canonical.b64u_bytes(answer["rawId"], "credential")
        if len(number) > LONGEST:
            return ""
        return canonical.b64u(bytes(AttestedCredentialData.create(Aaguid.NONE, number, _key_of_nobody())))
    except MALFORMED:
        return ""
