"""An OpenID Connect relying party: code flow with PKCE (RFC 7636), state, nonce, and the id token checked in full.

Signatures are PyJWT's business, read in on first use. The house fetches nothing but the addresses its own settings
name and those their discovery document gives on the same origins over https, follows no redirect, waits ten seconds
and reads a megabyte at most. OpenID Connect Core 1.0 §3.1, RFC 9207, RFC 9700.
"""

import base64
import hashlib
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPMessage
from typing import IO, Any
from urllib.parse import quote_plus, urlencode, urlsplit

from django.conf import settings

PATIENCE, MOST = 10.0, 2**20  # seconds, bytes
KEPT = 600.0  # seconds for which a provider's description and keys serve
LEEWAY = 60  # seconds two clocks may be apart
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # asymmetric only: a shared secret signs nothing here
_kept: dict[str, tuple[float, dict[str, Any]]] = {}


class NotProven(Exception):
    """The provider did not say who it is, or not in a way that holds. The words are for the log alone."""


@dataclass(frozen=True)
class Provider:
    """An identity provider of the settings.  client, secret: what we are to it."""

    key: str
    name: str
    issuer: str
    client: str
    secret: str


@dataclass(frozen=True)
class Asked:
    """What a session keeps of a question until its answer comes."""

    provider: str
    state: str
    nonce: str
    verifier: str

    @classmethod
    def fresh(cls, provider: str) -> "Asked":
        return cls(provider, *(secrets.token_urlsafe(32) for _ in range(3)))


def providers() -> list[Provider]:
    """Those of the settings; none by default."""
    return [Provider(**each) for each in settings.SSO]


def address(provider: Provider, asked: Asked, *, back: str) -> str:
    """Where the browser is sent.  back: our own address the provider sends it back to."""
    hashed = hashlib.sha256(asked.verifier.encode()).digest()
    told = {
        "response_type": "code", "client_id": provider.client, "redirect_uri": back, "scope": "openid",
        "state": asked.state, "nonce": asked.nonce, "code_challenge_method": "S256",
        "code_challenge": base64.urlsafe_b64encode(hashed).rstrip(b"=").decode(),
    }  # fmt: skip
    at = _described(provider)["authorization_endpoint"]
    return f"{at}{'&' if urlsplit(at).query else '?'}{urlencode(told)}"


def subject(provider: Provider, asked: Asked, said: Mapping[str, str], *, back: str, at: datetime) -> str:
    """Who the provider says it is, by its answer to our question. NotProven in every other case."""
    if not secrets.compare_digest(said.get("state", "").encode(), asked.state.encode()):
        raise NotProven("state")
    if said.get("iss", provider.issuer) != provider.issuer:
        raise NotProven("answer of another issuer")
    if not said.get("code"):
        raise NotProven(f"no code: {said.get('error', '')[:60]!r}")
    told = _fetch(
        _described(provider)["token_endpoint"],
        form={"grant_type": "authorization_code", "code": said["code"], "redirect_uri": back,
              "code_verifier": asked.verifier},
        basic=f"{quote_plus(provider.client)}:{quote_plus(provider.secret)}",
    )  # fmt: skip
    return _checked(provider, asked, str(told.get("id_token", "")), at=at)


def _checked(provider: Provider, asked: Asked, token: str, *, at: datetime) -> str:
    """The subject of an id token whose signature, issuer, audience, times and nonce hold. OIDC Core §3.1.3.7."""
    import jwt  # for who uses it

    try:
        key = _key(provider, jwt.get_unverified_header(token))
        # Times are looked at below, by the house's clock.
        lax = {"require": ["iss", "aud", "exp", "iat", "sub", "nonce"], "verify_exp": False, "verify_iat": False,
               "verify_nbf": False}  # fmt: skip
        told: dict[str, Any] = jwt.decode(
            token, key, algorithms=ALGORITHMS, audience=provider.client, issuer=provider.issuer, options=lax
        )
        present = at.timestamp()
        if not told["iat"] - LEEWAY <= present < told["exp"] + LEEWAY or told.get("nbf", 0) - LEEWAY > present:
            raise NotProven("out of time")
    except (jwt.PyJWTError, TypeError, ValueError) as wrong:
        raise NotProven(type(wrong).__name__) from wrong
    if not secrets.compare_digest(str(told["nonce"]).encode(), asked.nonce.encode()):
        raise NotProven("nonce")
    if isinstance(told["aud"], list) and len(told["aud"]) > 1 and told.get("azp") != provider.client:
        raise NotProven("for somebody else")
    if not isinstance(told["sub"], str) or not 0 < len(told["sub"]) <= 255:
        raise NotProven("no subject")
    return told["sub"]


def _key(provider: Provider, header: Mapping[str, Any]) -> Any:
    """The provider's key a token names; its keys are read anew when it names one we have not seen."""
    import jwt

    described = _described(provider)
    for anew in (False, True):
        keys = jwt.PyJWKSet.from_dict(_get(described["jwks_uri"], anew=anew)).keys
        found = [each for each in keys if each.key_id == header.get("kid")]
        if header.get("kid") is None and len(keys) == 1:
            found = keys
        if found:
            return found[0]
    raise NotProven("no such key")


def _described(provider: Provider) -> dict[str, Any]:
    """The provider's discovery document, which must be its own."""
    told = _get(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if told.get("issuer") != provider.issuer or not all(isinstance(told.get(each), str) for each in wanted):
        raise NotProven("description of another issuer")
    return told


def _get(url: str, *, anew: bool = False) -> dict[str, Any]:
    until, told = _kept.get(url, (0.0, {}))
    if anew or until < time.monotonic():
        told = _fetch(url)
        _kept[url] = (time.monotonic() + KEPT, told)
    return told


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


_opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))


def _fetch(url: str, *, form: Mapping[str, str] | None = None, basic: str = "") -> dict[str, Any]:
    """A JSON object from a provider."""
    if urlsplit(url).scheme != "https" and (settings.PRODUCTION or urlsplit(url).scheme != "http"):
        raise NotProven("not https")
    asked = urllib.request.Request(url, urlencode(form).encode() if form else None, {"Accept": "application/json"})
    if basic:
        asked.add_header("Authorization", f"Basic {base64.b64encode(basic.encode()).decode()}")
    try:
        with _opener.open(asked, timeout=PATIENCE) as answer:
            told = json.loads(answer.read(MOST))
    except (OSError, ValueError) as wrong:
        raise NotProven(type(wrong).__name__) from wrong
    if not isinstance(told, dict):
        raise NotProven("no object")
    return told
